"""The real pictures that composites draw from, held in memory: cut-outs, photo patches and floors.

Only the training side of the split is loaded; `held_out=True` loads the other side, for evaluation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from training.pseudomasks import resize_longest
from training.split import bucket, garment_name, garments, is_held_out

Image = NDArray[np.uint8]
Rng = np.random.Generator
_MAX_SIDE = 400
_ROOM_SHARE = 0.35  # of the garment photos are kept whole: all of them would fill a gigabyte


@dataclass
class Bank:
    """Cut-outs by family, photos for patches and grounds, floors cut from garment photos, and whole garment
    photos to put other things on top of.
    """

    cut_outs: dict[str, list[tuple[Image, NDArray[np.float32]]]] = field(default_factory=dict)
    photos: list[Image] = field(default_factory=list)
    floors: list[Image] = field(default_factory=list)
    rooms: list[Image] = field(default_factory=list)

    def has(self, family: str) -> bool:
        return bool(self.cut_outs.get(family))

    def cut_out(self, rng: Rng, family: str) -> tuple[Image, NDArray[np.float32]]:
        items = self.cut_outs[family]
        return items[int(rng.integers(len(items)))]

    def patch(self, rng: Rng, h: int, w: int) -> Image:
        """A random window of a photo, enlarged to [h, w]: texture of the real world."""
        return window(rng, self.photos[int(rng.integers(len(self.photos)))], h, w, 0.15, 0.8)

    def photo_ground(self, rng: Rng, h: int, w: int) -> Image:
        """A photo as ground: most of it is seen."""
        return window(rng, self.photos[int(rng.integers(len(self.photos)))], h, w, 0.6, 1.0)

    def room(self, rng: Rng, h: int, w: int) -> Image:
        """A garment's photo as ground, the garment in it: what lies on top is the product."""
        return window(rng, self.rooms[int(rng.integers(len(self.rooms)))], h, w, 0.6, 1.0)

    def floor(self, rng: Rng, h: int, w: int) -> Image:
        """A real floor, bed or wall, continued by mirroring where its strip ends."""
        strip = self.floors[int(rng.integers(len(self.floors)))]
        if rng.random() < 0.5:
            strip = strip[:, ::-1]
        if rng.random() < 0.3:
            strip = strip.transpose(1, 0, 2)
        scale = rng.uniform(0.8, 2.2)
        strip = cv2.resize(strip, None, fx=scale, fy=scale, interpolation=cv2.INTER_LINEAR)
        sh, sw = strip.shape[:2]
        out = (
            cv2.copyMakeBorder(strip, 0, max(0, h - sh), 0, max(0, w - sw), cv2.BORDER_REFLECT_101)
            if sh > 1 and sw > 1
            else strip
        )
        y, x = int(rng.integers(0, out.shape[0] - h + 1)), int(rng.integers(0, out.shape[1] - w + 1))
        return np.ascontiguousarray(out[y : y + h, x : x + w])


def window(rng: Rng, photo: Image, h: int, w: int, low: float, high: float) -> Image:
    """A random crop of `photo` with the aspect of [h, w], `low` to `high` of the largest that fits."""
    ph, pw = photo.shape[:2]
    scale = min(ph / h, pw / w) * rng.uniform(low, high)
    ch, cw = max(2, int(h * scale)), max(2, int(w * scale))
    y, x = int(rng.integers(0, ph - ch + 1)), int(rng.integers(0, pw - cw + 1))
    crop = photo[y : y + ch, x : x + cw]
    out = cv2.resize(crop, (w, h), interpolation=cv2.INTER_AREA if ch > h else cv2.INTER_LINEAR)
    return out[:, ::-1].copy() if rng.random() < 0.5 else out


def floor_strips(image: Image, mask: NDArray[np.uint8]) -> list[Image]:
    """The largest rectangles of ground beside a product's box, at least 50 px thick."""
    _h, _w = image.shape[:2]
    x, y, bw, bh = cv2.boundingRect((mask > 20).astype(np.uint8))
    m = 6
    sides = [image[: max(0, y - m)], image[y + bh + m :], image[:, : max(0, x - m)], image[:, x + bw + m :]]
    good = [s for s in sides if min(s.shape[:2]) >= 50]
    return sorted(good, key=lambda s: -s.size)[:2]


def foreground_colour(image: Image, alpha: NDArray[np.float32]) -> Image:
    """The picture with the product's colours spread over its soft edge, so that no fringe of the old ground
    stays.
    """
    solid = (alpha > 0.95).astype(np.float32)
    out, known = image.astype(np.float32) * solid[..., None], solid
    for sigma in (1.5, 4.0):
        blur, weight = cv2.GaussianBlur(out, (0, 0), sigma), cv2.GaussianBlur(known, (0, 0), sigma)
        fill = blur / np.maximum(weight, 1e-3)[..., None]
        take = (known == 0) & (weight > 1e-3)
        out[take], known = fill[take], np.maximum(known, take.astype(np.float32))
    return np.where(known[..., None] > 0, out, image).clip(0, 255).astype(np.uint8)


def _split_bgra(path: Path) -> tuple[Image, NDArray[np.float32]]:
    image = cv2.imread(str(path), cv2.IMREAD_UNCHANGED)
    if image is None or image.ndim != 3 or image.shape[2] != 4:
        raise ValueError(f"{path} is not a picture with alpha")
    image = resize_longest(image, min(_MAX_SIDE, max(image.shape[:2])))
    alpha = image[..., 3].astype(np.float32) / 255
    return foreground_colour(image[..., :3], alpha), alpha


def load_photos(data: Path, *, held_out: bool) -> list[Image]:
    """Shop photos and parcel backgrounds of one side of the split."""
    paths = sorted((data / "grocery-photos").glob("*.jpg")) + sorted(
        (data / "parcels" / "backgrounds").glob("*.jpg")
    )
    chosen = [p for p in paths if is_held_out(f"photo-{p.stem}", 0.12) == held_out]
    return [resize_longest(im, 448) for p in chosen if (im := cv2.imread(str(p))) is not None]


def rendered_cut_outs(folder: Path, *, held_out: bool) -> list[tuple[Image, NDArray[np.float32]]]:
    """Opaque rendered products without their ground: `<name>_fg.png` whose facts do not say `clear`."""
    out = []
    for path in sorted(folder.glob("*_fg.png")):
        name = path.name.removesuffix("_fg.png")
        facts = path.with_name(f"{name}.json")
        if (
            is_held_out(f"render-{name}") == held_out
            and facts.exists()
            and not json.loads(facts.read_text())["clear"]
        ):
            out.append(_split_bgra(path))
    return out


def load(data: Path, masks: Path, renders: Path | None = None, *, held_out: bool = False) -> Bank:
    """Everything composites need. `masks` holds the garments' alpha as `<class>-<stem>.png`."""
    bank = Bank(photos=load_photos(data, held_out=held_out))
    families = {
        "grocery": (data / "grocery-cutouts").glob("*.png"),
        "emoji": (data / "emoji-cutouts").glob("*.png"),
        "parcel": (
            p for kind in ("objects", "distractors") for p in (data / "parcels" / kind).glob("*/*.png")
        ),
    }
    for family, paths in families.items():
        bank.cut_outs[family] = [_split_bgra(p) for p in sorted(paths) if is_held_out(p.stem) == held_out]
    bank.cut_outs["render"] = rendered_cut_outs(renders, held_out=held_out) if renders else []
    bank.cut_outs["garment"] = []
    for path in garments(data, held_out=held_out):
        mask_path = masks / f"{garment_name(path)}.png"
        if bucket(f"room-{garment_name(path)}") < _ROOM_SHARE and (room := cv2.imread(str(path))) is not None:
            bank.rooms.append(resize_longest(room, _MAX_SIDE))
        if not mask_path.exists():
            continue
        alpha = cv2.imread(str(mask_path), cv2.IMREAD_GRAYSCALE)
        image = cv2.imread(str(path))
        if alpha is None or image is None:
            continue
        image = resize_longest(image, max(alpha.shape))
        bank.floors.extend(floor_strips(image, alpha))
        soft = alpha.astype(np.float32) / 255
        bank.cut_outs["garment"].append((foreground_colour(image, soft), soft))
    return bank
