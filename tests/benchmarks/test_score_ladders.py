import itertools

import pytest

from benchmarks.ladders.faults import LADDERS
from benchmarks.ladders.photo_like import photo_like
from benchmarks.ladders.scoring import climb, score_of

_PHOTOS = 30
_SIDE = 320


@pytest.fixture(scope="module")
def photos():
    return [photo_like(seed, _SIDE) for seed in range(_PHOTOS)]


@pytest.mark.parametrize("ladder", LADDERS, ids=lambda ladder: ladder.name)
def test_each_step_of_a_fault_costs_points(ladder, photos):
    climbs = [[found.score_after for found in climb(ladder, p.picture, p.alpha)] for p in photos]
    steps = [after < before for scores in climbs for before, after in itertools.pairwise(scores)]
    assert len(steps) >= 5 * _PHOTOS
    assert sum(steps) >= 0.99 * len(steps), [scores for scores in climbs if scores != sorted(scores)[::-1]]


@pytest.mark.parametrize("ladder", LADDERS[:3], ids=lambda ladder: ladder.name)
def test_the_score_before_falls_with_the_sources_faults_too(ladder, photos):
    climbs = [[found.score_before for found in climb(ladder, p.picture, p.alpha)] for p in photos[:10]]
    steps = [before - after for scores in climbs for before, after in itertools.pairwise(scores)]
    # A source has no file whose fidelity tells the faintest noise, which a weave can hide from the rest.
    assert min(steps) > -0.25
    assert sum(step > 0 for step in steps) >= (0.85 if ladder.name == "noise" else 0.98) * len(steps)
    assert all(scores[-1] < scores[0] - 5 for scores in climbs)


def test_good_and_bad_lie_on_both_sides_of_the_threshold():
    made = photo_like(2, 640)
    assert score_of(made.picture, made.alpha).score_after > 80
    for ladder in LADDERS[:3]:
        worst = ladder.apply(made.picture, ladder.steps[-1])
        assert score_of(worst, made.alpha).score_after < 75, ladder.name
