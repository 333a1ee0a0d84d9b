import numpy as np
import pytest

from training import letterbox


@pytest.mark.parametrize(("height", "width"), [(400, 300), (300, 400), (320, 320), (2000, 77), (3, 5)])
def test_the_picture_keeps_its_aspect_and_lies_in_the_middle(height: int, width: int) -> None:
    box = letterbox.fit(height, width, 320)
    assert max(box.h, box.w) == 320
    assert box.h / box.w == pytest.approx(height / width, rel=0.05)
    assert abs(box.top - (320 - box.h - box.top)) <= 1
    assert abs(box.left - (320 - box.w - box.left)) <= 1


def test_padding_is_mid_grey_and_the_way_back_gives_the_pictures_size() -> None:
    image = np.full((100, 200, 3), 255, np.uint8)
    square, box = letterbox.apply(image, 320)
    assert square.shape == (320, 320, 3)
    assert np.all(square[: box.top] == 0.5)
    assert np.all(square[box.top : box.top + box.h] == 1.0)
    alpha = letterbox.undo(square[..., 0], box)
    assert alpha.shape == (100, 200)
    assert np.all(alpha == 1.0)
