"""Photos drawn for the golden pictures: one red package, shot well and badly.

The network is replaced by one that sees red, so that the pictures hold the pixel work of all stages
and do not change with each training of the network.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from packshot.contracts.base import Mode
from packshot.contracts.manifest import ManifestRow
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.task import BatchSettings, ImageTask
from packshot.stages.context import StageContext
from packshot.stages.detect import run_reference
from packshot.stages.registry import run_all
from packshot.stages.workspace import MemoryWorkspace
from tests.stages.networks import SeeingNetwork, reddish

SIDE = 300
_LINES = ("NORTH SEA", "OATS", "500 g")


@dataclass(frozen=True)
class Scene:
    """How the package was shot, and what is made of it."""

    name: str
    shift: tuple[float, float] = (0.0, 0.0)
    zoom: float = 1.0
    turn_deg: float = 0.0
    gain: tuple[float, float, float] = (1.0, 1.0, 1.0)
    noise: float = 1.0
    blur: float = 0.0
    background: str = "white"
    shadow: bool = False
    referenced: bool = False
    mode: Mode = Mode.AUTO


SCENES = (
    Scene("plain"),
    Scene("referenced", shift=(60, -30), zoom=0.8, turn_deg=9, referenced=True),
    Scene("cast_and_dark", gain=(0.62, 0.52, 0.42)),
    Scene("noisy", noise=14),
    Scene("soft", blur=1.4, mode=Mode.SHARPEN),
    Scene("blue_ground", background="#3060C0"),
    Scene("kept_ground", background="keep", shift=(120, 0), zoom=0.8),
    Scene("transparent", background="transparent"),
    Scene("shadow", shadow=True),
)


def finished(scene: Scene) -> NDArray[np.uint8]:
    """The finished main picture of a scene: (300, 300, 3) or, transparent, (300, 300, 4) uint8 RGB(A)."""
    references = MemoryWorkspace()
    network = SeeingNetwork(reddish)
    photos = {"reference": photo(SCENES[0]), "photo": photo(scene)}
    context = StageContext(_Photos(photos), lambda _: network, lambda _: references)
    settings = _settings(scene)
    if scene.referenced:
        run_reference(_task("reference"), settings, references, context)
    workspace = MemoryWorkspace()
    task = _task("photo", "ref-1" if scene.referenced else None)
    outcome = run_all({"task": task, "settings": settings}, workspace, context)
    if outcome.error is not None:
        raise outcome.error
    decoded = cv2.imdecode(
        np.frombuffer(workspace.get_bytes("renditions/main.png"), np.uint8), cv2.IMREAD_UNCHANGED
    )
    swap = cv2.COLOR_BGRA2RGBA if decoded.shape[2] == 4 else cv2.COLOR_BGR2RGB
    return np.asarray(cv2.cvtColor(decoded, swap), np.uint8)


def photo(scene: Scene) -> bytes:
    """A PNG of the package on a shaded grey ground, 900 x 700."""
    width, height = 900, 700
    front = _front()
    centre = (width / 2 + scene.shift[0], height / 2 + scene.shift[1])
    matrix = cv2.getRotationMatrix2D((150, 200), -scene.turn_deg, scene.zoom)
    matrix[:, 2] += (centre[0] - 150, centre[1] - 200)
    cover = cv2.warpAffine(np.ones(front.shape[:2], np.float32), matrix, (width, height))
    product = cv2.warpAffine(front, matrix, (width, height), borderMode=cv2.BORDER_REPLICATE)
    ground = np.full((height, width, 3), 205, np.float32)
    ground += np.linspace(-18, 18, width, dtype=np.float32)[None, :, None]
    under = cv2.GaussianBlur(np.roll(cover, (10, 8), (0, 1)), (0, 0), 14)
    ground *= 1 - 0.3 * under[..., None]
    picture = product.astype(np.float32) * cover[..., None] + ground * (1 - cover[..., None])
    if scene.blur:
        picture = cv2.GaussianBlur(picture, (0, 0), scene.blur)
    picture *= np.array(scene.gain, np.float32)
    picture += np.random.default_rng(7).normal(0, scene.noise, picture.shape)
    pixels = np.rint(np.clip(picture, 0, 255)).astype(np.uint8)
    return cv2.imencode(".png", cv2.cvtColor(pixels, cv2.COLOR_RGB2BGR))[1].tobytes()


def _front() -> NDArray[np.uint8]:
    """(400, 300, 3): red all over, with lettering and stripes in other reds."""
    front = np.full((400, 300, 3), (196, 38, 44), np.uint8)
    for index, line in enumerate(_LINES):
        place = (24, 90 + 90 * index)
        cv2.putText(front, line, place, cv2.FONT_HERSHEY_DUPLEX, 1.35, (255, 150, 140), 3, cv2.LINE_AA)
    for index in range(9):
        left = 20 + index * 30
        cv2.rectangle(front, (left, 320), (left + 14, 375), (110 + index * 12, 12, 20), -1)
    cv2.circle(front, (240, 250), 32, (240, 90, 80), -1, cv2.LINE_AA)
    return front


def _settings(scene: Scene) -> BatchSettings:
    main = RenditionSpec(name="main", format=Format.PNG, transparent=scene.background == "transparent")
    preset = Preset(
        name="golden",
        title="Golden",
        version="1",
        canvas=Canvas(width=SIDE, height=SIDE),
        shadow=scene.shadow,
        background=scene.background,
        renditions=(main,),
    )
    return BatchSettings(preset=preset, mode=scene.mode, as_of=dt.date(2026, 11, 1))


def _task(source: str, reference_id: str | None = None) -> ImageTask:
    row = ManifestRow(line=1, product_group_id="g", sku_id="s", image_url=source)
    return ImageTask(batch_id="b", image_id="i", row=row, source=source, reference_id=reference_id)


class _Photos:
    def __init__(self, photos: dict[str, bytes]) -> None:
        self._photos = photos

    def fetch(self, source: str) -> bytes:
        return self._photos[source]
