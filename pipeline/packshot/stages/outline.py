"""The product's outline, from the coarse mask that detect left."""

from __future__ import annotations

from packshot.contracts.stages import SourceFacts
from packshot.errors import ProductError
from packshot.imaging.geometry import Array, apply, resampling
from packshot.imaging.segment import segment
from packshot.stages.workspace import Workspace


def mask_to_upright(mask_size: tuple[int, int], facts: SourceFacts) -> Array:
    """The map from pixels of a mask (width, height) of the whole photo to upright source pixels."""
    return resampling(facts.width / mask_size[0], facts.height / mask_size[1])


def product_outline(workspace: Workspace, facts: SourceFacts) -> Array:
    """The (N, 2) convex hull of the product in upright source pixels.

    Raises:
        ProductError: `no_product_found` when the mask is empty.
    """
    coarse = workspace.get_pixels("coarse")
    found = segment(coarse)
    if found is None:
        raise ProductError("no_product_found")
    return apply(mask_to_upright((coarse.shape[1], coarse.shape[0]), facts), found.outline)
