"""What docs/decisions/0010 to 0012 measured: decoders, encoders, the byte budget and the white ring.

    python -m benchmarks.codecs [FOLDER]

FOLDER holds photos for the curves of quality; without it the benchmark's own cartons stand in.
CPU milliseconds of one thread, medians; ratios within one run mean more than the numbers.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from benchmarks.photos import as_jpeg, carton
from packshot.contracts.preset import Format
from packshot.imaging.budget import fit_quality
from packshot.imaging.compose import WHITE, composite
from packshot.imaging.decode import decode
from packshot.imaging.encode import encoder
from packshot.imaging.white_jpeg import hold_white
from packshot.imaging.white_rule import ground_of, too_dark, white_ground_share

Pixels = NDArray[np.uint8]
QUALITIES = (1, 10, 20, 30, 40, 50, 60, 70, 80, 85, 90, 95, 98, 100)
RUNS = 5


def main() -> None:
    """Prints all tables."""
    cv2.setNumThreads(1)
    photo, soft = carton(1)
    data = as_jpeg(photo)
    raw = np.frombuffer(data, np.uint8)
    print("decode, 12 megapixels")
    row("  decode()", lambda: decode(data))
    row("  cv2", lambda: cv2.imdecode(raw, cv2.IMREAD_COLOR_RGB | cv2.IMREAD_IGNORE_ORIENTATION))
    row("  Pillow", lambda: np.asarray(Image.open(io.BytesIO(data))))
    white, _ = on_white(photo, soft)
    print("encode, 2000 x 2000, quality 90")
    jpeg, webp, avif, png = (encoder(white, file_format) for file_format in Format)
    row("  ours: 4:4:4, optimised", lambda: jpeg(90))
    row(
        "  Pillow 4:2:0, optimised, progressive",
        lambda: by_pillow(white, 90, progressive=True, subsampling=2),
    )
    row(
        "  Pillow 4:4:4, optimised, progressive",
        lambda: by_pillow(white, 90, progressive=True, subsampling=0),
    )
    for name, encode in (("WebP", webp), ("AVIF", avif), ("PNG", png)):
        row(f"  {name}", lambda encode=encode: encode(90))
    rings()
    budgets()
    curves(Path(sys.argv[1]) if len(sys.argv) > 1 else None)


def row(name: str, call: Callable[[], object]) -> None:
    """Prints a call's median CPU time."""
    times = []
    for _ in range(RUNS):
        started = time.process_time()
        call()
        times.append((time.process_time() - started) * 1000)
    print(f"{name:42s} {statistics.median(times):7.1f} ms")


def on_white(photo: Pixels, soft: NDArray[np.float32], side: int = 2000) -> tuple[Pixels, Pixels]:
    """The carton cut out exactly, on a square of white, and its alpha."""
    crop = np.s_[:, 500:3500]
    size = (side, side)
    alpha = cv2.resize(np.rint(soft[crop] * 255).astype(np.uint8), size, interpolation=cv2.INTER_AREA)
    picture = cv2.resize(photo[crop], size, interpolation=cv2.INTER_AREA)
    return composite(picture, alpha, WHITE), alpha  # type: ignore[arg-type, return-value]


def by_pillow(pixels: Pixels, quality: int, *, progressive: bool, subsampling: int) -> bytes:
    """A JPEG with the standard's tables."""
    target = io.BytesIO()
    options = {"optimize": True, "progressive": progressive, "subsampling": subsampling}
    Image.fromarray(pixels).save(target, "JPEG", quality=quality, **options)
    return target.getvalue()


def rings() -> None:
    """Dark ring pixels with the standard's tables and with ours at the same bytes, and after the cure."""
    print("white ring: bytes, ground pixels below 240, PSNR on the product (dB)")
    for seed in range(1, 4):
        pixels, alpha = on_white(*carton(seed), side=1000)
        ground = ground_of(alpha)
        for quality in (75, 85, 90):
            standard = by_pillow(pixels, quality, progressive=False, subsampling=0)
            fit = fit_quality(pixels, Format.JPEG, len(standard), 1, 100)
            held = hold_white(pixels, ground, fit, len(standard), 1, "main", at_any_price=True)
            for name, data in (("standard", standard), ("ours", fit.data), ("held", held.data)):
                decoded = decode(data or b"").pixels
                error = np.mean((decoded[alpha > 128].astype(float) - pixels[alpha > 128]) ** 2)
                dark = cv2.countNonZero(too_dark(decoded, ground))
                share = white_ground_share(decoded, alpha)
                print(
                    f"  {seed} q{quality} {name:9s} {len(data or b''):7d} {dark:5d} "
                    f"{10 * np.log10(255**2 / error):6.2f}  holds on {share:.6f}"
                )


def budgets() -> None:
    """Whole encodes per search, and how full the budgets get."""
    encodes, shares = [], []
    for seed in range(1, 4):
        pixels, _ = on_white(*carton(seed), side=1400)
        for file_format in (Format.JPEG, Format.WEBP, Format.AVIF):
            largest = len(encoder(pixels, file_format)(95))
            for share in (0.15, 0.3, 0.5, 0.8):
                fit = fit_quality(pixels, file_format, int(largest * share), 10, 95)
                encodes.append(fit.encodes)
                if fit.data is not None:
                    shares.append(len(fit.data) / int(largest * share))
    filled = f"filled to {100 * np.mean(shares):.0f} %, at most {100 * max(shares):.1f} %"
    print(f"budgets: {np.mean(encodes):.2f} encodes, {filled}")


def curves(folder: Path | None) -> None:
    """The table in `packshot.imaging.budget`: log(bytes) at each quality less that at 95."""
    sums = {file_format: [] for file_format in (Format.JPEG, Format.WEBP, Format.AVIF)}
    for pixels in samples(folder):
        for file_format, rows in sums.items():
            encode = encoder(pixels, file_format)
            sizes = np.log([len(encode(quality)) for quality in QUALITIES])
            rows.append(sizes - sizes[QUALITIES.index(95)])
    print("curves at", QUALITIES)
    for file_format, rows in sums.items():
        print(f"  {file_format.value:5s}", np.round(np.mean(rows, axis=0), 2).tolist())


def samples(folder: Path | None) -> Iterator[Pixels]:
    """Pictures of 900 pixels with a white margin, with and without grain."""
    if folder is None:
        photos = [carton(seed)[0] for seed in range(4)]
    else:
        photos = [decode(path.read_bytes()).pixels for path in sorted(folder.glob("*.jpg"))[:12]]
    for number, photo in enumerate(photos):
        for grain in (0, 2):
            noise = np.random.default_rng(number).normal(0, grain, (700, 700, 3))
            canvas = np.full((900, 900, 3), 255, np.uint8)
            canvas[100:800, 100:800] = np.clip(cv2.resize(photo, (700, 700)) + noise, 0, 255)
            yield canvas


if __name__ == "__main__":
    main()
