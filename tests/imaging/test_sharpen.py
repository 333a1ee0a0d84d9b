import cv2
import numpy as np
import pytest

from packshot.imaging.sharpen import sharpen


def _soft_text(blur=1.6):
    page = np.full((160, 480, 3), 225, np.uint8)
    cv2.putText(page, "net 250 g", (20, 105), cv2.FONT_HERSHEY_DUPLEX, 2.4, (40, 60, 90), 4, cv2.LINE_AA)
    return page, np.asarray(cv2.GaussianBlur(page, (0, 0), blur), np.uint8)


def test_soft_text_comes_nearer_to_the_sharp_one():
    sharp, soft = _soft_text()
    better = sharpen(soft, amount=1.0, radius=1.4, deviation=0.5)
    error = [np.square(p.astype(float) - sharp).mean() for p in (soft, better)]
    assert error[1] < 0.8 * error[0]


def test_no_halo_beyond_the_limit():
    _, soft = _soft_text()
    better = sharpen(soft, amount=1.5, radius=1.4, deviation=0.5)
    window = np.ones((5, 5), np.uint8)
    luma, before = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY).astype(int) for p in (better, soft))
    gray = cv2.cvtColor(soft, cv2.COLOR_RGB2GRAY)
    assert (luma <= cv2.dilate(gray, window).astype(int) + 7).all()
    assert (luma >= cv2.erode(gray, window).astype(int) - 7).all()
    assert abs(luma - before).max() > 10


def test_noise_on_a_plain_surface_is_left_alone():
    plain = np.full((200, 200, 3), 128, np.uint8)
    noisy = np.clip(plain + np.random.default_rng(4).normal(0, 4, plain.shape[:2])[..., None], 0, 255)
    noisy = np.rint(noisy).astype(np.uint8)
    assert sharpen(noisy, amount=1.2, radius=1.3, deviation=4.0).std() < 1.1 * noisy.std()


def test_colours_shift_by_no_more_than_light():
    _, soft = _soft_text()
    better = sharpen(soft, amount=1.2, radius=1.4, deviation=0.5)
    change = better.astype(int) - soft
    inside = ((better > 0) & (better < 255)).all(axis=2)
    assert np.ptp(change[inside], axis=1).max() == 0


@pytest.mark.parametrize("shape", [(1, 1, 3), (2, 50, 3), (7, 7, 3)])
def test_tiny_pictures(shape):
    assert sharpen(np.full(shape, 90, np.uint8), 1.0, 2.0, 1.0).shape == shape
