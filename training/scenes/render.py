"""From a described scene to linear light: writes the meshes, builds the renderer's scene, takes the
picture.
"""

from __future__ import annotations

import importlib
import importlib.util
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from . import denoise, materials
from .camera import Camera
from .meshes import write_ply
from .products import Part

Linear = NDArray[np.float32]
STRIP = 4_000_000  # light paths in flight at once
SPARKLE = 8.0  # radiance that a pixel of one pass may have at most; white paper has about 1


@dataclass(frozen=True)
class Light:
    """A rectangular soft light: where it stands, where it looks, its size and its radiance (linear RGB)."""

    place: tuple[float, float, float]
    aim: tuple[float, float, float]
    size: tuple[float, float]
    radiance: tuple[float, float, float]


@dataclass(frozen=True)
class Scene:
    """Everything that one picture shows. `sky` is linear RGB light from all round, or a latitude-longitude
    picture of it.
    """

    parts: tuple[Part, ...]
    camera: Camera
    lights: tuple[Light, ...] = ()
    sky: tuple[float, float, float] | Linear = (0.4, 0.4, 0.4)
    depth: int = 5
    notes: dict[str, Any] = field(default_factory=dict)


def available() -> bool:
    """Whether the renderer is installed."""
    return importlib.util.find_spec("mitsuba") is not None


def renderer(variant: str = "scalar_rgb") -> Any:
    """The renderer's module, set to a variant. `llvm_ad_rgb` is some three times faster and needs LLVM 16
    or later (DRJIT_LIBLLVM_PATH).
    """
    mi = importlib.import_module("mitsuba")
    if mi.variant() != variant:
        mi.set_variant(variant)
    mi.set_log_level(mi.LogLevel.Error)
    return mi


def render(scene: Scene, spp: int, seed: int = 0, variant: str = "scalar_rgb") -> Linear:
    """Linear RGB, shape (height, width, 3), with the renderer's own noise; `spp` light paths per pixel."""
    mi = renderer(variant)
    with tempfile.TemporaryDirectory(prefix="scene-") as folder:
        loaded = mi.load_dict(_describe(mi, scene, Path(folder), spp))
        shot = np.array(mi.render(loaded, spp=spp, seed=seed), dtype=np.float32)[..., :3]
    return despeckle(np.nan_to_num(shot, nan=0.0, posinf=0.0, neginf=0.0))


def render_clean(
    scene: Scene, spp: int, seed: int = 0, variant: str = "scalar_rgb", passes: int = 4
) -> Linear:
    """Linear RGB without visible noise. Each pass is capped before they are averaged, which removes
    sparkles (single paths
    of rare, huge light) without darkening what is bright in every pass; surface colour and normals then
    guide a denoiser.
    Large pictures are taken in strips, since the fast variant holds every path of a pass in memory.
    """
    mi = renderer(variant)
    width, height = scene.camera.width, scene.camera.height
    rows = max(16, STRIP // (width * spp))
    total = np.zeros((height, width, 9), np.float32)
    with tempfile.TemporaryDirectory(prefix="scene-") as folder:
        described = _describe(mi, scene, Path(folder), spp)
        described["integrator"] = {
            "type": "aov",
            "aovs": "albedo:albedo,nn:sh_normal",
            "image": described["integrator"],
        }
        for top in range(0, height, rows):
            strip = slice(top, min(height, top + rows))
            described["sensor"]["film"] |= {
                "crop_offset_x": 0,
                "crop_offset_y": top,
                "crop_width": width,
                "crop_height": strip.stop - top,
            }
            loaded = mi.load_dict(described)
            for k in range(passes):
                shot = np.array(
                    mi.render(loaded, spp=spp, seed=(seed * 100 + k) * 1000 + top // rows), dtype=np.float32
                )
                shot = np.nan_to_num(shot, nan=0.0, posinf=0.0, neginf=0.0)
                shot[..., :3] = np.minimum(shot[..., :3], SPARKLE)
                total[strip] += shot / passes
    return denoise.denoise(np.ascontiguousarray(total[..., :3]), total[..., 3:6], total[..., 6:9])


def despeckle(image: Linear, ratio: float = 2.5) -> Linear:
    """Replace single pixels that far outshine the median of their neighbourhood."""
    level = image.mean(2)
    middle = cv2.medianBlur(level.astype(np.float32), 3)
    wild = level > ratio * middle + 0.15
    if not wild.any():
        return image
    calm = np.stack([cv2.medianBlur(np.ascontiguousarray(image[..., c]), 3) for c in range(3)], -1)
    return np.where(wild[..., None], calm, image).astype(np.float32)


def _describe(mi: Any, scene: Scene, folder: Path, spp: int) -> dict[str, Any]:
    out: dict[str, Any] = {
        "type": "scene",
        "integrator": {"type": "path", "max_depth": scene.depth, "rr_depth": 4},
        "sensor": scene.camera.sensor(mi, spp),
        "sky": _sky(mi, scene.sky),
    }
    for i, part in enumerate(scene.parts):
        path = folder / f"{i}.ply"
        write_ply(part.mesh, path)
        out[f"part{i}"] = {"type": "ply", "filename": str(path), "bsdf": materials.bsdf(mi, part.material)}
    for i, light in enumerate(scene.lights):
        place = mi.ScalarTransform4f().look_at(
            origin=list(light.place), target=list(light.aim), up=[0.03, 0.02, 1]
        )
        to_world = place @ mi.ScalarTransform4f().scale([light.size[0] / 2, light.size[1] / 2, 1])
        emitter = {"type": "area", "radiance": {"type": "rgb", "value": list(light.radiance)}}
        out[f"light{i}"] = {"type": "rectangle", "to_world": to_world, "emitter": emitter}
    return out


def _sky(mi: Any, sky: tuple[float, float, float] | Linear) -> dict[str, Any]:
    if isinstance(sky, tuple):
        return {"type": "constant", "radiance": {"type": "rgb", "value": [float(v) for v in sky]}}
    turn = mi.ScalarTransform4f().rotate([1, 0, 0], 90)
    return {
        "type": "envmap",
        "bitmap": mi.Bitmap(np.ascontiguousarray(sky, dtype=np.float32)),
        "to_world": turn,
    }
