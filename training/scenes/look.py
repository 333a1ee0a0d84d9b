"""What a camera does to linear light: exposure, white balance, vignetting, a tone curve, grain, blur,
JPEG.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Linear = NDArray[np.float32]
Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Look:
    """Settings of the camera. `noise` is the standard deviation of read noise in linear light, `shot` the
    photon noise per unit of light;
    `blur` and `grain_blur` are Gaussian sigmas in pixels; `balance` multiplies red, green and blue.
    """

    exposure: float = 1.0
    balance: tuple[float, float, float] = (1.0, 1.0, 1.0)
    vignette: float = 0.12
    contrast: float = 0.25
    saturation: float = 1.0
    noise: float = 0.002
    shot: float = 0.0004
    blur: float = 0.0
    grain_blur: float = 0.45


def expose(
    light: Linear, mask: NDArray[np.uint8] | None = None, target: float = 0.18, percentile: float = 50.0
) -> float:
    """The factor that brings a percentile of the luminance (of the masked pixels, alpha above half) to a
    linear value.
    """
    level = light @ np.array([0.2126, 0.7152, 0.0722], np.float32)
    chosen = level[mask > 127] if mask is not None and (mask > 127).any() else level.ravel()
    return target / max(float(np.percentile(chosen, percentile)), 1e-4)


def calm(light: Linear, strength: float) -> Linear:
    """Smooth the renderer's own noise (it is coarser than a camera's) with non-local means on encoded
    values; 0 leaves it.
    """
    if strength <= 0:
        return light
    scale = max(float(np.percentile(light, 98)), 1e-4)
    encoded = np.clip(np.power(np.clip(light / scale, 0, 2) / 2, 1 / 2.4) * 255 + 0.5, 0, 255).astype(
        np.uint8
    )
    smooth = cv2.fastNlMeansDenoisingColored(encoded, None, 6 * strength, 6 * strength, 5, 11).astype(
        np.float32
    )
    tidy = np.power(smooth / 255, 2.4) * 2 * scale
    return np.where(light > 2 * scale, light, tidy).astype(np.float32)


def develop(light: Linear, look: Look, rng: np.random.Generator) -> Image:
    """Linear RGB to an sRGB picture, uint8 (h, w, 3)."""
    h, w = light.shape[:2]
    x = light * (np.asarray(look.balance, np.float32) * look.exposure)
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    r2 = ((xx - w / 2) ** 2 + (yy - h / 2) ** 2) / (0.25 * (w * w + h * h))
    x = x * (1 - look.vignette * r2)[..., None]
    if look.blur > 0:
        x = cv2.GaussianBlur(x, (0, 0), look.blur)
    if look.noise > 0 or look.shot > 0:
        sigma = np.sqrt(look.noise**2 + look.shot * np.maximum(x, 0))
        grain = rng.standard_normal(x.shape, dtype=np.float32)
        if look.grain_blur > 0:
            grain = cv2.GaussianBlur(grain, (0, 0), look.grain_blur)
            grain /= max(float(grain.std()), 1e-6)
        x = x + sigma * grain
    grey = (x @ np.array([0.2126, 0.7152, 0.0722], np.float32))[..., None]
    x = np.clip(grey + (x - grey) * look.saturation, 0, None)
    return np.clip(tone(x, look.contrast) * 255 + 0.5, 0, 255).astype(np.uint8)


def tone(x: Linear, contrast: float) -> Linear:
    """SRGB encoding with a soft shoulder above 0.8 and an S-curve about the middle, as cameras' JPEG
    engines have it.
    """
    knee = 0.8
    x = np.where(x > knee, knee + (1 - knee) * (1 - np.exp(-(x - knee) / (1 - knee))), x)
    y = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.power(np.maximum(x, 1e-8), 1 / 2.4) - 0.055)
    s = y * y * (3 - 2 * y)
    return ((1 - contrast) * y + contrast * s).astype(np.float32)


def any_look(rng: np.random.Generator, exposure: float, strength: float = 1.0) -> Look:
    """A camera and a photographer, mostly fair, sometimes poor."""
    warm = rng.normal(0, 0.06) * strength
    green = rng.normal(0, 0.02) * strength
    return Look(
        exposure=exposure * float(2 ** (rng.normal(0, 0.3) * strength)),
        balance=(1 + warm, 1 + green, 1 - warm),
        vignette=float(rng.uniform(0, 0.3)),
        contrast=float(rng.uniform(0, 0.6)),
        saturation=float(rng.uniform(0.8, 1.2)),
        noise=float(abs(rng.normal(0, 0.004)) * strength),
        shot=float(abs(rng.normal(0, 0.0008)) * strength),
        blur=float(rng.choice([0, 0, 0.3, 0.5, 0.8])),
        grain_blur=float(rng.uniform(0, 0.8)),
    )


def straight_colours(image: Image, alpha: Image) -> Image:
    """The product's own colours also where its edge is mixed with the ground: RGBA whose border takes the
    nearest inner colour.
    """
    solid = alpha >= 250
    if not solid.any():
        return np.dstack([image, alpha])
    inner = cv2.erode(solid.astype(np.uint8), np.ones((3, 3), np.uint8), borderValue=1).astype(bool)
    core = inner if inner.any() else solid
    thin = solid & ~cv2.dilate(core.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    known = core | thin
    _, label = cv2.distanceTransformWithLabels(
        (~known).astype(np.uint8), cv2.DIST_L2, 5, labelType=cv2.DIST_LABEL_PIXEL
    )
    table = np.zeros((int(label.max()) + 1, 3), np.uint8)
    table[label[known]] = image[known]
    out = np.where(known[..., None], image, table[label])
    out[alpha == 0] = 0
    return np.dstack([out.astype(np.uint8), alpha])


def jpeg(image: Image, quality: int) -> bytes:
    """Encode an RGB picture as JPEG."""
    ok, data = cv2.imencode(
        ".jpg", np.ascontiguousarray(image[..., ::-1]), [cv2.IMWRITE_JPEG_QUALITY, quality]
    )
    if not ok:
        raise ValueError("the picture could not be encoded as JPEG")
    return bytes(data.tobytes())
