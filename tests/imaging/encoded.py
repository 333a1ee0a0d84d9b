"""Real encoded pictures for the decoder's tests, made as they are asked for."""

from __future__ import annotations

import io

import cv2
import numpy as np
from PIL import Image


def scene(height=120, width=160):
    """A smooth coloured scene with an edge and some texture; no two corners look alike."""
    y, x = np.mgrid[:height, :width].astype(np.float32)
    red = 40 + 180 * x / width
    green = 30 + 190 * y / height
    blue = 128 + 60 * np.sin(x / 9) * np.cos(y / 7)
    picture = np.stack([red, green, blue], axis=-1)
    picture[height // 4 : height // 2, width // 4 : width // 2] = (230, 40, 50)
    picture[: height // 8, : width // 8] = (10, 10, 12)
    return np.clip(picture, 0, 255).astype(np.uint8)


def saved(pixels, file_format, mode=None, **options):
    """File bytes by Pillow."""
    image = pixels if isinstance(pixels, Image.Image) else Image.fromarray(pixels, mode=mode)
    target = io.BytesIO()
    image.save(target, file_format, **options)
    return target.getvalue()


def saved_cv2(pixels, extension, *options):
    """File bytes by OpenCV, which keeps 16 bits; RGB order in."""
    if pixels.ndim == 3:
        pixels = cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA)
    return cv2.imencode(extension, pixels, options)[1].tobytes()


def psnr(a, b):
    error = np.mean((a.astype(np.float64) - b) ** 2)
    return 99.0 if error == 0 else 10 * np.log10(255**2 / error)


# A 64 x 48 HEIC can't be made here (no encoder is allowed in), so the HEVC still is kept as a file of ours.
