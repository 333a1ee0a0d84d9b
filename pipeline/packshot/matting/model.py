"""What a background network does, whichever file it is."""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class MattingModel(Protocol):
    """A background network, ready to run.

    Attributes:
        name: as in the registry.
        sha256: of its file.
    """

    @property
    def name(self) -> str:
        """As in the registry."""
        ...

    @property
    def sha256(self) -> str:
        """Of its file, hex."""
        ...

    def predict(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Alpha of the salient product.

        Args:
            picture: (H, W, 3) uint8 RGB in sRGB, any size.

        Returns:
            (h, w) float32 in 0-1, un-stretched probabilities, of the picture's aspect with the longer
            side at most the network's input size (320): the letterbox is taken off again.
        """
        ...

    def look_twice(self, picture: NDArray[np.uint8]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """The picture's alpha, and that of its mirror image turned back; both as `predict` gives them."""
        ...

    def confidence(self, alpha: NDArray[np.float32], other: NDArray[np.float32]) -> float:
        """Calibrated probability, 0-1, that two looks of one shape show a product, and well."""
        ...
