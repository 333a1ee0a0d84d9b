import cv2
import numpy as np
import pytest

from benchmarks.ladders.faults import blurred, darkened, noisy
from benchmarks.ladders.photo_like import photo_like
from benchmarks.ladders.scoring import given_for
from packshot.contracts.base import Mode, ReviewReason
from packshot.contracts.stages import EnhanceInput
from packshot.imaging.metrics.rating import look
from packshot.imaging.metrics.view import view
from packshot.stages import enhance
from packshot.stages.workspace import SAMPLE_STEP, MemoryWorkspace


def _run(picture, alpha, mode=Mode.AUTO, background="white", inside=None):
    workspace = MemoryWorkspace()
    workspace.put_pixels("aligned", picture.copy())
    workspace.put_pixels("aligned_sampled", picture[::SAMPLE_STEP, ::SAMPLE_STEP].copy())
    workspace.put_pixels("foreground", picture.copy())
    workspace.put_pixels("alpha", alpha.copy())
    if inside is not None:
        workspace.put_pixels("aligned_inside", inside)
    given = given_for(alpha)
    settings = given.settings.model_copy(update={"mode": mode, "background": background})
    inputs = EnhanceInput(task=given.task, settings=settings, align=given.align, background=given.background)
    return workspace, enhance.run(inputs, workspace, None)


def _enhanced(picture, alpha, mode=Mode.AUTO, background="white", inside=None):
    workspace, output = _run(picture, alpha, mode, background, inside)
    return workspace.get_pixels("finished"), {change.name for change in output.applied}


def _cast(picture, red, green, blue):
    return np.clip(np.rint(picture * np.array([red, green, blue])), 0, 255).astype(np.uint8)


def _psnr(one, other):
    return cv2.PSNR(one, other)


def _delta_e(one, other, alpha):
    """Mean CIE76 colour difference on the product."""
    labs = [cv2.cvtColor((p / np.float32(255)).astype(np.float32), cv2.COLOR_RGB2LAB) for p in (one, other)]
    return float(np.linalg.norm(labs[0] - labs[1], axis=2)[alpha > 250].mean())


@pytest.mark.parametrize("seed", range(12))
def test_a_good_photo_comes_out_as_it_went_in(seed):
    made = photo_like(seed, 640)
    finished, applied = _enhanced(made.picture, made.alpha)
    assert applied <= {"white_balance", "exposure"}
    assert _psnr(finished, made.picture) >= 45


@pytest.mark.parametrize(
    ("fault", "remedy"),
    [
        (lambda p: _cast(p, 1.0, 0.96, 0.88), "white_balance"),
        (lambda p: darkened(p, 0.45), "exposure"),
        (lambda p: noisy(p, 10), "denoise"),
        (lambda p: blurred(p, 1.8), "sharpen"),
    ],
    ids=["cast", "dark", "noise", "blur"],
)
@pytest.mark.parametrize("seed", [2, 5, 9])
def test_each_fault_gets_its_remedy_and_comes_nearer_to_the_good_photo(seed, fault, remedy):
    made = photo_like(seed, 640)
    bad = fault(made.picture)
    finished, applied = _enhanced(bad, made.alpha)
    assert remedy in applied
    product = made.alpha > 250
    before, after = (
        np.square(p[product].astype(float) - made.picture[product]).mean() for p in (bad, finished)
    )
    assert after < 0.95 * before


@pytest.mark.parametrize("seed", [2, 5, 9])
def test_colours_of_one_products_shots_agree_better_afterwards(seed):
    made = photo_like(seed, 480)
    shots = [
        made.picture,
        _cast(made.picture, 1.0, 0.96, 0.88),
        _cast(made.picture, 0.93, 0.97, 1.0),
        darkened(made.picture, 0.4),
        darkened(_cast(made.picture, 1.0, 0.97, 0.9), 0.3),
    ]
    finished = [_enhanced(shot, made.alpha)[0] for shot in shots]

    def spread(pictures):
        pairs = [(a, b) for n, a in enumerate(pictures) for b in pictures[n + 1 :]]
        return np.mean([_delta_e(a, b, made.alpha) for a, b in pairs])

    assert spread(finished) < 0.5 * spread(shots)


def test_a_coloured_product_on_a_neutral_ground_keeps_its_colour():
    made = photo_like(3, 480)
    red = made.picture.copy()
    product = made.alpha > 0
    red[product] = (red[product] * np.array([1.0, 0.25, 0.2])).astype(np.uint8)
    finished, _ = _enhanced(red, made.alpha)
    assert _delta_e(finished, red, made.alpha) < 1.0


def test_denoising_keeps_words_legible():
    made = photo_like(6, 640)
    noisy_photo = noisy(made.picture, 8)
    finished, applied = _enhanced(noisy_photo, made.alpha)
    assert "denoise" in applied
    # Words are what a median of their own size removes; what is left of them is compared.
    gray = [cv2.cvtColor(p, cv2.COLOR_RGB2GRAY) for p in (made.picture, finished)]
    strokes = [cv2.subtract(g, cv2.medianBlur(g, 15), dtype=cv2.CV_32F) for g in gray]
    ink = np.abs(strokes[0]) > 25
    assert np.corrcoef(strokes[0][ink], strokes[1][ink])[0, 1] > 0.97


@pytest.mark.parametrize("mode", [Mode.NONE, Mode.OPTIMIZE, Mode.UPSCALE])
def test_these_modes_change_nothing(mode):
    made = photo_like(1, 320)
    bad = darkened(noisy(made.picture, 9), 0.5)
    finished, applied = _enhanced(bad, made.alpha, mode)
    assert applied == set()
    assert np.array_equal(finished, bad)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [
        (Mode.SHARPEN, {"sharpen"}),
        (Mode.DENOISE, {"denoise"}),
        (Mode.FULL, {"white_balance", "exposure", "denoise", "sharpen"}),
    ],
)
def test_a_mode_does_what_it_names(mode, expected):
    made = photo_like(2, 480)
    bad = darkened(_cast(made.picture, 1.0, 0.96, 0.88), 0.4)
    assert _enhanced(bad, made.alpha, mode)[1] == expected


def test_only_the_products_box_is_touched():
    made = photo_like(2, 480)
    bad = darkened(made.picture, 0.4)
    finished, _ = _enhanced(bad, made.alpha)
    rows, columns = (np.flatnonzero(made.alpha.any(axis=axis)) for axis in (1, 0))
    outside = np.ones(made.alpha.shape, bool)
    outside[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] = False
    assert np.array_equal(finished[outside], bad[outside])
    assert not np.array_equal(finished, bad)


def test_a_kept_ground_changes_with_the_product():
    made = photo_like(2, 480)
    bad = darkened(made.picture, 0.4)
    finished, applied = _enhanced(bad, made.alpha, background="keep")
    assert "exposure" in applied
    ground = made.alpha == 0
    assert finished[ground].mean() > bad[ground].mean() + 10
    ratio = finished[ground].mean() / finished[~ground].mean()
    assert ratio == pytest.approx(made.picture[ground].mean() / made.picture[~ground].mean(), rel=0.15)


def test_ground_outside_the_source_is_no_evidence():
    made = photo_like(2, 480)
    picture = made.picture.copy()
    inside = np.zeros(made.alpha.shape, np.uint8)
    inside[:, 60:420] = 255
    picture[inside == 0] = (240, 225, 195)
    assert "white_balance" not in _enhanced(picture, made.alpha, inside=inside)[1]


def test_sharpening_does_not_bring_noise_back():
    made = photo_like(9, 640)
    bad = noisy(blurred(made.picture, 1.8), 4)
    finished, _ = _enhanced(bad, made.alpha, Mode.FULL)
    box = given_for(made.alpha).background.box
    before, after = (look(view(p, made.alpha, box)) for p in (bad, finished))
    assert after.noise < 1.05 * before.noise
    assert after.sharpness > 1.1 * before.sharpness


@pytest.mark.parametrize("seed", range(6))
def test_a_photo_in_which_nothing_is_bright_goes_to_a_person(seed):
    made = photo_like(seed, 480)
    for loss, expected in ((0.15, ()), (0.4, ()), (0.7, (ReviewReason.UNDEREXPOSED,))):
        reasons = _run(darkened(made.picture, loss), made.alpha)[1].review_reasons
        assert reasons == expected, loss
    # Who asks for the light to be left as it is is not told of it.
    assert _run(darkened(made.picture, 0.7), made.alpha, Mode.SHARPEN)[1].review_reasons == ()
