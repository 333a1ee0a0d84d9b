"""compress: the finished picture on its ground, as every file that the preset asks for."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from typing import Final

import cv2

from packshot.contracts.preset import Format, RenditionSpec
from packshot.contracts.stages import CompressInput, CompressOutput, RenditionFile
from packshot.contracts.task import effective_background, effective_target_kb
from packshot.errors import RenditionError
from packshot.imaging.budget import Fit, fit_quality
from packshot.imaging.compose import WHITE, composite, parse_colour, resize_rgba, with_alpha
from packshot.imaging.extend import extend_ground
from packshot.imaging.pixelate import pixelate
from packshot.imaging.shadow import contact_shadow
from packshot.imaging.white_jpeg import hold_white
from packshot.imaging.white_rule import ground_of
from packshot.stages.context import StageContext
from packshot.stages.workspace import Pixels, Workspace

#: A rendition that shrinks to meet its budget aims this far below it, since bytes fall slower than area.
_SHRINK_AIM: Final = 0.92
#: Formats whose bytes no quality changes.
_LOSSLESS: Final = frozenset({Format.PNG})


def run(given: CompressInput, workspace: Workspace, _context: StageContext) -> CompressOutput:
    """Writes `renditions/<name>.<ext>` for every rendition of the preset, `main` first.

    Raises:
        RenditionError: `rendition_over_budget` when one can't be made within its budget at its
            smallest size, `rendition_failed` when its format can't hold it.
    """
    preset = given.settings.preset
    picture = _Finished(workspace, effective_background(given.task, given.settings), preset.shadow)
    target = effective_target_kb(given.task, given.settings)
    made: dict[str, RenditionFile] = {}
    for spec in sorted(
        preset.renditions, key=lambda spec: spec.name != "main"
    ):  # stable: main, then as listed
        budget_kb = target if spec.name == "main" and target is not None else spec.target_kb
        file, data = _make(spec, picture, budget_kb)
        workspace.put_bytes(f"renditions/{spec.name}.{spec.format.extension}", data)
        made[spec.name] = file
    return CompressOutput(renditions=tuple(made[spec.name] for spec in preset.renditions))


@dataclass(frozen=True, slots=True)
class _Finished:
    """The finished picture on and off its ground; each is made once, when first asked for.

    Attributes:
        background: white, transparent, keep or #RRGGBB.
        shadow: the ground has a contact shadow.
    """

    workspace: Workspace
    background: str
    shadow: bool

    def for_rendition(self, spec: RenditionSpec) -> Pixels:
        """(H, W, 4) RGBA where the rendition can and shall be transparent, else (H, W, 3) RGB."""
        can = spec.format is not Format.JPEG
        if spec.transparent or (self.background == "transparent" and can):
            return self.workspace.memo("compress.transparent", self._transparent)
        return self.workspace.memo("compress.opaque", self._opaque)

    @property
    def alpha(self) -> Pixels:
        """(H, W) uint8."""
        return self.workspace.get_pixels("alpha")

    @property
    def ground_is_white(self) -> bool:
        """True when the white rule stands for the opaque renditions; a JPEG of transparency is white too."""
        return not self.shadow and self.background != "keep" and parse_ground(self.background) == WHITE

    def _transparent(self) -> Pixels:
        return with_alpha(self.workspace.get_pixels("finished"), self.alpha, self._shadow())

    def _opaque(self) -> Pixels:
        finished = self.workspace.get_pixels("finished")
        if self.background == "keep":
            if not self.workspace.has("aligned_inside"):
                return finished
            return extend_ground(finished, self.workspace.get_pixels("aligned_inside"), self.alpha)
        return composite(finished, self.alpha, parse_ground(self.background), self._shadow())

    def _shadow(self) -> Pixels | None:
        # A kept ground has the shadow that was photographed.
        if not self.shadow or self.background == "keep":
            return None
        return self.workspace.memo("compress.shadow", lambda: contact_shadow(self.alpha))


def parse_ground(background: str) -> tuple[int, int, int]:
    """The opaque ground's colour; white stands in for transparency."""
    return WHITE if background == "transparent" else parse_colour(background)


def _make(spec: RenditionSpec, finished: _Finished, budget_kb: int | None) -> tuple[RenditionFile, bytes]:
    """One rendition: the largest size, then the highest quality, that its budget allows."""
    budget = None if budget_kb is None else budget_kb * 1000
    picture = finished.for_rendition(spec)
    longer = max(picture.shape[:2])
    side = longer if spec.longest_side is None else spec.longest_side
    if spec.pixels is None:
        side = min(side, longer)  # a rendition is never larger than the finished picture
    while True:
        sized = _sized(spec, picture, side)
        fit = fit_quality(sized, spec.format, budget, spec.min_quality, spec.max_quality, spec.name)
        if fit.data is not None and _has_white_rule(spec, finished):
            fit = hold_white(sized, _ground_at(finished, sized), fit, budget, spec.min_quality, spec.name)
        if fit.data is not None:
            return _described(spec, fit.data, sized, fit.quality), fit.data
        if side <= spec.min_side:
            raise RenditionError("rendition_over_budget", rendition=spec.name, budget_kb=budget_kb)
        side = max(_smaller(side, fit, budget or 0), spec.min_side)


def _has_white_rule(spec: RenditionSpec, finished: _Finished) -> bool:
    # A pixelated preview's blocks mix product and ground, so that there is no ground to speak of.
    return spec.format is Format.JPEG and spec.pixels is None and finished.ground_is_white


def _ground_at(finished: _Finished, sized: Pixels) -> Pixels:
    height, width = sized.shape[:2]
    alpha = finished.alpha
    if alpha.shape != (height, width):
        alpha = cv2.resize(alpha, (width, height), interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return ground_of(alpha)


def _smaller(side: int, fit: Fit, budget: int) -> int:
    factor = math.sqrt(_SHRINK_AIM * budget / fit.smallest)
    return min(side - 1, int(side * factor))


def _sized(spec: RenditionSpec, picture: Pixels, side: int) -> Pixels:
    height, width = picture.shape[:2]
    longer = max(width, height)
    if spec.pixels is not None:
        return pixelate(picture, spec.pixels, side)
    if side == longer:
        return picture
    size = max(1, round(width * side / longer)), max(1, round(height * side / longer))
    if picture.shape[2] == 4:
        return resize_rgba(picture, size)
    return cv2.resize(picture, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]


def _described(spec: RenditionSpec, data: bytes, sized: Pixels, quality: int) -> RenditionFile:
    height, width = sized.shape[:2]
    return RenditionFile(
        name=spec.name,
        format=spec.format,
        width=width,
        height=height,
        bytes=len(data),
        quality=None if spec.format in _LOSSLESS else quality,
        sha256=hashlib.sha256(data).hexdigest(),
    )
