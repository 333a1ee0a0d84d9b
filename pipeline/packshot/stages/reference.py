"""A reference in its workspace: its facts and what is needed to find its package in other photos."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.contracts.stages import DetectOutput, ReferenceFacts
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.imaging.features import Features, close_up, find_features, from_bytes, to_bytes
from packshot.imaging.geometry import Array, as_matrix, as_tuple, bounds, place
from packshot.stages.outline import mask_to_upright, product_outline
from packshot.stages.pose import preset_pose
from packshot.stages.sight import Sight, look
from packshot.stages.workspace import Workspace


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference, ready to align to.

    Attributes:
        facts: as stored.
        features: on its product.
        outline: (N, 2) hull of its product, upright reference pixels.
    """

    facts: ReferenceFacts
    features: Features
    outline: Array

    @property
    def to_canvas(self) -> Array:
        """Upright reference pixels to canvas pixels."""
        return as_matrix(self.facts.transform)


def product_features(sight: Sight, outline: Array, workspace: Workspace) -> Features:
    """Features of the product whose `coarse` mask lies in the workspace."""
    coarse = workspace.get_pixels("coarse")
    matrix = mask_to_upright((coarse.shape[1], coarse.shape[0]), sight.facts)
    return find_features(close_up(sight.picture, sight.to_upright, bounds(outline), coarse, matrix))


def make_reference(
    task: ImageTask, settings: BatchSettings, found: DetectOutput, workspace: Workspace
) -> ReferenceFacts:
    """Writes `facts.json` and `features.npz` beside the `coarse` mask that detect has left."""
    outline = product_outline(workspace, found.source)
    features = product_features(look(workspace), outline, workspace)
    angle = task.overrides.angle_deg
    matrix = place(
        outline,
        preset_pose(settings.preset),
        angle_deg=found.product.angle_deg if angle is None else angle,
    )
    facts = ReferenceFacts(
        reference_id=task.reference_id or task.image_id,
        source=found.source,
        product=found.product,
        transform=as_tuple(matrix),
        keypoints=len(features.points),
        sku_id=task.row.sku_id,
        image_type=task.row.image_type,
    )
    workspace.put_bytes("features.npz", to_bytes(features))
    workspace.put_bytes("facts.json", facts.model_dump_json().encode())
    return facts


def load_reference(workspace: Workspace) -> Reference:
    """What `make_reference` wrote, read once per process."""
    return workspace.memo("reference", lambda: _load(workspace))


def _load(workspace: Workspace) -> Reference:
    facts = ReferenceFacts.model_validate_json(workspace.get_bytes("facts.json"))
    outline = product_outline(workspace, facts.source)
    return Reference(facts, from_bytes(workspace.get_bytes("features.npz")), outline)
