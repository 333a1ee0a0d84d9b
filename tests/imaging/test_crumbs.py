import cv2
import numpy as np

from packshot.imaging.crumbs import drop_crumbs

SIZE = (250, 250)


def product() -> np.ndarray:
    alpha = np.zeros((1000, 1000), np.uint8)
    cv2.circle(alpha, (400, 500), 200, 255, -1, cv2.LINE_AA)
    return alpha


def test_seams_and_dust_go() -> None:
    alpha = product()
    dirty = alpha.copy()
    cv2.line(dirty, (700, 100), (720, 500), 120, 2, cv2.LINE_AA)
    cv2.circle(dirty, (900, 300), 5, 255, -1, cv2.LINE_AA)
    dirty[50:54, 50:60] = 40
    assert np.array_equal(drop_crumbs(dirty, SIZE), alpha)


def test_the_faint_rim_of_a_crumb_goes_with_it() -> None:
    dirty = product()
    soft = np.zeros_like(dirty)
    cv2.circle(soft, (850, 500), 8, 255, -1)
    dirty = np.maximum(dirty, cv2.GaussianBlur(soft, (0, 0), 2))
    assert not drop_crumbs(dirty, SIZE)[:, 700:].any()


def test_a_second_product_and_a_detached_part_stay() -> None:
    alpha = product()
    cv2.circle(alpha, (850, 500), 60, 255, -1)
    cv2.rectangle(alpha, (700, 100), (760, 140), 200, -1)
    assert drop_crumbs(alpha, SIZE) is alpha


def test_what_hangs_on_the_product_stays() -> None:
    alpha = product()
    cv2.line(alpha, (560, 500), (900, 500), 255, 1)
    cv2.line(alpha, (400, 310), (400, 100), 30, 3)
    assert drop_crumbs(alpha, SIZE) is alpha


def test_the_products_own_soft_edge_is_not_touched() -> None:
    alpha = cv2.GaussianBlur(product(), (0, 0), 6)
    dirty = alpha.copy()
    dirty[950:955, 950:955] = 255
    assert np.array_equal(drop_crumbs(dirty, SIZE), alpha)


def test_nothing_is_nothing() -> None:
    for value in (0, 255):
        alpha = np.full((30, 20), value, np.uint8)
        assert drop_crumbs(alpha, (20, 30)) is alpha
