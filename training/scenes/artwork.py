"""A drawing surface for packaging, invented brands, and the marks that stand on labels."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil
from PIL import ImageDraw, ImageFont

from . import fields

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
    base = fields.any_colour(rng)
    light = sum(base) / 3 > 0.5
    hue = rng.random()
    accent = fields.hsv(hue, rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.9) if light else rng.uniform(0.8, 1))
    second = fields.hsv(
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
        wide = int(self.draw.textlength(words, font=_font(size))) + 4 * stroke + 8
        stencil = Pil.new("L", (wide, size * 2 + 4 * stroke), 0)
        middle = (stencil.width / 2, stencil.height / 2)
        ImageDraw.Draw(stencil).text(
            middle, words, font=_font(size), fill=255, anchor="mm", stroke_width=stroke, stroke_fill=255
        )
        stencil = stencil.rotate(rotate, expand=True)
        x, y = centre[0] * self.w - stencil.width / 2, centre[1] * self.h - stencil.height / 2
        self.image.paste(colour, (round(x), round(y)), stencil)

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
