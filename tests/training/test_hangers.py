"""Hangers: on the ground alone, above and behind the garment, seeded."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from training.hangers import hung


def shirt() -> NDArray[np.float32]:
    cover = np.zeros((200, 160), np.float32)
    cover[80:180, 40:120] = 1
    cover[80:95, 70:90] = 0  # the neck
    return cover


def test_a_hanger_is_seen_above_the_garment_and_repeats_with_its_seed() -> None:
    ground = np.full((200, 160, 3), 128, np.uint8)
    for seed in range(20):
        drawn = hung(np.random.default_rng(seed), ground, shirt())
        assert drawn.shape == ground.shape
        changed = (np.abs(drawn.astype(int) - ground).max(-1) > 12) & (shirt() < 0.5)
        assert changed[:80].sum() > 20, "the hook"
        assert not changed[130:].any(), "nothing hangs below"
        assert np.array_equal(drawn, hung(np.random.default_rng(seed), ground, shirt()))


def test_where_there_is_nothing_to_hang_nothing_hangs() -> None:
    ground = np.full((60, 50, 3), 128, np.uint8)
    assert np.array_equal(hung(np.random.default_rng(1), ground, np.zeros((60, 50), np.float32)), ground)
