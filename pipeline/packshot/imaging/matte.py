"""From a network's small alpha to an alpha and clean colours at the canvas's full size.

The picture is worked on at a quarter of its size, and at full size only in the narrow band where the
alpha is open: everywhere else it is 0 or 255 and the colours stay as they are.

1. The network's alpha follows the picture's edges (guided filter).
2. In the band, where product and ground differ in colour, the alpha is read off the picture itself:
   the projection of the pixel's colour on the line between both local colours (the compositing
   equation I = a F + (1 - a) B, solved for a). Where they don't differ, and the nearer the network is to
   being sure, the filter's alpha stays: a dark seam in the floor is no part of a dark product.
3. Islands that are too small to be a product are dropped, and faint haze off the product is faded out.
4. The product's own colour in the band: F = F' + a (I - a F' - (1 - a) B'), with F' and B' the local
   colours. Forte: Approximate Fast Foreground Colour Estimation, ICIP 2021, eq. 5 to 7.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.imaging.crumbs import drop_crumbs
from packshot.imaging.guided import apply, guided_coefficients
from packshot.imaging.haze import drop_haze
from packshot.imaging.resize import resized

Floats = NDArray[np.float32]
Pixels = NDArray[np.uint8]

#: The working size's longer side: about a quarter of a 2000 px canvas.
_WORK_SIDE: Final = 512
#: A network that is this close to 0 or 1 means it; so does the refined alpha. Without these levels a
#: product's inside is speckled with an alpha of 250.
_SURE: Final = 0.10
_SOLID: Final = 0.03
#: Window of the guided filter and smallest variance it follows, at the working size.
_GUIDE_RADIUS: Final = 3
_GUIDE_EPSILON: Final = 4e-4
#: Windows of the local colours at the working size: near first, far where near has nothing.
_NEAR: Final = 5
_FAR: Final = 41
#: Power of the certainty with which a pixel speaks for its side's colour.
_CERTAINTY: Final = 4
#: Colour difference (0-1, RGB length) at which the projection counts half.
_SEPARATION: Final = 0.25
#: How much a colour off the line between both sides speaks against it.
_RESIDUAL: Final = 12.0
#: How far the network's alpha must be from 0 and 1 for colours to be believed in full.
_UNSURE: Final = 0.45
#: Where colours tell nothing the filter's wide ramp is steepened: a wide halo is worse than a step.
_STEEPEN: Final = 2.5
#: Pixels of the band worked out at a time: their planes stay in the processor's cache, and cv2.remap
#: takes no side above 32,767.
_CHUNK: Final = 16_384
#: How far the band reaches beyond the open alpha, in pixels of the working size.
_BAND_REACH: Final = 2


@dataclass(frozen=True, slots=True)
class Matte:
    """An alpha at full size with the product's own colours.

    Attributes:
        alpha: (H, W) uint8, 0-255.
        foreground: (H, W, 3) uint8 RGB, decontaminated where the alpha is open.
    """

    alpha: Pixels
    foreground: Pixels


def working_size(width: int, height: int) -> tuple[int, int]:
    """Width and height at which a picture of that size is worked on: a whole fraction of it.

    Shrinking by a whole number is several times as fast as by any other.
    """
    factor = -(-max(width, height) // _WORK_SIDE)
    return max(1, width // factor), max(1, height // factor)


def refine(picture: Pixels, small: Floats, shrunk: Pixels | None = None) -> Matte:
    """Alpha and foreground colours at full size.

    Args:
        picture: (H, W, 3) uint8 RGB.
        small: (h, w) float32 in 0-1, the network's alpha over the same frame, of any size.
        shrunk: the picture at its working size, from whoever has it already.
    """
    height, width = picture.shape[:2]
    size = working_size(width, height)
    work = (resized(picture, size) if shrunk is None else shrunk).astype(np.float32) * np.float32(1 / 255)
    mask = _levelled(resized(small, size), _SURE)
    coefficients = guided_coefficients(work, mask, _GUIDE_RADIUS, _GUIDE_EPSILON)
    guided = apply(coefficients, work)
    guided = _keep_certain(guided, mask)
    front, back = _local_colours(work, guided), _local_colours(work, 1.0 - guided)
    band = _band(guided)
    matte = _resolve(picture, guided, front, back, band)
    return Matte(drop_haze(drop_crumbs(matte.alpha, size)), matte.foreground)


def _levelled(alpha: Floats, margin: float) -> Floats:
    """0 below the margin, 1 above 1 - margin, linear between: fixed levels, the same for every picture."""
    return np.asarray(np.clip((alpha - margin) * (1.0 / (1.0 - 2.0 * margin)), 0.0, 1.0), np.float32)


def _keep_certain(guided: Floats, mask: Floats) -> Floats:
    """Where the network is sure over a whole neighbourhood, the filter's ripples are undone."""
    kernel = np.ones((2 * _GUIDE_RADIUS + 1, 2 * _GUIDE_RADIUS + 1), np.uint8)
    inside = cv2.erode(mask, kernel) > 0.97
    outside = cv2.dilate(mask, kernel) < 0.03
    result = guided.copy()
    result[inside] = 1.0
    result[outside] = 0.0
    return result


def _local_colours(work: Floats, side: Floats) -> Floats:
    """(h, w, 3) mean colours of one side around each pixel.

    Args:
        work: (h, w, 3) float32.
        side: (h, w) float32, how surely a pixel belongs to that side. Its high power lets the sure ones
            speak alone where there are any, and the best there are where a strap has none.
    """
    weight = cv2.pow(side, _CERTAINTY)
    stack = cv2.merge([channel * weight for channel in cv2.split(work)] + [weight])

    def window(length: int) -> Floats:
        return np.asarray(cv2.blur(stack, (length, length), borderType=cv2.BORDER_REFLECT), np.float32)

    # The far window counts little where the near one has anything at all.
    both = window(_NEAR) + window(_FAR) * np.float32(0.02)
    total = cv2.merge([both[..., 3]] * 3)
    return np.asarray(both[..., :3] / np.maximum(total, np.float32(1e-6)), np.float32)


def _band(guided: Floats) -> NDArray[np.uint8]:
    """255 where the alpha is open or changes side, a little widened, at the working size."""
    reach = np.ones((2 * _BAND_REACH + 1, 2 * _BAND_REACH + 1), np.uint8)
    high, low = cv2.dilate(guided, reach), cv2.erode(guided, reach)
    return ((high > 0.02) & (low < 0.98)).astype(np.uint8) * np.uint8(255)


def _resolve(picture: Pixels, guided: Floats, front: Floats, back: Floats, band: Pixels) -> Matte:
    """Works out the band at full size; outside of it the alpha is what the working size says."""
    height, width = picture.shape[:2]
    binary = (guided >= 0.5).astype(np.uint8) * np.uint8(255)
    alpha = np.asarray(cv2.resize(binary, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)
    foreground = picture.copy()
    spots = cv2.findNonZero(cv2.resize(band, (width, height), interpolation=cv2.INTER_NEAREST))
    if spots is None:
        return Matte(alpha, foreground)
    fields = (np.asarray(cv2.merge([*cv2.split(front), guided]), np.float32), back)
    for start in range(0, len(spots), _CHUNK):
        x, y = np.ascontiguousarray(spots[start : start + _CHUNK].reshape(-1, 2).T)
        places = y * np.int32(width) + x
        scale = (guided.shape[1] / width, guided.shape[0] / height)
        maps = [
            ((at + 0.5) * factor - 0.5).astype(np.float32) for at, factor in zip((x, y), scale, strict=True)
        ]
        pixels = picture.reshape(-1, 3).take(places, axis=0)
        alpha.reshape(-1)[places] = _unmix_pixels(pixels, *(_read(field, maps) for field in fields))
        foreground.reshape(-1, 3)[places] = pixels
    return Matte(alpha, foreground)


def _unmix_pixels(pixels: Pixels, near_and_prior: list[Floats], far: list[Floats]) -> Pixels:
    """Alpha (n,) uint8 of (n, 3) pixels; the pixels become the product's own colours, in place."""
    *near, prior = near_and_prior
    # One contiguous plane per channel: numpy is several times as fast on these as on (n, 3).
    colours = [pixels[:, channel] * np.float32(1 / 255) for channel in range(3)]
    values = _levelled(_unmix(colours, prior, near, far), _SOLID)
    open_ = np.flatnonzero((values > 0.004) & (values < 0.996))
    share = values.take(open_)
    for channel in range(3):
        colour, own, ground = (plane[channel].take(open_) for plane in (colours, near, far))
        own += share * (colour - share * own - (1.0 - share) * ground)
        pixels[open_, channel] = np.rint(np.clip(own, 0.0, 1.0) * 255).astype(np.uint8)
    return np.asarray(np.rint(values * 255), np.uint8)


def _unmix(colours: list[Floats], prior: Floats, near: list[Floats], far: list[Floats]) -> Floats:
    """Alpha of colours between their local product and ground colours; planes of (n,) float32.

    The colour's own alpha counts as far as both sides differ, the colour lies on their line, and the
    prior is unsure.
    """
    line = [one - other for one, other in zip(near, far, strict=True)]
    offset = [one - other for one, other in zip(colours, far, strict=True)]
    length = _dot(line, line)
    projected = np.clip(_dot(offset, line) / np.maximum(length, np.float32(1e-4)), 0.0, 1.0)
    off_line = [one - projected * other for one, other in zip(offset, line, strict=True)]
    trust = length / (length + _RESIDUAL * _dot(off_line, off_line) + np.float32(_SEPARATION**2))
    trust *= trust
    trust *= np.minimum(np.minimum(prior, np.float32(1.0) - prior) * np.float32(1 / _UNSURE), np.float32(1.0))
    steep = np.clip((prior - np.float32(0.5)) * np.float32(_STEEPEN) + np.float32(0.5), 0.0, 1.0)
    return np.asarray(steep + trust * (projected - steep), np.float32)


def _dot(one: list[Floats], other: list[Floats]) -> Floats:
    return np.asarray(one[0] * other[0] + one[1] * other[1] + one[2] * other[2], np.float32)


def _read(field: Floats, maps: list[Floats]) -> list[Floats]:
    """Planes of a field of the working size, read bilinearly at the band's pixels."""
    read = cv2.remap(field, maps[0], maps[1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return [np.asarray(plane.reshape(-1), np.float32) for plane in cv2.split(read)]
