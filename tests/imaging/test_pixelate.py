import numpy as np
import pytest

from packshot.imaging.pixelate import pixelate
from tests.imaging.encoded import scene


@pytest.mark.parametrize("blocks", [8, 16, 32, 48, 64])
def test_blocks_are_flat_and_as_many_as_asked(blocks):
    made = pixelate(scene(480, 480), blocks, blocks * 6)
    assert made.shape == (blocks * 6, blocks * 6, 3)
    cells = made.reshape(blocks, 6, blocks, 6, 3)
    assert (cells == cells[:, :1, :, :1]).all()


def test_a_block_is_the_mean_of_what_it_covers():
    picture = scene(480, 480)
    made = pixelate(picture, 8, 8)
    means = picture.reshape(8, 60, 8, 60, 3).mean(axis=(1, 3))
    assert np.abs(made - means).max() <= 1


def test_the_longer_side_counts():
    assert pixelate(scene(100, 200), 16, 384).shape == (192, 384, 3)
    assert pixelate(scene(200, 100), 16, 384).shape == (384, 192, 3)
    assert pixelate(scene(40, 2000), 8, 400).shape == (8, 400, 3)


def test_no_more_blocks_than_pixels():
    tiny = scene(16, 16)
    assert np.array_equal(pixelate(tiny, 64, 16), tiny)


def test_white_stays_white():
    assert (pixelate(np.full((333, 333, 3), 255, np.uint8), 48, 384) == 255).all()


def test_four_channels():
    assert pixelate(np.zeros((64, 64, 4), np.uint8), 8, 32).shape == (32, 32, 4)


def test_a_block_that_is_half_transparent_keeps_its_colour():
    picture = np.full((64, 64, 4), (255, 255, 255, 0), np.uint8)
    picture[:, 28:] = (200, 40, 40, 255)
    made = pixelate(picture, 8, 8).astype(int)
    assert np.abs(made[:, 3] - (200, 40, 40, 128)).max() <= 1
    assert (made[:, 2] == (255, 255, 255, 0)).all()
    assert (made[:, 4] == (200, 40, 40, 255)).all()
