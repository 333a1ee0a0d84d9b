import numpy as np

from training.guided import guided_filter


def test_a_loose_mask_moves_to_the_edge_of_its_guide() -> None:
    guide = np.full((80, 80, 3), 230, np.uint8)
    guide[:, 40:] = (30, 60, 90)
    rough = np.zeros((80, 80), np.float32)
    rough[:, 43:] = 1  # three pixels off
    fine = guided_filter(guide, rough, radius=6, eps=1e-4)
    edges = (fine >= 0.5).argmax(axis=1)
    assert np.all(np.abs(edges - 40) <= 1)


def test_a_flat_guide_blurs_and_stays_in_range() -> None:
    rough = np.zeros((40, 40), np.float32)
    rough[10:30, 10:30] = 1
    out = guided_filter(np.full((40, 40, 3), 128, np.uint8), rough, 3, 1e-3)
    assert out.min() >= 0
    assert out.max() <= 1
    assert 0.2 < out[10, 20] < 0.8
