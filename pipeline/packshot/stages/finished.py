"""The finished picture on and off its ground, as compress writes it and score compares with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import cv2

from packshot.contracts.preset import Format, Preset, RenditionSpec
from packshot.contracts.task import BatchSettings, ImageTask, effective_background
from packshot.imaging.compose import WHITE, composite, parse_colour, resize_rgba, with_alpha
from packshot.imaging.extend import extend_ground
from packshot.imaging.shadow import contact_shadow
from packshot.stages.workspace import Pixels, Workspace

#: Longer side of the picture that pixelated previews are made of, and how many of its pixels a block
#: needs, so that the two steps look like one.
_SMALL_SIDE: Final = 512
_PIXELS_A_BLOCK: Final = 8


def decoded_name(rendition: str) -> str:
    """Name under which a rendition's decoded pixels, (H, W, 3) RGB, are remembered."""
    return f"renditions/{rendition}.pixels"


@dataclass(frozen=True, slots=True)
class Finished:
    """The finished picture on and off its ground; each is made once, when first asked for.

    Attributes:
        background: white, transparent, keep or #RRGGBB.
        shadow: the ground has a contact shadow.
    """

    workspace: Workspace
    background: str
    shadow: bool

    @classmethod
    def of(cls, task: ImageTask, settings: BatchSettings, workspace: Workspace) -> Finished:
        """The finished picture of one image, with the background that is asked for it."""
        return cls(workspace, effective_background(task, settings), settings.preset.shadow)

    def for_rendition(self, spec: RenditionSpec) -> Pixels:
        """(H, W, 4) RGBA where the rendition can and shall be transparent, else (H, W, 3) RGB."""
        can = spec.format is not Format.JPEG
        if spec.transparent or (self.background == "transparent" and can):
            return self.workspace.memo("finished.transparent", self._transparent)
        return self.opaque

    def small(self, spec: RenditionSpec) -> Pixels:
        """The picture for a pixelated preview, shrunk once for all of them as far as its blocks allow."""
        full = self.for_rendition(spec)
        height, width = full.shape[:2]
        scale = _SMALL_SIDE / max(width, height)
        if scale >= 1 or spec.pixels is None or spec.pixels * _PIXELS_A_BLOCK > _SMALL_SIDE:
            return full
        size = max(1, round(width * scale)), max(1, round(height * scale))
        if full.shape[2] == 4:
            return self.workspace.memo("finished.small.transparent", lambda: resize_rgba(full, size))
        return self.workspace.memo("finished.small", lambda: _shrunk(full, size))

    @property
    def opaque(self) -> Pixels:
        """(H, W, 3) RGB on its ground."""
        return self.workspace.memo("finished.opaque", self._opaque)

    @property
    def alpha(self) -> Pixels:
        """(H, W) uint8."""
        return self.workspace.get_pixels("alpha")

    @property
    def ground_is_white(self) -> bool:
        """True when the white rule stands for the opaque renditions; a JPEG of transparency is white too."""
        return not self.shadow and self.background != "keep" and parse_ground(self.background) == WHITE

    def _transparent(self) -> Pixels:
        return with_alpha(self._own_colours(), self.alpha, self._shadow())

    def _own_colours(self) -> Pixels:
        """The finished product with clean edges: on a kept ground these still hold the ground's colours."""
        finished = self.workspace.get_pixels("finished")
        if self.background != "keep":
            return finished
        foreground, aligned = self.workspace.get_pixels("foreground"), self.workspace.get_pixels("aligned")
        ground = cv2.subtract(foreground, aligned, dtype=cv2.CV_16S)
        return cv2.add(finished, ground, dtype=cv2.CV_8U)  # type: ignore[return-value]

    def _opaque(self) -> Pixels:
        finished = self.workspace.get_pixels("finished")
        if self.background == "keep" and self.workspace.has("aligned_alpha"):
            # A photo that came cut out has no ground; what is translucent in it (a soft shadow) stays so.
            return composite(finished, self.workspace.get_pixels("aligned_alpha"), WHITE)
        if self.background == "keep":
            if not self.workspace.has("aligned_inside"):
                return finished
            return extend_ground(finished, self.workspace.get_pixels("aligned_inside"), self.alpha)
        return composite(finished, self.alpha, parse_ground(self.background), self._shadow())

    def _shadow(self) -> Pixels | None:
        # A kept ground has the shadow that was photographed.
        if not self.shadow or self.background == "keep":
            return None
        return self.workspace.memo("finished.shadow", lambda: contact_shadow(self.alpha))


def main_spec(preset: Preset) -> RenditionSpec:
    """What the preset asks of the `main` file, which every preset has."""
    return next(spec for spec in preset.renditions if spec.name == "main")


def main_background(task: ImageTask, settings: BatchSettings) -> str:
    """The background of the `main` file: the image's, unless the preset wants this file transparent."""
    transparent = main_spec(settings.preset).transparent
    return "transparent" if transparent else effective_background(task, settings)


def parse_ground(background: str) -> tuple[int, int, int]:
    """The opaque ground's colour; white stands in for transparency."""
    return WHITE if background == "transparent" else parse_colour(background)


def _shrunk(pixels: Pixels, size: tuple[int, int]) -> Pixels:
    return cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)  # type: ignore[return-value]
