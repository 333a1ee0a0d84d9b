"""A drawing surface for packaging, invented brands, and the marks that stand on labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil
from PIL import ImageDraw, ImageFont

from . import textures

Rng = np.random.Generator


Rgb = tuple[int, int, int]


STARTS = (
    "Al",
    "Be",
    "Cor",
    "Da",
    "El",
    "Fi",
    "Gra",
    "Hel",
    "Io",
    "Ju",
    "Ka",
    "Lu",
    "Mo",
    "No",
    "Or",
    "Pe",
    "Qui",
    "Ro",
    "Sol",
    "Ta",
    "Ul",
    "Ver",
    "Wil",
    "Zen",
)


MIDDLES = ("ba", "di", "lo", "mi", "na", "ri", "sa", "ta", "ve", "wo", "", "")


ENDS = ("ca", "den", "fir", "lia", "mo", "na", "rra", "sti", "va", "x", "zo", "lle", "nd")


GOODS = (
    "Hand Cream",
    "Olive Oil",
    "Green Tea",
    "Dark Roast",
    "Sea Salt",
    "Body Wash",
    "Face Serum",
    "Honey",
    "Oat Flakes",
    "Shampoo",
    "Tomato Soup",
    "Lemonade",
    "Dish Soap",
    "Vitamin C",
    "Cocoa Mix",
    "Almond Bar",
    "Lip Balm",
    "Laundry",
    "Pasta Sauce",
    "Granola",
    "Room Spray",
    "Sparkling Water",
    "Paprika",
    "Candle",
)


NOTES = (
    "with aloe and oat milk",
    "cold pressed, first harvest",
    "since 1974",
    "no added sugar",
    "dermatologically tested",
    "small batch",
    "for every day",
    "100 % natural origin",
    "slow roasted by hand",
    "gentle and unscented",
    "family recipe",
    "recyclable pack",
)


@dataclass(frozen=True)
class Brand:
    """The identity of one product: its words and colours (sRGB 0-255)."""

    name: str
    goods: str
    note: str
    size: str
    ground: Rgb
    ink: Rgb
    accent: Rgb
    second: Rgb
    mark: int | None = None


def brand(rng: Rng) -> Brand:
    """An invented brand with its words and colours."""
    name = str(rng.choice(STARTS)) + str(rng.choice(MIDDLES)) + str(rng.choice(ENDS))
    base = textures.any_colour(rng)
    light = sum(base) / 3 > 0.5
    hue = rng.random()
    accent = textures.hsv(hue, rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.9) if light else rng.uniform(0.8, 1))
    second = textures.hsv(
        (hue + rng.choice([0.08, 0.5, 0.33])) % 1, rng.uniform(0.3, 0.8), rng.uniform(0.5, 0.95)
    )
    ink = tuple(np.array([0.1, 0.1, 0.12]) + rng.uniform(0, 0.12, 3)) if light else (0.97, 0.96, 0.93)
    amount = str(
        rng.choice(
            ["50 ml", "100 ml", "250 ml", "330 ml", "500 g", "75 g", "1 kg", "12 pcs", "200 g", "0.5 l"]
        )
    )
    return Brand(
        name,
        str(rng.choice(GOODS)),
        str(rng.choice(NOTES)),
        amount,
        *(to_rgb(q) for q in (base, ink, accent, second)),
    )


def to_rgb(colour: tuple[float, ...]) -> Rgb:
    """A colour 0-1 as integers 0-255."""
    r, g, b = (int(np.clip(q, 0, 1) * 255 + 0.5) for q in colour)
    return r, g, b


@lru_cache(maxsize=256)
def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(max(6, size))


class Canvas:
    """A drawing surface in units of the finished artwork's width (0-1) and height (0-h)."""

    def __init__(self, width: int, height: int, colour: Rgb) -> None:
        self.w, self.h = width * 2, height * 2
        self.image = Pil.new("RGB", (self.w, self.h), colour)
        self.draw = ImageDraw.Draw(self.image)

    def text(
        self,
        words: str,
        centre: tuple[float, float],
        height: float,
        colour: Rgb,
        bold: float = 0.0,
        widest: float = 0.86,
        rotate: int = 0,
    ) -> None:
        """Words centred on a point (fractions of width and height); `height` in fractions of the width,
        shrunk until it fits.
        """
        size = int(height * self.w)
        room = widest * (self.h if rotate in (90, 270) else self.w)
        while size > 7 and self.draw.textlength(words, font=_font(size)) > room:
            size = int(size * 0.93)
        stroke = int(size * bold)
        x, y = centre[0] * self.w, centre[1] * self.h
        if not rotate:
            self.draw.text(
                (x, y),
                words,
                font=_font(size),
                fill=colour,
                anchor="mm",
                stroke_width=stroke,
                stroke_fill=colour,
            )
            return
        tile = Pil.new(
            "L", (int(self.draw.textlength(words, font=_font(size))) + 4 * stroke + 8, size * 2), 0
        )
        ImageDraw.Draw(tile).text(
            (tile.width / 2, tile.height / 2),
            words,
            font=_font(size),
            fill=255,
            anchor="mm",
            stroke_width=stroke,
            stroke_fill=255,
        )
        tile = tile.rotate(rotate, expand=True)
        self.image.paste(colour, (int(x - tile.width / 2), int(y - tile.height / 2)), tile)

    def box(
        self,
        x0: float,
        y0: float,
        x1: float,
        y1: float,
        colour: Rgb,
        radius: float = 0.0,
        outline: Rgb | None = None,
        line: float = 0.0,
    ) -> None:
        self.draw.rounded_rectangle(
            (x0 * self.w, y0 * self.h, x1 * self.w, y1 * self.h),
            radius * self.w,
            fill=colour if outline is None else None,
            outline=outline,
            width=max(1, int(line * self.w)),
        )

    def disc(self, centre: tuple[float, float], radius: float, colour: Rgb) -> None:
        x, y, r = centre[0] * self.w, centre[1] * self.h, radius * self.w
        self.draw.ellipse((x - r, y - r, x + r, y + r), fill=colour)

    def poly(self, points: NDArray[np.float64], colour: Rgb) -> None:
        self.draw.polygon([(float(x * self.w), float(y * self.h)) for x, y in points], fill=colour)

    def done(self) -> NDArray[np.uint8]:
        return np.asarray(self.image.resize((self.w // 2, self.h // 2), Pil.Resampling.BOX)).copy()


def leaf(c: Canvas, at: tuple[float, float], length: float, angle: float, colour: Rgb, vein: Rgb) -> None:
    """A pointed leaf; length in fractions of the width, angle in degrees."""
    t = np.linspace(0, np.pi, 24)
    edge = (
        np.concatenate(
            [
                np.stack([1 - np.cos(t), 0.55 * np.sin(t) ** 1.3], 1),
                np.stack([1 + np.cos(t), -0.55 * np.sin(t) ** 1.3], 1),
            ]
        )
        * length
        / 2
    )
    a = np.radians(angle)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    to_canvas = np.array([1, c.w / c.h])
    c.poly(np.array(at) + (edge @ turn.T) * to_canvas, colour)
    tip = np.array(at) + (turn @ np.array([length, 0])) * to_canvas
    c.draw.line(
        [(at[0] * c.w, at[1] * c.h), (tip[0] * c.w, tip[1] * c.h)], fill=vein, width=max(1, c.w // 160)
    )


def emblem(c: Canvas, rng: Rng, at: tuple[float, float], r: float, b: Brand) -> None:
    """A mark: sprig, sun, drops, rings, fruit or a peak."""
    kind = int(rng.integers(6)) if b.mark is None else b.mark
    to_canvas = np.array([1, c.w / c.h])
    if kind == 0:
        for k in range(int(rng.integers(5, 9))):
            leaf(
                c,
                at,
                r * rng.uniform(0.7, 1.1),
                -90 + (k - 3) * 27 + rng.uniform(-6, 6),
                b.accent if k % 2 else b.second,
                b.ground,
            )
    elif kind == 1:
        for a in np.linspace(0, 2 * np.pi, 17)[:-1]:
            d = np.array([np.cos(a), np.sin(a)])
            n = np.array([-d[1], d[0]]) * 0.06 * r
            c.poly(np.array(at) + np.stack([d * 0.68 * r + n, d * r, d * 0.68 * r - n]) * to_canvas, b.accent)
        c.disc(at, 0.58 * r, b.accent)
    elif kind == 2:
        for k in range(3):
            x = at[0] + (k - 1) * r * 0.75
            y = at[1] * c.h
            c.draw.polygon(
                [(x * c.w - 0.3 * r * c.w, y), (x * c.w, y - 0.8 * r * c.w), (x * c.w + 0.3 * r * c.w, y)],
                fill=b.accent if k % 2 else b.second,
            )
            c.disc((x, at[1] + 0.04 * r), 0.31 * r, b.accent if k % 2 else b.second)
    elif kind == 3:
        for k, q in enumerate(np.linspace(1, 0.25, int(rng.integers(3, 6)))):
            c.disc(at, r * q, b.accent if k % 2 == 0 else b.ground)
    elif kind == 4:
        for _ in range(int(rng.integers(5, 12))):
            p = np.array(at) + rng.normal(0, 0.4 * r, 2) * to_canvas
            q = rng.uniform(0.2, 0.36) * r
            shade = b.accent if rng.random() < 0.6 else b.second
            c.disc((p[0], p[1]), q, shade)
            c.disc(
                (p[0] - 0.3 * q, p[1] - 0.3 * q * c.w / c.h), 0.25 * q, tuple(min(255, v + 70) for v in shade)
            )  # type: ignore[arg-type]
    else:
        for k, colour in enumerate((b.second, b.accent)):
            peak = np.array([[-1 + 0.3 * k, 0.6], [-0.2 + 0.4 * k, -0.8 + 0.5 * k], [0.8 + 0.2 * k, 0.6]]) * r
            c.poly(np.array(at) + peak * to_canvas, colour)


def barcode(c: Canvas, rng: Rng, x0: float, y0: float, x1: float, y1: float) -> None:
    """A bar code with its digits, in a white box given by its corners (fractions of the canvas)."""
    c.box(x0, y0, x1, y1, (250, 250, 248))
    x, end = x0 * c.w + 0.06 * (x1 - x0) * c.w, x1 * c.w - 0.06 * (x1 - x0) * c.w
    unit = max(1.0, (end - x) / 95)
    while x < end:
        w = unit * int(rng.integers(1, 4))
        c.draw.rectangle(
            (x, (y0 + 0.06 * (y1 - y0)) * c.h, min(x + w, end), (y1 - 0.2 * (y1 - y0)) * c.h),
            fill=(15, 15, 15),
        )
        x += w + unit * int(rng.integers(1, 4))
    c.text(
        " ".join(str(d) for d in rng.integers(0, 10, 8)),
        ((x0 + x1) / 2, y1 - 0.1 * (y1 - y0)),
        0.11 * (x1 - x0),
        (15, 15, 15),
        widest=(x1 - x0) * 0.9,
    )


def small_print(
    c: Canvas, rng: Rng, x0: float, y0: float, x1: float, rows: int, pitch: float, colour: Rgb
) -> None:
    """Lines of small words, left-justified; pitch in fractions of the height."""
    for k in range(rows):
        words = " ".join(
            str(rng.choice(NOTES)).split()[:2]
            + str(rng.choice(GOODS)).lower().split()
            + [str(rng.choice(MIDDLES)) + str(rng.choice(ENDS))]
        )
        size = max(7, int(pitch * c.h * 0.8))
        while words and c.draw.textlength(words, font=_font(size)) > (x1 - x0) * c.w:
            words = words[:-1]
        c.draw.text((x0 * c.w, (y0 + k * pitch) * c.h), words, font=_font(size), fill=colour)


def tint(colour: Rgb) -> tuple[float, float, float]:
    """The same colour in 0-1."""
    r, g, b = (v / 255 for v in colour)
    return r, g, b
