"""The alignment bar on physically based pictures of packages with sparse print, and their look-alikes."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from packshot.imaging.features import Features
from packshot.imaging.geometry import Array, Pose, apply, compose, invert, place
from packshot.imaging.same_package import PackageMatch, match_package
from packshot.imaging.tilt import tilt
from tests.imaging.packages import Photo
from tests.imaging.renders import Render, renders

CANVAS = Pose.of_canvas(2000, 2000, 0.85, None)


@lru_cache(maxsize=64)
def features(number: int) -> Features:
    return renders()[number].photo.features()


def aligned(photo: Photo, number: int) -> PackageMatch | None:
    base = renders()[number].photo
    pose = compose(invert(place(base.outline(), CANVAS)), place(photo.outline(), CANVAS))
    return match_package(photo.features(), features(number), pose)


def canvas_errors(match: PackageMatch, ours: Array, theirs: Array, base: Render) -> Array:
    onto_canvas = place(base.photo.outline(), CANVAS)
    return np.hypot(*(apply(compose(onto_canvas, match.fit.matrix), ours) - apply(onto_canvas, theirs)).T)


def test_every_shot_lands_on_its_render() -> None:
    errors = []
    for number, render in enumerate(renders()):
        if not render.facts["textured"]:
            continue
        for turn in range(6):
            generator = np.random.default_rng((number, turn))
            zoom = float(np.exp(generator.uniform(np.log(0.4), np.log(2.5))))
            shot = render.shot(100 * number + turn, zoom, float(generator.uniform(-25, 25)))
            match = aligned(shot, number)
            assert match is not None, (render.facts["file"], turn)
            errors.append(canvas_errors(match, apply(shot.truth, render.points), render.points, render))
    every = np.concatenate(errors)
    assert np.median(every) <= 0.5
    assert np.percentile(every, 95) <= 1.5
    assert every.max() <= 10


def test_no_other_product_is_forced_onto_a_render() -> None:
    """Every pair of different products, those of one layout and one brand among them."""
    subjects = {str(render.facts["subject"]): number for number, render in enumerate(renders())}
    for theirs in subjects.values():
        for ours in subjects.values():
            if ours != theirs:
                shot = renders()[ours].shot(1000 + 40 * ours + theirs, 0.8, 6.0)
                names = (renders()[ours].facts["file"], renders()[theirs].facts["file"])
                assert aligned(shot, theirs) is None, names


def test_a_product_without_print_is_left_to_its_mask_or_laid_right() -> None:
    blanks = [number for number, render in enumerate(renders()) if not render.facts["textured"]]
    left = 0
    for number in blanks:
        render, shot = renders()[number], renders()[number].shot(7, 0.8, 9.0)
        match = aligned(shot, number)
        if match is None:
            left += 1
        else:
            # A hoop's rims are edges enough; chance matches would lie anywhere.
            errors = canvas_errors(match, apply(shot.truth, render.points), render.points, render)
            assert errors.max() <= 1.5, render.facts["file"]
    assert left >= 2


@pytest.mark.parametrize("angle", [0.0, 9.0, -20.0])
def test_tilt_is_that_of_the_camera_or_none(angle: float) -> None:
    for number, render in enumerate(renders()):
        lean = tilt(render.shot(50 + number, 0.7, angle).coarse(number))
        # A printed plate's outline is as round as a plain one's; only its print could tell.
        round_outline = render.facts["symmetric"] or render.facts["file"] == "plate_printed.jpg"
        assert lean == pytest.approx(0.0 if round_outline else angle, abs=0.8), render.facts["file"]
