"""The `main` rendition as a buyer gets it: decoded, with the alpha and the product's box at its size."""

from __future__ import annotations

from functools import cached_property

import cv2
import numpy as np

from packshot.contracts.stages import RenditionFile, ScoreInput
from packshot.errors import InternalError
from packshot.imaging.compose import WHITE, composite
from packshot.imaging.decode import decode
from packshot.imaging.geometry import BoxTuple
from packshot.imaging.white_rule import pure_ground_share, white_ground_share
from packshot.stages.finished import Finished, decoded_name, main_background, main_spec
from packshot.stages.workspace import Pixels, Workspace


class FinalFile:
    """The `main` rendition; each of its faces is made once, when first asked for."""

    def __init__(self, given: ScoreInput, workspace: Workspace) -> None:
        self.facts = _main(given)
        self._finished = Finished.of(given.task, given.settings, workspace)
        self.background = main_background(given.task, given.settings)
        self._spec = main_spec(given.settings.preset)
        self._workspace = workspace
        canvas = given.align.canvas
        self._scale = (self.facts.width / canvas[0], self.facts.height / canvas[1])
        self._canvas_box = given.background.box

    @cached_property
    def pixels(self) -> Pixels:
        """(H, W, 3) uint8 RGB; a transparent file is seen on white."""
        return self._workspace.memo(decoded_name("main"), self._decoded)

    @cached_property
    def alpha(self) -> Pixels:
        """(H, W) uint8."""
        return self._sized(self._workspace.get_pixels("alpha"))

    @cached_property
    def wanted(self) -> Pixels:
        """(H, W, 3) uint8 RGB, what was compressed, seen likewise."""
        picture = self._finished.for_rendition(self._spec)
        if picture.shape[2] == 4:
            colours, alpha = cv2.cvtColor(picture, cv2.COLOR_RGBA2RGB), cv2.extractChannel(picture, 3)
            picture = composite(np.asarray(colours, np.uint8), np.asarray(alpha, np.uint8), WHITE)
        return self._sized(picture)

    @property
    def box(self) -> BoxTuple:
        """Of the product, pixels of the file."""
        (x, y, w, h), (sx, sy) = self._canvas_box, self._scale
        return ((x + 0.5) * sx - 0.5, (y + 0.5) * sy - 0.5, w * sx, h * sy)

    @cached_property
    def white_share(self) -> float:
        """Share of the ground that holds the white rule."""
        rule = pure_ground_share if self.facts.format.lossless else white_ground_share
        return rule(self.pixels, self.alpha)

    def _decoded(self) -> Pixels:
        picture = decode(self._workspace.get_bytes(f"renditions/main.{self.facts.format.extension}"))
        if picture.alpha is None:
            return picture.pixels
        return composite(picture.pixels, picture.alpha, WHITE)

    def _sized(self, pixels: Pixels) -> Pixels:
        size = (self.facts.width, self.facts.height)
        if pixels.shape[:2] == (size[1], size[0]):
            return pixels
        return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _main(given: ScoreInput) -> RenditionFile:
    for file in given.compress.renditions:
        if file.name == "main":
            return file
    raise InternalError("internal_error", reason="there is no main rendition")
