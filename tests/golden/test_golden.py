"""All stages together still make the pictures that somebody looked at and found good."""

import cv2
import numpy as np
import pytest

from tests.golden.make import FOLDER
from tests.golden.scenes import SCENES, Scene, finished

#: Mean difference, and share of values that differ by more than 6 levels: processors round differently.
MEAN, SHARE = 0.35, 0.002


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_the_picture_is_the_golden_one(scene: Scene) -> None:
    golden = cv2.imread(str(FOLDER / f"{scene.name}.png"), cv2.IMREAD_UNCHANGED)
    swap = cv2.COLOR_BGRA2RGBA if golden.shape[2] == 4 else cv2.COLOR_BGR2RGB
    difference = np.abs(finished(scene).astype(int) - cv2.cvtColor(golden, swap))
    assert difference.mean() <= MEAN
    assert (difference > 6).mean() <= SHARE


def test_scenes_differ_from_each_other() -> None:
    """A golden picture that equals another one would prove nothing of its own."""
    opaque = [scene for scene in SCENES if scene.background != "transparent"]
    pictures = [cv2.imread(str(FOLDER / f"{scene.name}.png")) for scene in opaque]
    for index, one in enumerate(pictures):
        for other in pictures[index + 1 :]:
            assert np.abs(one.astype(int) - other).mean() > MEAN
