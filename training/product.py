"""The product's own code over a network file that need not be the shipped one."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from packshot.imaging.matte import refine
from packshot.matting.confidence import Calibration
from packshot.matting.kinds import KINDS
from packshot.matting.model import MattingModel
from packshot.matting.network import OnnxMatting
from packshot.stages.cutout import look

NAME = "packshot-matte"


def open_model(weights: Path, card: Path) -> MattingModel:
    """The file with the confidence of its card."""
    calibration = Calibration.of_card(json.loads(card.read_text()))
    return OnnxMatting(
        NAME, KINDS[NAME], weights, hashlib.sha256(weights.read_bytes()).hexdigest(), calibration
    )


def finished_alpha(picture: NDArray[np.uint8], model: MattingModel) -> NDArray[np.float32]:
    """Packshot's own way to the end, [H, W] in 0-1: two looks, the second pass, the refinement."""
    seen = look(picture, model).alpha
    if seen is None:
        return np.zeros(picture.shape[:2], np.float32)
    return refine(picture, seen).alpha.astype(np.float32) / 255
