import io
import struct
import warnings

import numpy as np
import pytest
from PIL import Image, ImageCms

from packshot.imaging.decode import decode
from packshot.imaging.matrix_profile import read_matrix_profile
from tests.imaging import profiles
from tests.imaging.encoded import saved, scene
from tests.imaging.profiles import ADOBE_RGB, DISPLAY_P3, rgb_profile

SCENE = scene()


def by_the_engine(pixels, icc):
    source = ImageCms.ImageCmsProfile(io.BytesIO(icc))
    transform = ImageCms.buildTransform(
        source, ImageCms.createProfile("sRGB"), "RGB", "RGB", ImageCms.Intent.RELATIVE_COLORIMETRIC
    )
    return np.asarray(ImageCms.applyTransform(Image.fromarray(pixels), transform))


def parametric(kind, *values):
    return (
        b"para\0\0\0\0"
        + struct.pack(">HH", kind, 0)
        + b"".join(struct.pack(">i", round(v * 65536)) for v in values)
    )


def table(values):
    return b"curv\0\0\0\0" + struct.pack(">I", len(values)) + struct.pack(f">{len(values)}H", *values)


CURVES = {
    "gamma": parametric(0, 2.2),
    "offset": parametric(1, 2.4, 0.9, 0.1),
    "offset and lift": parametric(2, 2.4, 0.9, 0.05, 0.02),
    "straight start": parametric(3, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045),
    "straight start and lift": parametric(4, 2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045, 0.0, 0.0),
    "a table": table([round(65535 * (n / 1023) ** 1.8) for n in range(1024)]),
    "none": table([]),
}


@pytest.mark.parametrize("primaries", [ADOBE_RGB, DISPLAY_P3], ids=["adobe", "p3"])
@pytest.mark.parametrize("curve", CURVES)
def test_every_kind_of_curve_agrees_with_the_engine(curve, primaries, monkeypatch):
    monkeypatch.setattr(profiles, "_curve", lambda _gamma: CURVES[curve])
    icc = rgb_profile("Test", primaries, 0)
    made = read_matrix_profile(icc).to_srgb(SCENE)
    difference = np.abs(made.astype(int) - by_the_engine(SCENE, icc))
    assert difference.max() <= 3
    assert difference.mean() < 0.3


def test_srgb_is_itself():
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert np.array_equal(read_matrix_profile(srgb).to_srgb(SCENE), SCENE)


def test_heights_that_are_no_whole_strips():
    matrix = read_matrix_profile(rgb_profile("Display P3", DISPLAY_P3, 2.2))
    whole = matrix.to_srgb(SCENE)
    for rows in (1, 47, 48, 49, 97):
        assert np.array_equal(matrix.to_srgb(SCENE[:rows]), whole[:rows])


@pytest.mark.parametrize(
    "icc",
    [b"", b"\0" * 131, profiles.cmyk_profile("Press"), profiles.grey_profile("Grey", 2.2)]
    + [rgb_profile("Display P3", DISPLAY_P3, 2.2)[:size] for size in (140, 200, 300, 420)],
)
def test_what_is_no_such_profile_is_none(icc):
    assert read_matrix_profile(icc) is None


@pytest.mark.parametrize(
    "curve",
    [
        parametric(1, 2.4, 0.0, 0.1),
        parametric(0, -3.0),
        parametric(4, 100.0, -5.0, 3.0, 0.0, 0.0, 9.0, -9.0),
        parametric(9, 1.0),
        table([0] * 5),
        b"curv\0\0\0\0\xff\xff\xff\xff",
        b"none",
    ],
)
def test_nonsense_in_a_profile_never_costs_the_picture(curve, monkeypatch):
    monkeypatch.setattr(profiles, "_curve", lambda _gamma: curve)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        picture = decode(saved(SCENE, "TIFF", icc_profile=rgb_profile("Nonsense", ADOBE_RGB, 0)))
    assert picture.pixels.shape == SCENE.shape
