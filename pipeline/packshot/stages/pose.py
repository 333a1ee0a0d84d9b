"""Where a preset, or a reference's product, wants a product to stand."""

from __future__ import annotations

from packshot.contracts.preset import Preset
from packshot.imaging.geometry import Array, Pose, bounds


def preset_pose(preset: Preset) -> Pose:
    """Where a preset wants a product that has no reference."""
    canvas = preset.canvas
    return Pose.of_canvas(canvas.width, canvas.height, canvas.fill, canvas.baseline)


def pose_beside(reference: Array, preset: Preset) -> Pose:
    """Where another product of a reference's group stands: on its centre, baseline and fill.

    Args:
        reference: (N, 2) outline of the reference's product on the canvas.
        preset: of the batch.
    """
    canvas = preset.canvas
    x, y, w, h = bounds(reference)
    fill = max(w / canvas.width, h / canvas.height)
    return Pose(
        width=canvas.width,
        height=canvas.height,
        fill=fill,
        centre_x=x + w / 2,
        centre_y=y + h / 2,
        baseline=y + h,
        # A taller product than the reference's must not lean out of the canvas.
        margin=max(0.0, (1 - fill) / 2),
    )
