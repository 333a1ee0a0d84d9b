import numpy as np
import pytest

from packshot.imaging.denoise import denoise


def _step(sigma):
    clean = np.full((200, 200, 3), 60, np.uint8)
    clean[:, 100:] = 190
    noisy = clean + np.random.default_rng(5).normal(0, sigma, clean.shape)
    return clean, np.clip(np.rint(noisy), 0, 255).astype(np.uint8)


@pytest.mark.parametrize("sigma", [4, 8, 14])
def test_noise_falls_and_the_edge_stays(sigma):
    clean, noisy = _step(sigma)
    smooth = denoise(noisy, sigma)
    assert (smooth[:, :90].astype(float) - clean[:, :90]).std() < 0.55 * sigma
    across = smooth[:, 98:102].mean(axis=(0, 2))
    assert across[2] - across[1] > 0.85 * 130


def test_nothing_is_moved_in_brightness():
    _clean, noisy = _step(8)
    assert denoise(noisy, 8).mean() == pytest.approx(noisy.mean(), abs=0.5)
