"""The alpha of the aligned picture: from the network, or from the photo's own transparency."""

import datetime as dt

import numpy as np
import pytest

from packshot.contracts.base import Box, ReviewReason
from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.stages import AlignOutput, BackgroundInput, DetectOutput, ProductFacts, SourceFacts
from packshot.contracts.task import BatchSettings, ImageTask, Overrides
from packshot.errors import ProductError
from packshot.imaging.matte import Matte, refine
from packshot.matting.confidence import agreement
from packshot.stages import background
from packshot.stages.context import StageContext
from packshot.stages.workspace import MemoryWorkspace
from tests.imaging.mattes import ring_with_strap
from tests.stages.networks import SeeingNetwork, reddish

SIDE = 800
RING = ring_with_strap(SIDE, (200, 40, 40), (225, 225, 225))
WHOLE: Box = (144.0, 40.0, 512.0, 610.0)


class NoFetcher:
    def fetch(self, source: str) -> bytes:
        raise AssertionError("only detect fetches")


def context(network: SeeingNetwork) -> StageContext:
    return StageContext(NoFetcher(), lambda name: network, lambda reference: MemoryWorkspace())


def inputs(box: Box = WHOLE, overrides: Overrides | None = None) -> BackgroundInput:
    """A source of the canvas's own size, mapped onto it pixel by pixel."""
    preset = Preset(
        name="p",
        title="P",
        version="1",
        canvas=Canvas(width=SIDE, height=SIDE),
        renditions=(RenditionSpec(name="main", format=Format.JPEG),),
    )
    row = ManifestRow(line=1, product_group_id="g", sku_id="s", image_url="a.jpg")
    source = SourceFacts(width=SIDE, height=SIDE, format="jpeg", bytes=1, sha256="0" * 64)
    product = ProductFacts(box=box, centroid=(1, 1), angle_deg=0, count=1, confidence=0.9, coverage=0.3)
    return BackgroundInput(
        task=ImageTask(
            batch_id="b", image_id="i", row=row, source="a.jpg", overrides=overrides or Overrides()
        ),
        settings=BatchSettings(preset=preset, as_of=dt.date(2026, 11, 1)),
        detect=DetectOutput(source=source, product=product),
        align=AlignOutput(
            method="preset",
            transform=(1, 0, 0, 0, 1, 0),
            scale=1,
            rotation_deg=0,
            canvas=(SIDE, SIDE),
            box=box,
        ),
    )


def workspace() -> MemoryWorkspace:
    work = MemoryWorkspace()
    work.put_pixels("aligned", RING.picture.copy())
    work.put_pixels("coarse", np.rint(RING.small() * 255).astype(np.uint8))
    return work


def test_alpha_and_foreground_are_left_and_described() -> None:
    work = workspace()
    output = background.run(inputs(), work, context(SeeingNetwork(reddish)))
    alpha = work.get_pixels("alpha")
    assert np.abs(alpha / 255 - RING.alpha).mean() < 0.003
    assert work.get_pixels("foreground").shape == (SIDE, SIDE, 3)
    assert output.coverage == pytest.approx((RING.alpha >= 0.5).mean(), abs=0.002)
    rows, columns = np.nonzero(RING.alpha >= 0.5)
    left, top = columns.min() - 0.5, rows.min() - 0.5
    expected = (left, top, columns.max() + 0.5 - left, rows.max() + 0.5 - top)
    assert output.box == pytest.approx(expected, abs=2)
    assert output.confidence == 0.99
    assert output.review_reasons == ()


def test_a_doubtful_network_asks_for_a_person() -> None:
    output = background.run(inputs(), workspace(), context(SeeingNetwork(reddish, confidence=0.3)))
    assert output.review_reasons == (ReviewReason.BACKGROUND_UNCERTAIN,)


def test_the_confidence_comes_from_both_looks() -> None:
    seen: list[float] = []

    class Comparing(SeeingNetwork):
        def confidence(self, alpha: np.ndarray, other: np.ndarray) -> float:
            seen.append(agreement(alpha, other))
            return 0.9

    background.run(inputs(), workspace(), context(Comparing(reddish)))
    assert seen[0] > 0.95


def test_the_photos_own_alpha_is_the_truth() -> None:
    work = workspace()
    own = np.zeros((SIDE, SIDE), np.uint8)
    own[100:300, 200:500] = 255
    work.put_pixels("aligned_alpha", own)
    network = SeeingNetwork(reddish)
    output = background.run(inputs(), work, context(network))
    assert np.array_equal(work.get_pixels("alpha"), own)
    assert network.looks == []
    assert output.box == (199.5, 99.5, 300.0, 200.0)


def test_outside_the_source_there_is_no_product() -> None:
    work = workspace()
    inside = np.full((SIDE, SIDE), 255, np.uint8)
    inside[:, 400:] = 0
    work.put_pixels("aligned_inside", inside)
    background.run(inputs(), work, context(SeeingNetwork(reddish)))
    assert not work.get_pixels("alpha")[:, 400:].any()
    assert work.get_pixels("alpha")[:, :400].any()


def test_a_box_drawn_by_hand_is_a_limit() -> None:
    work = workspace()
    drawn = inputs(overrides=Overrides(box=(100.0, 100.0, 300.0, 600.0)))
    background.run(drawn, work, context(SeeingNetwork(reddish)))
    assert not work.get_pixels("alpha")[:, 408:].any()
    assert work.get_pixels("alpha")[400, 200] == 255


def test_a_box_drawn_by_hand_is_a_limit_to_the_photos_own_alpha() -> None:
    work = workspace()
    own = np.zeros((SIDE, SIDE), np.uint8)
    own[100:300, 100:300] = own[100:300, 500:700] = 255  # two products, of which one is wanted
    work.put_pixels("aligned_alpha", own)
    output = background.run(
        inputs(overrides=Overrides(box=(80.0, 80.0, 250.0, 250.0))), work, context(SeeingNetwork(reddish))
    )
    assert output.box == (99.5, 99.5, 200.0, 200.0)
    assert not work.get_pixels("alpha")[:, 400:].any()


def test_nothing_left_is_a_failure_with_a_name() -> None:
    work = workspace()
    work.put_pixels("coarse", np.zeros((320, 320), np.uint8))
    blind = SeeingNetwork(lambda picture: np.zeros(picture.shape[:2], np.float32))
    with pytest.raises(ProductError) as caught:
        background.run(inputs(), work, context(blind))
    assert caught.value.code == "background_failed"


def test_a_patch_of_half_an_alpha_goes_to_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    sound = background.run(inputs(), workspace(), context(SeeingNetwork(reddish)))

    def torn(picture: np.ndarray, small: np.ndarray, shrunk: np.ndarray) -> Matte:
        matte = refine(picture, small, shrunk)
        rows, columns = np.nonzero(matte.alpha == 255)
        y, x = rows[len(rows) // 2], columns[len(rows) // 2]
        matte.alpha[y - 30 : y + 30, x - 30 : x + 30] = 120
        return matte

    monkeypatch.setattr(background, "refine", torn)
    doubted = background.run(inputs(), workspace(), context(SeeingNetwork(reddish)))
    assert ReviewReason.BACKGROUND_UNCERTAIN not in sound.review_reasons
    assert ReviewReason.BACKGROUND_UNCERTAIN in doubted.review_reasons


def test_what_the_colours_settled_against_an_unsure_network_goes_to_a_person() -> None:
    def unsure(picture: np.ndarray) -> np.ndarray:
        alpha = reddish(picture)
        rows, columns = np.nonzero(alpha > 0.9)
        middle = slice((rows.min() + rows.max()) // 2, rows.max() + 1)
        alpha[middle, columns.min() : columns.max() + 1] *= 0.45  # the lower half, as red as the upper one
        return alpha

    work = workspace()
    doubted = background.run(inputs(), work, context(SeeingNetwork(unsure)))
    sound = background.run(inputs(), workspace(), context(SeeingNetwork(reddish)))
    assert doubted.coverage == pytest.approx(sound.coverage, rel=0.15)  # the colours have filled it
    assert doubted.review_reasons == (ReviewReason.BACKGROUND_UNCERTAIN,)
