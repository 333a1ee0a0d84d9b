"""Packaging artwork drawn from nothing: invented brands, text, marks, bar codes. Drawn at twice the size and reduced."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pil
from PIL import ImageDraw, ImageFont

from . import textures

Rng = np.random.Generator
Rgb = tuple[int, int, int]
STARTS = ("Al", "Be", "Cor", "Da", "El", "Fi", "Gra", "Hel", "Io", "Ju", "Ka", "Lu", "Mo", "No", "Or", "Pe", "Qui", "Ro", "Sol", "Ta", "Ul", "Ver", "Wil", "Zen")
MIDDLES = ("ba", "di", "lo", "mi", "na", "ri", "sa", "ta", "ve", "wo", "", "")
ENDS = ("ca", "den", "fir", "lia", "mo", "na", "rra", "sti", "va", "x", "zo", "lle", "nd")
GOODS = ("Hand Cream", "Olive Oil", "Green Tea", "Dark Roast", "Sea Salt", "Body Wash", "Face Serum", "Honey", "Oat Flakes", "Shampoo", "Tomato Soup", "Lemonade",
         "Dish Soap", "Vitamin C", "Cocoa Mix", "Almond Bar", "Lip Balm", "Laundry", "Pasta Sauce", "Granola", "Room Spray", "Sparkling Water", "Paprika", "Candle")  # fmt: skip
NOTES = ("with aloe and oat milk", "cold pressed, first harvest", "since 1974", "no added sugar", "dermatologically tested", "small batch", "for every day",
         "100 % natural origin", "slow roasted by hand", "gentle and unscented", "family recipe", "recyclable pack")  # fmt: skip


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


def brand(rng: Rng) -> Brand:
    name = str(rng.choice(STARTS)) + str(rng.choice(MIDDLES)) + str(rng.choice(ENDS))
    base = textures.any_colour(rng)
    light = sum(base) / 3 > 0.5
    hue = rng.random()
    accent = textures.hsv(hue, rng.uniform(0.5, 0.9), rng.uniform(0.5, 0.9) if light else rng.uniform(0.8, 1))
    second = textures.hsv((hue + rng.choice([0.08, 0.5, 0.33])) % 1, rng.uniform(0.3, 0.8), rng.uniform(0.5, 0.95))
    ink = tuple(np.array([0.1, 0.1, 0.12]) + rng.uniform(0, 0.12, 3)) if light else (0.97, 0.96, 0.93)
    amount = str(rng.choice(["50 ml", "100 ml", "250 ml", "330 ml", "500 g", "75 g", "1 kg", "12 pcs", "200 g", "0.5 l"]))
    return Brand(name, str(rng.choice(GOODS)), str(rng.choice(NOTES)), amount, *(to_rgb(q) for q in (base, ink, accent, second)))


def to_rgb(colour: tuple[float, ...]) -> Rgb:
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

    def text(self, words: str, centre: tuple[float, float], height: float, colour: Rgb, bold: float = 0.0, widest: float = 0.86, rotate: int = 0) -> None:
        """Words centred on a point (fractions of width and height); `height` in fractions of the width, shrunk until it fits."""
        size = int(height * self.w)
        room = widest * (self.h if rotate in (90, 270) else self.w)
        while size > 7 and self.draw.textlength(words, font=_font(size)) > room:
            size = int(size * 0.93)
        stroke = int(size * bold)
        x, y = centre[0] * self.w, centre[1] * self.h
        if not rotate:
            self.draw.text((x, y), words, font=_font(size), fill=colour, anchor="mm", stroke_width=stroke, stroke_fill=colour)
            return
        tile = Pil.new("L", (int(self.draw.textlength(words, font=_font(size))) + 4 * stroke + 8, size * 2), 0)
        ImageDraw.Draw(tile).text((tile.width / 2, tile.height / 2), words, font=_font(size), fill=255, anchor="mm", stroke_width=stroke, stroke_fill=255)
        tile = tile.rotate(rotate, expand=True)
        self.image.paste(colour, (int(x - tile.width / 2), int(y - tile.height / 2)), tile)

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Rgb, radius: float = 0.0, outline: Rgb | None = None, line: float = 0.0) -> None:
        self.draw.rounded_rectangle(
            (x0 * self.w, y0 * self.h, x1 * self.w, y1 * self.h), radius * self.w, fill=colour if outline is None else None, outline=outline, width=max(1, int(line * self.w))
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
    edge = np.concatenate([np.stack([1 - np.cos(t), 0.55 * np.sin(t) ** 1.3], 1), np.stack([1 + np.cos(t), -0.55 * np.sin(t) ** 1.3], 1)]) * length / 2
    a = np.radians(angle)
    turn = np.array([[np.cos(a), -np.sin(a)], [np.sin(a), np.cos(a)]])
    to_canvas = np.array([1, c.w / c.h])
    c.poly(np.array(at) + (edge @ turn.T) * to_canvas, colour)
    tip = np.array(at) + (turn @ np.array([length, 0])) * to_canvas
    c.draw.line([(at[0] * c.w, at[1] * c.h), (tip[0] * c.w, tip[1] * c.h)], fill=vein, width=max(1, c.w // 160))


def emblem(c: Canvas, rng: Rng, at: tuple[float, float], r: float, b: Brand) -> None:
    """A mark: sprig, sun, drops, rings, fruit or a peak."""
    kind = int(rng.integers(6))
    to_canvas = np.array([1, c.w / c.h])
    if kind == 0:
        for k in range(int(rng.integers(5, 9))):
            leaf(c, at, r * rng.uniform(0.7, 1.1), -90 + (k - 3) * 27 + rng.uniform(-6, 6), b.accent if k % 2 else b.second, b.ground)
    elif kind == 1:
        for a in np.linspace(0, 2 * np.pi, 17)[:-1]:
            d = np.array([np.cos(a), np.sin(a)])
            n = np.array([-d[1], d[0]]) * 0.06 * r
            c.poly(np.array(at) + np.stack([d * 0.68 * r + n, d * r, d * 0.68 * r - n]) * to_canvas, b.accent)
        c.disc(at, 0.58 * r, b.accent)
    elif kind == 2:
        for k in range(3):
            x = at[0] + (k - 1) * r * 0.75
            c.poly(np.array([[x, at[1]], [x, at[1]]]) + np.array([[-0.26 * r, 0], [0, -0.75 * r]]) * to_canvas, b.accent)
            y = at[1] * c.h
            c.draw.polygon([(x * c.w - 0.3 * r * c.w, y), (x * c.w, y - 0.8 * r * c.w), (x * c.w + 0.3 * r * c.w, y)], fill=b.accent if k % 2 else b.second)
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
            c.disc((p[0] - 0.3 * q, p[1] - 0.3 * q * c.w / c.h), 0.25 * q, tuple(min(255, v + 70) for v in shade))  # type: ignore[arg-type]
    else:
        for k, colour in enumerate((b.second, b.accent)):
            peak = np.array([[-1 + 0.3 * k, 0.6], [-0.2 + 0.4 * k, -0.8 + 0.5 * k], [0.8 + 0.2 * k, 0.6]]) * r
            c.poly(np.array(at) + peak * to_canvas, colour)


def barcode(c: Canvas, rng: Rng, x0: float, y0: float, x1: float, y1: float) -> None:
    c.box(x0, y0, x1, y1, (250, 250, 248))
    x, end = x0 * c.w + 0.06 * (x1 - x0) * c.w, x1 * c.w - 0.06 * (x1 - x0) * c.w
    unit = max(1.0, (end - x) / 95)
    while x < end:
        w = unit * int(rng.integers(1, 4))
        c.draw.rectangle((x, (y0 + 0.06 * (y1 - y0)) * c.h, min(x + w, end), (y1 - 0.2 * (y1 - y0)) * c.h), fill=(15, 15, 15))
        x += w + unit * int(rng.integers(1, 4))
    c.text(" ".join(str(d) for d in rng.integers(0, 10, 8)), ((x0 + x1) / 2, y1 - 0.1 * (y1 - y0)), 0.11 * (x1 - x0), (15, 15, 15), widest=(x1 - x0) * 0.9)


def small_print(c: Canvas, rng: Rng, x0: float, y0: float, x1: float, rows: int, pitch: float, colour: Rgb) -> None:
    """Lines of small words, left-justified; pitch in fractions of the height."""
    for k in range(rows):
        words = " ".join(str(rng.choice(NOTES)).split()[:2] + str(rng.choice(GOODS)).lower().split() + [str(rng.choice(MIDDLES)) + str(rng.choice(ENDS))])
        size = max(7, int(pitch * c.h * 0.8))
        while words and c.draw.textlength(words, font=_font(size)) > (x1 - x0) * c.w:
            words = words[:-1]
        c.draw.text((x0 * c.w, (y0 + k * pitch) * c.h), words, font=_font(size), fill=colour)


def front(rng: Rng, b: Brand, width: int, height: int, style: int | None = None) -> NDArray[np.uint8]:
    """The face of a package. Style 0 centred, 1 split field, 2 framed, 3 diagonal, 4 printed all over, 5 vertical word."""
    style = int(rng.integers(6)) if style is None else style
    c = Canvas(width, height, b.ground)
    tall = height / width
    emblem_r = min(0.26, 0.2 * tall)
    if style == 1:
        cut = rng.uniform(0.42, 0.6)
        c.box(0, 0, 1, cut, b.accent)
        emblem(c, rng, (0.5, cut * 0.58), emblem_r, Brand(b.name, b.goods, b.note, b.size, b.accent, b.ink, b.ground, b.second))
        c.text(b.name, (0.5, cut + 0.13), 0.19, b.ink, 0.035)
        c.text(b.goods, (0.5, cut + 0.13 + 0.13 / tall), 0.085, b.ink)
    elif style == 2:
        c.box(0.05, 0.05 / tall, 0.95, 1 - 0.05 / tall, b.ground, 0.03, outline=b.accent, line=0.012)
        c.text(b.name.upper(), (0.5, 0.22), 0.16, b.accent, 0.03, 0.8)
        emblem(c, rng, (0.5, 0.52), emblem_r, b)
        c.text(b.goods, (0.5, 0.78), 0.1, b.ink, 0.01, 0.78)
    elif style == 3:
        c.poly(np.array([[0, 0.28], [1, 0.06], [1, 0.5], [0, 0.72]]), b.accent)
        c.poly(np.array([[0, 0.72], [1, 0.5], [1, 0.55], [0, 0.77]]), b.second)
        c.text(b.name, (0.5, 0.39), 0.22, b.ground, 0.04)
        c.text(b.goods, (0.5, 0.16), 0.1, b.ink, 0.02)
        emblem(c, rng, (0.72, 0.8), emblem_r * 0.7, b)
    elif style == 4:
        art = textures.ground(rng, max(64, max(width, height) // 2), str(rng.choice(["floral", "blobs", "dots", "stripes", "plaid"])))
        c.image.paste(Pil.fromarray(cv2.resize(art, (c.w, c.h), interpolation=cv2.INTER_CUBIC)))
        c.box(0.12, 0.3, 0.88, 0.68, b.ground, 0.05)
        c.text(b.name, (0.5, 0.42), 0.17, b.ink, 0.03, 0.68)
        c.text(b.goods, (0.5, 0.58), 0.085, b.accent, 0.015, 0.66)
    elif style == 5:
        c.box(0, 0, 0.34, 1, b.accent)
        c.text(b.name, (0.17, 0.5), 0.22, b.ground, 0.035, 0.9, rotate=90)
        emblem(c, rng, (0.67, 0.26), emblem_r * 0.75, b)
        c.text(b.goods.split()[0], (0.67, 0.55), 0.11, b.ink, 0.02, 0.58)
        c.text(b.goods.split()[-1], (0.67, 0.55 + 0.12 / tall), 0.11, b.ink, 0.02, 0.58)
    else:
        emblem(c, rng, (0.5, 0.25), emblem_r, b)
        c.text(b.name, (0.5, 0.5), 0.21, b.ink, 0.035)
        c.draw.line([(0.25 * c.w, 0.585 * c.h), (0.75 * c.w, 0.585 * c.h)], fill=b.accent, width=max(2, c.w // 120))
        c.text(b.goods, (0.5, 0.655), 0.1, b.accent, 0.015)
    c.text(b.note, (0.5 if style != 5 else 0.67, 0.885), 0.05, b.ink, widest=0.8 if style != 5 else 0.58)
    c.text(b.size, (0.5 if style != 5 else 0.67, 0.95), 0.055, b.ink, 0.02)
    return c.done()


def wrap(rng: Rng, b: Brand, width: int, height: int, style: int | None = None) -> NDArray[np.uint8]:
    """A label that goes all the way round: the face in the middle, small print and a bar code to both sides."""
    face = front(rng, b, max(16, int(width * 0.42)), height, style)
    c = Canvas(width, height, tuple(int(v) for v in np.median(face[:, [0, -1]].reshape(-1, 3), axis=0)))  # type: ignore[arg-type]
    small_print(c, rng, 0.03, 0.1, 0.26, 12, 0.06, b.ink)
    barcode(c, rng, 0.76, 0.62, 0.96, 0.92)
    small_print(c, rng, 0.74, 0.1, 0.97, 7, 0.06, b.ink)
    out = c.done()
    x = (width - face.shape[1]) // 2
    out[:, x : x + face.shape[1]] = face
    return out


def carton(rng: Rng, b: Brand, unit: int, size: tuple[float, float, float], style: int | None = None) -> NDArray[np.uint8]:
    """The 3 x 2 atlas of a box (meshes.FACES): front, right, back / left, top, bottom; each tile unit x unit, drawn undistorted."""
    w, d, h = size
    tiles = []
    for name, (fw, fh) in zip(("front", "right", "back", "left", "top", "bottom"), ((w, h), (d, h), (w, h), (d, h), (w, d), (w, d)), strict=True):
        s = unit / max(fw, fh)
        pw, ph = max(16, int(fw * s)), max(16, int(fh * s))
        if name in ("front", "back"):
            art = front(rng, b, pw, ph, style)
        else:
            c = Canvas(pw, ph, b.ground if name != "left" else b.accent)
            c.text(b.name, (0.5, 0.5 if name in ("top", "bottom") else 0.2), 0.24, b.ink if name != "left" else b.ground, 0.03, 0.84)
            if name == "right":
                small_print(c, rng, 0.1, 0.35, 0.92, 9, 0.035, b.ink)
                barcode(c, rng, 0.15, 0.74, 0.85, 0.92)
            art = c.done()
        tiles.append(cv2.resize(art, (unit, unit), interpolation=cv2.INTER_AREA if unit <= pw else cv2.INTER_CUBIC))
    return np.concatenate([np.concatenate(tiles[:3], 1), np.concatenate(tiles[3:], 1)], 0)
