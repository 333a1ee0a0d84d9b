"""Makes the pictures of the modes on the page "New batch": `python web/scripts/mode_pictures.py`.

Each is a piece of one of the example photos, left as it was and right as the mode's own code leaves it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from packshot.imaging.denoise import denoise
from packshot.imaging.sharpen import sharpen
from packshot.imaging.tone import apply_table, gain_table
from packshot.imaging.white_balance import cast_gains, ground_of

Pixels = NDArray[np.uint8]
ROOT: Final = Path(__file__).resolve().parents[2]
PHOTOS: Final = ROOT / "examples" / "photos"
OUT: Final = ROOT / "web" / "src" / "assets" / "modes"
WIDTH, HEIGHT = 352, 288


def piece(photo: str, x: float, y: float, width: float) -> tuple[Pixels, Pixels]:
    """A piece of a photo at the pictures' size, and the whole photo; places are shares of its size."""
    with Image.open(PHOTOS / photo) as opened:
        whole = ImageOps.exif_transpose(opened).convert("RGB")
    w = round(whole.width * width)
    left, top = round(whole.width * x), round(whole.height * y)
    cut = whole.crop((left, top, left + w, top + round(w * HEIGHT / WIDTH)))
    return np.asarray(cut.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)), np.asarray(whole)


def lit(picture: Pixels, whole: Pixels, gain: float) -> Pixels:
    """The cast taken out as the photo's own ground tells it, and some light added."""
    rim = np.concatenate([whole[:40:4].reshape(-1, 3), whole[-40::4].reshape(-1, 3)])
    gains, _ = cast_gains(ground_of(rim))
    return apply_table(picture, gain_table(tuple(one * gain for one in gains)))


def split(before: Pixels, after: Pixels) -> Image.Image:
    """Left half before, right half after, a white line between."""
    picture = before.copy()
    middle = WIDTH // 2
    picture[:, middle:] = after[:, middle:]
    picture[:, middle - 1 : middle + 1] = 255
    return Image.fromarray(picture)


def noisy(picture: Pixels, deviation: float) -> Pixels:
    """As a small camera in poor light would have taken it."""
    noise = np.random.default_rng(1).normal(0, deviation, picture.shape)
    return np.clip(picture + noise, 0, 255).astype(np.uint8)


def evening_light(picture: Pixels) -> Pixels:
    """As under a warm, weak lamp."""
    return apply_table(picture, gain_table((0.86, 0.74, 0.58)))


def main() -> None:
    """Writes all of them."""
    OUT.mkdir(parents=True, exist_ok=True)
    can, _ = piece("pantry/WATER-LIME-330/primary.jpg", 0.36, 0.30, 0.30)
    mug, mug_photo = piece("home/MUG-HALDEN/primary.jpg", 0.25, 0.30, 0.45)
    tea, _ = piece("tea/TEA-GREEN-100/primary.jpg", 0.36, 0.30, 0.26)
    evening, evening_photo = (evening_light(one) for one in (mug, mug_photo))
    soft = cv2.GaussianBlur(can, (0, 0), 1.6)
    grainy = noisy(mug, 14)
    poor = noisy(cv2.GaussianBlur((tea * 0.62).astype(np.uint8), (0, 0), 1.2), 7)
    small = cv2.resize(tea, (WIDTH // 5, HEIGHT // 5), interpolation=cv2.INTER_AREA)
    blocks = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_NEAREST)
    smooth = cv2.resize(small, (WIDTH, HEIGHT), interpolation=cv2.INTER_LANCZOS4)
    mended = denoise(apply_table(poor, gain_table((2.4, 2.4, 2.4))), 9)
    pictures = {
        "auto": split(evening, lit(evening, evening_photo, 1.15)),
        "full": split(poor, sharpen(mended, amount=1.6, radius=1.5, deviation=2)),
        "sharpen": split(soft, sharpen(soft, amount=2.2, radius=1.8, deviation=0.5)),
        "denoise": split(grainy, denoise(grainy, 13)),
        "upscale": split(blocks, smooth),
        "optimize": split(tea, tea),
        "none": split(can, can),
    }
    for name, picture in pictures.items():
        picture.save(OUT / f"{name}.webp", quality=80, method=6)


if __name__ == "__main__":
    main()
