"""Finding the product: facts in pixels of the upright source, and a word for every doubt."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image

from packshot.contracts.base import ReviewReason
from packshot.contracts.preset import Thresholds
from packshot.contracts.task import Overrides
from packshot.errors import ImageError, ProductError, SourceError
from packshot.imaging.geometry import similarity
from packshot.imaging.orientation import upright
from tests.stages.networks import SeeingNetwork, reddish
from tests.stages.worlds import World, png, preset, task

RED = (200, 40, 40)


def photo(*boxes: tuple[int, int, int, int], size: tuple[int, int] = (1200, 900)) -> np.ndarray:
    """A grey picture with red boxes: left, top, right, bottom in whole pixels, the last ones outside."""
    picture = np.full((size[1], size[0], 3), 225, np.uint8)
    for left, top, right, bottom in boxes:
        picture[top:bottom, left:right] = RED
    return picture


def world(**more: object) -> World:
    return World(SeeingNetwork(reddish), **more)  # type: ignore[arg-type]  # passed on as they are


def test_box_centroid_and_coverage_are_the_sources_own() -> None:
    found = world().detect(png(photo((300, 200, 700, 800))))
    assert np.allclose(found.product.box, (299.5, 199.5, 400, 600), atol=1.5)
    assert np.allclose(found.product.centroid, (499.5, 499.5), atol=1.0)
    assert found.product.coverage == pytest.approx(400 * 600 / (1200 * 900), rel=0.02)
    assert found.product.count == 1
    assert found.product.angle_deg == 0
    assert found.product.edges == ()
    assert found.review_reasons == ()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_facts_are_of_the_upright_picture(orientation: int) -> None:
    picture = photo((300, 200, 500, 800))
    picture[200:300, 300:700] = RED  # an L, different under all eight orientations
    here = world()
    turned = here.detect(png(picture, orientation))
    straight = world().detect(png(upright(picture, orientation)))
    assert (turned.source.width, turned.source.height) == (straight.source.width, straight.source.height)
    assert np.allclose(turned.product.box, straight.product.box, atol=0.5)
    assert np.allclose(turned.product.centroid, straight.product.centroid, atol=0.5)
    coarse = here.workspace.get_pixels("coarse")
    assert max(coarse.shape) <= 320
    assert (coarse.shape[0] > coarse.shape[1]) == (turned.source.height > turned.source.width)


def test_source_and_mask_stay_in_the_workspace() -> None:
    here, data = world(), png(photo((300, 200, 700, 800)))
    here.detect(data)
    assert here.fetched == ["/a.png"]
    assert here.workspace.get_bytes("source") == data
    assert here.workspace.get_pixels("coarse").shape == (240, 320)


@pytest.mark.parametrize("angle", [-30, -7, 4, 18])
def test_a_tilt_is_measured(angle: float) -> None:
    picture = photo((500, 200, 700, 700))
    matrix = similarity(1, angle, (600, 450), (600, 450))
    turned = cv2.warpAffine(picture, matrix, (1200, 900), borderMode=cv2.BORDER_REPLICATE)
    assert world().detect(png(turned)).product.angle_deg == pytest.approx(angle, abs=0.6)


def test_an_empty_photo_has_no_product() -> None:
    with pytest.raises(ProductError) as failure:
        world().detect(png(photo()))
    assert failure.value.code == "no_product_found"


def test_a_network_that_is_not_sure_of_anything_finds_nothing() -> None:
    unsure = World(SeeingNetwork(reddish, confidence=0.1))
    with pytest.raises(ProductError) as failure:
        unsure.detect(png(photo((300, 200, 700, 800))))
    assert failure.value.code == "no_product_found"


def test_a_doubtful_mask_goes_to_a_person() -> None:
    found = World(SeeingNetwork(reddish, confidence=0.4)).detect(png(photo((300, 200, 700, 800))))
    assert found.review_reasons == (ReviewReason.LOW_CONFIDENCE,)


def test_a_speck_is_too_small_to_work_on() -> None:
    strict = preset(thresholds=Thresholds(min_coverage=0.05))
    with pytest.raises(ProductError) as failure:
        world(settings=strict).detect(png(photo((600, 400, 700, 500))))
    assert failure.value.code == "product_too_small"
    assert failure.value.details["coverage_percent"] == pytest.approx(0.93, abs=0.1)


def test_two_products_are_kept_and_named() -> None:
    here = world()
    found = here.detect(png(photo((100, 200, 500, 700), (700, 200, 1100, 700))))
    assert found.product.count == 2
    assert found.review_reasons == (ReviewReason.SEVERAL_PRODUCTS,)
    assert np.allclose(found.product.box, (99.5, 199.5, 1000, 500), atol=1.5)
    pair = world(settings=preset(max_products=2))
    assert pair.detect(png(photo((100, 200, 500, 700), (700, 200, 1100, 700)))).review_reasons == ()


def test_a_cut_off_product_is_named() -> None:
    found = world().detect(png(photo((0, 200, 500, 900))))
    assert found.product.edges == ("left", "bottom")
    assert ReviewReason.TOUCHES_EDGE in found.review_reasons


def test_a_small_photo_is_named() -> None:
    found = world(settings=preset(2000)).detect(png(photo((50, 50, 250, 250), size=(300, 300))))
    assert found.review_reasons == (ReviewReason.LOW_RESOLUTION,)


def test_an_animation_is_named() -> None:
    frames = [Image.fromarray(photo((300, 200, 700, 800 - step))) for step in (0, 5, 9)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:])
    found = world().detect(buffer.getvalue())
    assert found.source.frames == 3
    assert found.review_reasons == (ReviewReason.ANIMATED_SOURCE,)


def test_bytes_that_are_no_picture_are_refused() -> None:
    with pytest.raises(ImageError) as failure:
        world().detect(b"a letter to the editor")
    assert failure.value.code == "image_not_a_picture"


class TestOwnAlpha:
    def cut_out(self, shape: np.ndarray, colour: int = 0) -> bytes:
        picture = np.full((*shape.shape, 3), colour, np.uint8)
        return png(np.dstack([picture, shape]))

    def test_it_is_the_mask_and_no_network_is_asked(self) -> None:
        shape = np.zeros((900, 1200), np.uint8)
        shape[200:800, 300:700] = 255
        here = world()
        found = here.detect(self.cut_out(shape))
        assert here.network.looks == []
        assert found.product.confidence == 1
        assert np.allclose(found.product.box, (299.5, 199.5, 400, 600), atol=1.0)

    def test_one_cropped_to_its_product_is_not_cut_off(self) -> None:
        shape = np.zeros((600, 600), np.uint8)
        cv2.circle(shape, (300, 300), 300, 255, -1)
        found = world().detect(self.cut_out(shape))
        assert found.product.edges
        assert found.review_reasons == ()

    def test_an_opaque_one_is_a_photo_like_any_other(self) -> None:
        picture = photo((300, 200, 700, 800))
        here = world()
        here.detect(png(np.dstack([picture, np.full((900, 1200), 255, np.uint8)])))
        assert here.network.looks

    def test_nothing_but_transparency_is_no_product(self) -> None:
        with pytest.raises(ProductError) as failure:
            world().detect(self.cut_out(np.full((300, 300), 2, np.uint8)))
        assert failure.value.code == "no_product_found"


class TestBoxByHand:
    picture = photo((100, 200, 500, 700), (700, 300, 1100, 800))

    def boxed(self, *box: float) -> World:
        here = world()
        self.found = here.detect(png(self.picture), task(overrides=Overrides(box=box)))
        return here

    def test_only_what_lies_in_it_counts(self) -> None:
        here = self.boxed(650, 250, 500, 600)
        assert self.found.product.count == 1
        assert np.allclose(self.found.product.box, (699.5, 299.5, 400, 500), atol=4)
        assert here.workspace.get_pixels("coarse")[:, :160].max() == 0

    def test_it_cuts_what_reaches_beyond(self) -> None:
        self.boxed(700, 300, 400, 250)
        assert np.allclose(self.found.product.box, (699.5, 299.5, 400, 250), atol=4)

    def test_the_network_looks_closer(self) -> None:
        here = self.boxed(650, 250, 500, 600)
        assert max(here.network.looks[0]) <= 640
        # The box with a little room around it, not the whole photo.
        assert here.network.looks[0][0] / here.network.looks[0][1] == pytest.approx(620 / 720, abs=0.1)

    @pytest.mark.parametrize("box", [(520, 0, 150, 100), (5000, 5000, 100, 100), (-400, -400, 100, 100)])
    def test_an_empty_one_has_no_product(self, box: tuple[float, float, float, float]) -> None:
        with pytest.raises(ProductError) as failure:
            self.boxed(*box)
        assert failure.value.code == "no_product_found"


def test_a_reference_gets_the_presets_pose() -> None:
    here = world()
    facts = here.reference(png(photo((300, 200, 700, 800))))
    assert facts.reference_id == "ref-1"
    workspace = here.references["ref-1"]
    assert workspace.has("facts.json")
    assert workspace.has("features.npz")
    assert workspace.has("coarse")
    scale = facts.transform[0]
    assert scale == pytest.approx(0.85 * 800 / 600, rel=0.005)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("photos/a b.png", "photos/a b.png"),
        ("https://me:secret@example.com/a.png?token=1", "https://…@example.com/a.png?…"),
    ],
)
def test_a_source_that_cannot_be_had_is_named_as_the_manifest_names_it(
    written: str, named: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(source: str) -> bytes:
        raise SourceError("source_missing", source=source)

    made = world()
    monkeypatch.setattr(made, "fetch", missing)
    work = task()
    line = work.row.model_copy(update={"image_url": written})
    with pytest.raises(SourceError) as refused:
        made.detect(b"", work.model_copy(update={"row": line, "source": "/srv/secret/a b.png"}))
    assert refused.value.message == f"The photo does not exist: {named}."
