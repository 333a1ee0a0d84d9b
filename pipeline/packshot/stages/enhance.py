"""enhance: white balance, exposure, denoise and sharpen, as the mode asks and the photo needs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from packshot.contracts.base import Mode, ReviewReason
from packshot.contracts.stages import EnhanceInput, Enhancement, EnhanceOutput
from packshot.contracts.task import effective_background, effective_mode
from packshot.imaging.denoise import denoise
from packshot.imaging.exposure import exposure_gain, is_underexposed
from packshot.imaging.metrics.rating import Look, look
from packshot.imaging.metrics.view import STANDARD, view
from packshot.imaging.sharpen import sharpen
from packshot.imaging.tone import apply_table, gain_table, luma
from packshot.imaging.white_balance import NEUTRAL, Gains, cast_gains, ground_of
from packshot.stages.context import StageContext
from packshot.stages.workspace import SAMPLE_STEP, Pixels, Workspace

Flags = NDArray[np.bool_]

#: Memo under which the look of the finished picture is left for score, when it is known.
FINISHED_LOOK: Final = "finished.look"

_LIGHT: Final = frozenset({Mode.AUTO, Mode.FULL})
_DENOISE: Final = frozenset({Mode.AUTO, Mode.FULL, Mode.DENOISE})
_SHARPEN: Final = frozenset({Mode.AUTO, Mode.FULL, Mode.SHARPEN})
_PATIENT: Final = _LIGHT | _DENOISE | _SHARPEN

#: Noise at the standard size, levels, at which denoising sets in, and at which it is whole.
_NOISY: Final = 2.0
_VERY_NOISY: Final = 5.0
#: Sharpness below which `auto` sharpens, and at which it does so wholly.
_SOFT: Final = 2.6
_VERY_SOFT: Final = 1.6
_LEAST_AMOUNT: Final = 0.25


@dataclass(frozen=True, slots=True)
class _Needs:
    """What the photo needs.

    Attributes:
        gains: of linear light per channel, cast and exposure together.
        noise: deviation in levels per pixel of the canvas.
        denoise, sharpen: amounts, 0-1; 0 leaves them out.
        reasons: what a person must know of it.
    """

    gains: Gains
    noise: float
    denoise: float
    sharpen: float
    applied: tuple[Enhancement, ...]
    reasons: tuple[ReviewReason, ...]


def run(given: EnhanceInput, workspace: Workspace, _context: StageContext) -> EnhanceOutput:
    """Writes `finished`; it is the very picture that came in when nothing needs to change."""
    mode = effective_mode(given.task, given.settings)
    keeps_ground = effective_background(given.task, given.settings) == "keep"
    base = workspace.get_pixels("aligned" if keeps_ground else "foreground")
    if mode not in _PATIENT:
        workspace.put_pixels("finished", base)
        return EnhanceOutput()
    alpha = workspace.get_pixels("alpha")
    seen = look(view(base, alpha, given.background.box))
    needs = _needs(mode, seen, given, workspace)
    if not needs.applied:
        workspace.put_pixels("finished", base)
        workspace.memo(FINISHED_LOOK, lambda: seen)
        return EnhanceOutput(review_reasons=needs.reasons)
    finished = base.copy()
    # A kept ground is seen beside the product, so it must not be left behind.
    region = (slice(None), slice(None)) if keeps_ground else _region(alpha)
    finished[region] = _changed(base[region], needs, _zoom(given))
    workspace.put_pixels("finished", finished)
    return EnhanceOutput(applied=needs.applied, review_reasons=needs.reasons)


def _zoom(given: EnhanceInput) -> float:
    """Pixels of the canvas per pixel of the standard size, at least 1."""
    return max(1.0, max(given.background.box[2:]) / STANDARD)


def _region(alpha: Pixels) -> tuple[slice, slice]:
    """Rows and columns that hold any of the product."""
    rows, columns = (np.flatnonzero(alpha.max(axis=axis)) for axis in (1, 0))
    return slice(int(rows[0]), int(rows[-1]) + 1), slice(int(columns[0]), int(columns[-1]) + 1)


def _changed(picture: Pixels, needs: _Needs, zoom: float) -> Pixels:
    picture = np.ascontiguousarray(picture)
    if needs.gains != NEUTRAL:
        picture = apply_table(picture, gain_table(needs.gains))
    if needs.denoise > 0:
        picture = denoise(picture, needs.noise * needs.denoise)
    if needs.sharpen > 0:
        left = needs.noise * (1 - needs.denoise)
        picture = sharpen(picture, amount=1.2 * needs.sharpen, radius=1.3 * zoom, deviation=left)
    return picture


def _needs(mode: Mode, seen: Look, given: EnhanceInput, workspace: Workspace) -> _Needs:
    applied: list[Enhancement] = []
    gains, reasons = NEUTRAL, tuple[ReviewReason, ...]()
    if mode in _LIGHT:
        gains, reasons = _light(workspace, applied)
    smooth = _between(seen.noise, _NOISY, _VERY_NOISY) if mode in _DENOISE else 0.0
    soft = _between(-seen.sharpness, -_SOFT, -_VERY_SOFT) if mode in _SHARPEN else 0.0
    if mode is not Mode.AUTO:  # asked for by name, so it is done in any case
        smooth = max(smooth, _LEAST_AMOUNT) if mode in _DENOISE else 0.0
        soft = max(soft, _LEAST_AMOUNT) if mode in _SHARPEN else 0.0
    if smooth > 0:
        applied.append(Enhancement(name="denoise", measured=round(seen.noise, 4), amount=round(smooth, 4)))
    if soft > 0:
        applied.append(Enhancement(name="sharpen", measured=round(seen.sharpness, 4), amount=round(soft, 4)))
    return _Needs(gains, seen.noise * _zoom(given), smooth, soft, tuple(applied), reasons)


def _light(workspace: Workspace, applied: list[Enhancement]) -> tuple[Gains, tuple[ReviewReason, ...]]:
    """Gains against a cast and darkness; notes what it does. And what they can't mend."""
    picture, alpha, inside = _samples(workspace)
    ground = ground_of(picture[(alpha == 0) & inside])
    (red, green, blue), amount = cast_gains(ground)
    if amount > 0 and ground is not None:
        applied.append(
            Enhancement(name="white_balance", measured=round(ground.chroma, 4), amount=round(amount, 4))
        )
    strongest = picture.max(axis=2)[alpha > 250]
    if strongest.size == 0 or not inside.any():
        return (red, green, blue), ()
    brightest = float(np.percentile(luma(picture[inside]), 99)) / 1000
    highlights = float(np.percentile(strongest, 99))
    gain = exposure_gain(ground, brightest, highlights)
    if gain > 1:
        applied.append(Enhancement(name="exposure", measured=round(gain, 4), amount=round(1 - 1 / gain, 4)))
    dark = is_underexposed(brightest, highlights, gain)
    return (red * gain, green * gain, blue * gain), (ReviewReason.UNDEREXPOSED,) if dark else ()


def _samples(workspace: Workspace) -> tuple[Pixels, Pixels, Flags]:
    """Every n-th pixel of the aligned picture, of the alpha (spread a little), and where the source is."""
    picture = workspace.get_pixels("aligned_sampled")
    alpha = workspace.get_pixels("alpha")[::SAMPLE_STEP, ::SAMPLE_STEP]
    if workspace.has("aligned_inside"):
        inside = workspace.get_pixels("aligned_inside")[::SAMPLE_STEP, ::SAMPLE_STEP] > 0
    else:
        inside = np.ones(alpha.shape, bool)
    return picture, alpha, inside


def _between(value: float, start: float, end: float) -> float:
    """0 up to `start`, 1 from `end`, straight between."""
    return min(1.0, max(0.0, (value - start) / (end - start)))
