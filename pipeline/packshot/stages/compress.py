"""compress: the finished picture on its ground, as every file that the preset asks for."""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass

import cv2

from packshot.contracts.preset import Format, RenditionSpec
from packshot.contracts.stages import CompressInput, CompressOutput, RenditionFile
from packshot.contracts.task import effective_background, effective_target_kb
from packshot.errors import RenditionError
from packshot.imaging.budget import Fit, fit_quality
from packshot.imaging.compose import WHITE, composite, parse_colour, resize_rgba, with_alpha
from packshot.imaging.pixelate import pixelate
from packshot.stages.context import StageContext
from packshot.stages.workspace import Pixels, Workspace

#: A rendition that shrinks to meet its budget aims this far below it, since bytes fall slower than area.
_SHRINK_AIM = 0.92
#: Formats whose bytes no quality changes.
_LOSSLESS = frozenset({Format.PNG})


def run(given: CompressInput, workspace: Workspace, _context: StageContext) -> CompressOutput:
    """Writes `renditions/<name>.<ext>` for every rendition of the preset, `main` first.

    Raises:
        RenditionError: `rendition_over_budget` when one can't be made within its budget at its
            smallest size, `rendition_failed` when its format can't hold it.
    """
    preset = given.settings.preset
    grounds = _Grounds.of(workspace, effective_background(given.task, given.settings))
    target = effective_target_kb(given.task, given.settings)
    specs = sorted(preset.renditions, key=lambda spec: spec.name != "main")  # stable: main, then as listed
    made: dict[str, RenditionFile] = {}
    for spec in specs:
        budget_kb = target if spec.name == "main" and target is not None else spec.target_kb
        file, data = _make(spec, grounds.picture(spec), budget_kb)
        workspace.put_bytes(f"renditions/{spec.name}.{spec.format.extension}", data)
        made[spec.name] = file
    return CompressOutput(renditions=tuple(made[spec.name] for spec in preset.renditions))


@dataclass(frozen=True, slots=True)
class _Grounds:
    """The finished picture with and without its ground; each made once, when first asked for."""

    workspace: Workspace
    background: str

    @classmethod
    def of(cls, workspace: Workspace, background: str) -> _Grounds:
        return cls(workspace, background)

    def picture(self, spec: RenditionSpec) -> Pixels:
        """RGB or, where the rendition can and shall be transparent, RGBA."""
        transparent = spec.transparent or (
            self.background == "transparent" and spec.format is not Format.JPEG
        )
        if transparent:
            return self.workspace.memo("compress.transparent", self._transparent)
        return self.workspace.memo("compress.opaque", self._opaque)

    def _transparent(self) -> Pixels:
        return with_alpha(self.workspace.get_pixels("finished"), self.workspace.get_pixels("alpha"))

    def _opaque(self) -> Pixels:
        finished = self.workspace.get_pixels("finished")
        if self.background == "keep":
            return finished
        ground = WHITE if self.background == "transparent" else parse_colour(self.background)
        return composite(finished, self.workspace.get_pixels("alpha"), ground)


def _make(spec: RenditionSpec, picture: Pixels, budget_kb: int | None) -> tuple[RenditionFile, bytes]:
    """One rendition: the largest size, then the highest quality, that its budget allows."""
    budget = None if budget_kb is None else budget_kb * 1000
    longer = max(picture.shape[:2])
    side = longer if spec.longest_side is None else spec.longest_side
    if spec.pixels is None:
        side = min(side, longer)  # a rendition is never larger than the finished picture
    while True:
        sized = _sized(spec, picture, side)
        fit = _fit(spec, sized, budget)
        if fit.data is not None:
            height, width = sized.shape[:2]
            return _described(spec, fit.data, width, height, fit.quality), fit.data
        smaller = _smaller(side, fit, budget or 0)
        if side <= spec.min_side:
            raise RenditionError("rendition_over_budget", rendition=spec.name, budget_kb=budget_kb)
        side = max(smaller, spec.min_side)


def _fit(spec: RenditionSpec, sized: Pixels, budget: int | None) -> Fit:
    return fit_quality(sized, spec.format, budget, spec.min_quality, spec.max_quality, spec.name)


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


def _described(spec: RenditionSpec, data: bytes, width: int, height: int, quality: int) -> RenditionFile:
    return RenditionFile(
        name=spec.name,
        format=spec.format,
        width=width,
        height=height,
        bytes=len(data),
        quality=None if spec.format in _LOSSLESS else quality,
        sha256=hashlib.sha256(data).hexdigest(),
    )
