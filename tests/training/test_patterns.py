"""Patterned grounds: of the asked size, seeded, and really patterned."""

from __future__ import annotations

import numpy as np

from training import patterns


def test_patchwork_has_several_colours_and_repeats_with_its_seed() -> None:
    one, again = (patterns.patchwork(np.random.default_rng(4), 90, 120) for _ in range(2))
    assert one.shape == (90, 120, 3)
    assert np.array_equal(one, again)
    assert one.reshape(-1, 3).std(0).max() > 15


def test_a_motif_is_mirrored_over_the_whole_ground() -> None:
    motif = np.zeros((32, 32, 3), np.uint8)
    motif[8:24, 8:24] = (0, 200, 255)
    ground = patterns.repeated(np.random.default_rng(2), motif, 200, 160)
    quarters = [ground[y : y + 100, x : x + 80] for y in (0, 100) for x in (0, 80)]
    assert all((quarter[..., 2] > 150).any() and (quarter[..., 2] < 60).any() for quarter in quarters)


def test_folds_change_the_light_and_keep_the_size() -> None:
    flat = np.full((80, 100, 3), 120, np.uint8)
    cloth = patterns.folded(np.random.default_rng(1), flat)
    assert cloth.shape == flat.shape
    assert 1 < float(cloth.std()) < 60
