import datetime as dt
import hashlib

import cv2
import numpy as np
import pytest

from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.stages import AlignOutput, BackgroundOutput, CompressInput
from packshot.contracts.task import BatchSettings, ImageTask, Overrides
from packshot.errors import RenditionError
from packshot.imaging.compose import WHITE, composite
from packshot.imaging.decode import decode
from packshot.imaging.pixelate import pixelate
from packshot.imaging.white_rule import pure_ground_share, white_ground_share
from packshot.stages import compress
from packshot.stages.context import StageContext
from packshot.stages.finished import decoded_name
from packshot.stages.workspace import MemoryWorkspace
from tests.imaging.encoded import psnr
from tests.imaging.products import product

SIDE = 480
CONTEXT = StageContext(fetcher=None, matting=None, reference=None)
MAIN = RenditionSpec(name="main", format=Format.JPEG)


def grainy(number=1, side=SIDE, noise=4.0):
    picture, alpha = product(number, side)
    grain = np.random.default_rng(7).normal(0, noise, picture.shape)
    return np.clip(picture + grain, 0, 255).astype(np.uint8), alpha


def workspace(picture, alpha, inside=None):
    made = MemoryWorkspace()
    made.put_pixels("finished", picture.copy())
    made.put_pixels("alpha", alpha.copy())
    if inside is not None:
        made.put_pixels("aligned_inside", inside)
    return made


def asked(*renditions, side=SIDE, target_size_kb=None, overrides=None, **preset):
    background = preset.pop("background", "white")
    row = ManifestRow(line=1, product_group_id="g", sku_id="s", image_url="s.jpg")
    return CompressInput(
        task=ImageTask(
            batch_id="b", image_id="i", row=row, source="/s.jpg", overrides=overrides or Overrides()
        ),
        settings=BatchSettings(
            preset=Preset(
                name="test",
                title="Test",
                version="1",
                canvas=Canvas(width=side, height=side),
                background=background,
                renditions=renditions,
                **preset,
            ),
            target_size_kb=target_size_kb,
            as_of=dt.date(2026, 1, 1),
        ),
        align=AlignOutput(
            method="preset",
            transform=(1, 0, 0, 0, 1, 0),
            scale=1,
            rotation_deg=0,
            canvas=(side, side),
            box=(0, 0, side, side),
        ),
        background=BackgroundOutput(box=(0, 0, side, side), coverage=0.5, soft_share=0.1, confidence=0.9),
    )


def run(given, *planes):
    place = workspace(*(planes or grainy()))
    output = compress.run(given, place, CONTEXT)
    files = {}
    for file in output.renditions:
        data = place.get_bytes(f"renditions/{file.name}.{file.format.extension}")
        assert len(data) == file.bytes
        assert hashlib.sha256(data).hexdigest() == file.sha256
        picture = decode(data)
        assert (picture.facts.width, picture.facts.height) == (file.width, file.height)
        assert picture.facts.format == file.format.value
        files[file.name] = (file, picture)
    return files


def test_every_rendition_of_the_preset_in_its_order():
    specs = (
        RenditionSpec(name="web", format=Format.WEBP, longest_side=240, target_kb=40),
        RenditionSpec(name="avif", format=Format.AVIF, longest_side=240),
        MAIN,
        RenditionSpec(name="cutout", format=Format.PNG, transparent=True),
        RenditionSpec(name="thumb", format=Format.JPEG, longest_side=120, target_kb=10),
        *(
            RenditionSpec(name=f"pixel{n}", format=Format.PNG, longest_side=384, pixels=n)
            for n in (8, 16, 32, 48, 64)
        ),
    )
    files = run(asked(*specs))
    assert list(files) == [spec.name for spec in specs]
    assert [files[name][0].width for name in ("main", "web", "thumb", "pixel8")] == [480, 240, 120, 384]
    picture, alpha = grainy()
    whole = composite(picture, alpha, WHITE)
    assert psnr(files["main"][1].pixels, whole) > 35
    small = cv2.resize(whole, (240, 240), interpolation=cv2.INTER_AREA)
    assert psnr(files["web"][1].pixels, small) > 30
    assert psnr(files["avif"][1].pixels, small) > 30
    assert np.array_equal(files["cutout"][1].alpha, alpha)
    assert np.array_equal(files["cutout"][1].pixels[alpha > 0], picture[alpha > 0])
    assert files["cutout"][0].quality is None
    assert files["main"][0].quality == 95


def test_pixelated_previews_of_a_large_picture_are_its_blocks():
    # Large pictures are shrunk once for all previews; that must not be seen.
    picture, alpha = grainy(side=1300)
    files = run(
        asked(MAIN, RenditionSpec(name="pixel64", format=Format.PNG, longest_side=384, pixels=64)),
        picture,
        alpha,
    )
    direct = pixelate(composite(picture, alpha, WHITE), 64, 384)
    assert np.abs(files["pixel64"][1].pixels.astype(int) - direct).mean() < 1.5


@pytest.mark.parametrize("number", range(5))
def test_the_ground_is_white_in_every_file(number):
    files = run(
        asked(
            RenditionSpec(name="main", format=Format.JPEG, target_kb=40),
            RenditionSpec(name="lossless", format=Format.PNG),
            RenditionSpec(name="small", format=Format.JPEG, longest_side=333, max_quality=80),
        ),
        *grainy(number),
    )
    for name, rule in (
        ("main", white_ground_share),
        ("lossless", pure_ground_share),
        ("small", white_ground_share),
    ):
        file, picture = files[name]
        alpha = cv2.resize(grainy(number)[1], (file.width, file.height), interpolation=cv2.INTER_AREA)
        assert rule(picture.pixels, alpha) == 1.0, name


@pytest.mark.parametrize(("target_kb", "by_hand"), [(40, None), (500, 40)])
def test_main_follows_the_target_that_is_asked_for(target_kb, by_hand):
    spec = RenditionSpec(name="main", format=Format.JPEG, target_kb=300)
    overrides = Overrides(target_size_kb=by_hand)
    file, _ = run(asked(spec, target_size_kb=target_kb, overrides=overrides))["main"]
    assert 30_000 < file.bytes <= 40_000


def test_only_main_follows_it():
    thumb = RenditionSpec(name="thumb", format=Format.JPEG, longest_side=400, target_kb=400)
    files = run(asked(MAIN, thumb, target_size_kb=20))
    assert files["main"][0].bytes <= 20_000 < files["thumb"][0].bytes


def test_a_rendition_that_is_too_large_shrinks():
    spec = RenditionSpec(name="main", format=Format.JPEG, target_kb=15, min_quality=70)
    file, _ = run(asked(spec))["main"]
    assert file.bytes <= 15_000
    assert 100 <= file.width < SIDE
    assert file.quality >= 70
    assert file.bytes > 10_000  # it does not shrink further than it has to


def test_a_lossless_rendition_can_only_shrink():
    file, _ = run(
        asked(MAIN, RenditionSpec(name="cutout", format=Format.PNG, transparent=True, target_kb=60))
    )["cutout"]
    assert file.bytes <= 60_000
    assert file.width < SIDE


def test_what_can_not_meet_its_budget_fails_by_name():
    spec = RenditionSpec(name="web", format=Format.WEBP, target_kb=1, min_quality=80, min_side=300)
    with pytest.raises(RenditionError) as caught:
        run(asked(MAIN, spec))
    assert caught.value.code == "rendition_over_budget"
    assert caught.value.details == {"rendition": "web", "budget_kb": 1}


def test_a_rendition_is_never_enlarged():
    file, _ = run(asked(RenditionSpec(name="main", format=Format.JPEG, longest_side=2000)))["main"]
    assert (file.width, file.height) == (SIDE, SIDE)


def test_an_oblong_canvas_keeps_its_aspect():
    picture, alpha = (np.ascontiguousarray(plane[:300]) for plane in grainy())
    file, _ = run(asked(RenditionSpec(name="main", format=Format.JPEG, longest_side=240)), picture, alpha)[
        "main"
    ]
    assert (file.width, file.height) == (240, 150)


def test_a_coloured_ground():
    _, picture = run(asked(RenditionSpec(name="main", format=Format.PNG), background="#204060"))["main"]
    assert (picture.pixels[grainy()[1] == 0] == (32, 64, 96)).all()


def test_transparency_goes_where_it_can():
    web = RenditionSpec(name="web", format=Format.WEBP)
    files = run(asked(MAIN, web, background="transparent"))
    alpha = grainy()[1]
    assert np.array_equal(files["web"][1].alpha, alpha)
    # A JPEG can't; it stands on white and holds the rule.
    assert white_ground_share(files["main"][1].pixels, alpha) == 1.0


def test_keep_leaves_the_ground_and_extends_it():
    picture, alpha = grainy(0)
    picture[alpha == 0] = (150, 160, 170)
    inside = np.zeros_like(alpha)
    inside[:, 30:] = 255
    picture[:, :30] = (150, 160, 170)
    spec = RenditionSpec(name="main", format=Format.PNG)
    _, made = run(asked(spec, background="keep"), picture, alpha, inside)["main"]
    assert np.array_equal(made.pixels[:, 30:], picture[:, 30:])
    assert np.abs(made.pixels[:, :20].astype(int) - (150, 160, 170)).max() <= 4
    _, untouched = run(asked(spec, background="keep"), picture, alpha)["main"]
    assert np.array_equal(untouched.pixels, picture)


def test_a_main_file_shrinks_no_further_than_it_can_be_read_again():
    noise = np.random.default_rng(3).integers(0, 256, (64, 40, 3), np.uint8)
    place = workspace(noise, np.full((64, 40), 255, np.uint8))
    tiny = RenditionSpec(name="web", format=Format.PNG, min_side=8, target_kb=1)
    web = compress.run(asked(MAIN, tiny), place, CONTEXT).renditions[1]
    assert web.width < 16
    with pytest.raises(RenditionError) as caught:
        compress.run(asked(tiny.model_copy(update={"name": "main"})), place, CONTEXT)
    assert caught.value.code == "rendition_over_budget"


def test_a_kept_ground_that_is_transparent_is_white():
    picture, alpha = np.full((SIDE, SIDE, 3), 255, np.uint8), np.zeros((SIDE, SIDE), np.uint8)
    picture[100:300, 100:300], alpha[100:300, 100:300] = (200, 40, 40), 255
    picture[300:400, 100:300], alpha[300:400, 100:300] = 0, 51  # a soft shadow
    place = workspace(picture, alpha)
    place.put_pixels("aligned_alpha", alpha.copy())
    spec = RenditionSpec(name="main", format=Format.PNG)
    compress.run(asked(spec, background="keep"), place, CONTEXT)
    made = decode(place.get_bytes("renditions/main.png")).pixels
    assert [made[y, 200].tolist() for y in (50, 200, 350)] == [[255] * 3, [200, 40, 40], [204] * 3]


def test_a_cut_out_beside_a_kept_ground_has_none_of_it_in_its_edges():
    own, ground = np.array((200, 40, 40)), np.array((40, 160, 40))
    alpha = np.zeros((SIDE, SIDE), np.uint8)
    alpha[100:300, 100:300] = 255
    alpha = cv2.GaussianBlur(alpha, (0, 0), 3)
    share = alpha[..., None] / 255
    aligned = np.rint(share * own + (1 - share) * ground).astype(np.uint8)
    foreground = np.where(alpha[..., None] > 0, own, ground).astype(np.uint8)
    place = workspace(cv2.add(aligned, np.full_like(aligned, 10)), alpha)  # brightened by enhance
    place.put_pixels("aligned", aligned)
    place.put_pixels("foreground", foreground)
    cutout = RenditionSpec(name="cutout", format=Format.PNG, transparent=True)
    compress.run(asked(MAIN, cutout, background="keep"), place, CONTEXT)
    made = decode(place.get_bytes("renditions/cutout.png")).pixels
    assert np.abs(made[alpha > 0].astype(int) - (own + 10)).max() <= 1
    main = decode(place.get_bytes("renditions/main.jpg")).pixels
    assert psnr(main, cv2.add(aligned, np.full_like(aligned, 10))) > 35


def test_a_shadow_where_the_preset_wants_one():
    spec, cutout = (
        RenditionSpec(name="main", format=Format.PNG),
        RenditionSpec(name="cut", format=Format.PNG, transparent=True),
    )
    picture, alpha = grainy(2)
    with_shadow = run(asked(spec, cutout, shadow=True), picture, alpha)
    without = run(asked(spec, cutout), picture, alpha)
    ground = alpha == 0
    assert (without["main"][1].pixels[ground] == 255).all()
    assert with_shadow["main"][1].pixels[ground].min() < 225
    assert with_shadow["main"][1].pixels[: SIDE // 2][ground[: SIDE // 2]].min() == 255
    assert (with_shadow["cut"][1].alpha > alpha).any()


def test_score_need_not_decode_main_again():
    picture, alpha = grainy(7)
    place = workspace(picture, alpha)
    compress.run(asked(MAIN), place, CONTEXT)
    remembered = place.memo(decoded_name("main"), lambda: None)
    assert np.array_equal(remembered, decode(place.get_bytes("renditions/main.jpg")).pixels)


def test_the_same_bytes_every_time():
    specs = (
        MAIN,
        RenditionSpec(name="web", format=Format.WEBP, target_kb=20),
        RenditionSpec(name="a", format=Format.AVIF),
    )
    first, second = (run(asked(*specs, target_size_kb=50)) for _ in range(2))
    assert [file.sha256 for file, _ in first.values()] == [file.sha256 for file, _ in second.values()]
