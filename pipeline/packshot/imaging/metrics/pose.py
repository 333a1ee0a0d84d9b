"""Where the product stands on its canvas: fill and centring."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.imaging.geometry import BoxTuple


@dataclass(frozen=True, slots=True)
class Stand:
    """A product's stand, in shares.

    Attributes:
        fill: the larger of box width / frame width and box height / frame height.
        fill_long: longer side of the box over the longer side of the frame, as marketplaces put it.
        off_centre: distance of the box's centre from where it belongs, over the frame's longer side.
    """

    fill: float
    fill_long: float
    off_centre: float


def stand(box: BoxTuple, width: int, height: int, baseline: float | None = None) -> Stand:
    """Measures a box [x, y, w, h] on a frame of width x height pixels.

    Args:
        box: outer edges; a whole frame is [-0.5, -0.5, width, height].
        width: of the frame.
        height: of the frame.
        baseline: share of the height at which the box's lower edge belongs; None to centre it.
    """
    x, y, w, h = box
    off_x = x + w / 2 + 0.5 - width / 2
    off_y = y + h / 2 + 0.5 - height / 2 if baseline is None else y + h + 0.5 - baseline * height
    longer = max(width, height)
    return Stand(
        fill=max(w / width, h / height),
        fill_long=max(w, h) / longer,
        off_centre=float((off_x**2 + off_y**2) ** 0.5) / longer,
    )
