"""From a described scene to linear light: writes the meshes, builds the renderer's scene, takes the picture."""

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

from . import materials
from .camera import Camera
from .meshes import write_ply
from .products import Part

Linear = NDArray[np.float32]


@dataclass(frozen=True)
class Light:
    """A rectangular soft light: where it stands, where it looks, its size and its radiance (linear RGB)."""

    place: tuple[float, float, float]
    aim: tuple[float, float, float]
    size: tuple[float, float]
    radiance: tuple[float, float, float]


@dataclass(frozen=True)
class Scene:
    """Everything that one picture shows. `sky` is linear RGB light from all round, or a latitude-longitude picture of it."""

    parts: tuple[Part, ...]
    camera: Camera
    lights: tuple[Light, ...] = ()
    sky: tuple[float, float, float] | Linear = (0.4, 0.4, 0.4)
    depth: int = 5
    notes: dict[str, Any] = field(default_factory=dict)


def available() -> bool:
    return importlib.util.find_spec("mitsuba") is not None


def renderer(variant: str = "scalar_rgb") -> Any:
    """The renderer's module, set to a variant. `llvm_ad_rgb` is some three times faster and needs LLVM 16 or later (DRJIT_LIBLLVM_PATH)."""
    mi = importlib.import_module("mitsuba")
    if mi.variant() != variant:
        mi.set_variant(variant)
    mi.set_log_level(mi.LogLevel.Error)
    return mi


def render(scene: Scene, spp: int, seed: int = 0, variant: str = "scalar_rgb", passes: int = 1) -> Linear:
    """Linear RGB, shape (height, width, 3). With several passes each is capped before they are averaged, which removes sparkles
    (single paths of rare, huge light) without darkening what is bright in every pass."""
    mi = renderer(variant)
    with tempfile.TemporaryDirectory(prefix="scene-") as folder:
        loaded = mi.load_dict(_describe(mi, scene, Path(folder), spp))
        total: Linear | None = None
        for k in range(passes):
            shot = np.array(mi.render(loaded, spp=spp, seed=seed * 1000 + k), dtype=np.float32)[..., :3]
            shot = np.nan_to_num(shot, nan=0.0, posinf=0.0, neginf=0.0)
            if passes > 1:
                shot = np.minimum(shot, 6.0 * float(np.median(shot)) + 4.0)
            total = shot if total is None else total + shot
    assert total is not None
    return despeckle(total / passes)


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
        place = mi.ScalarTransform4f().look_at(origin=list(light.place), target=list(light.aim), up=[0.03, 0.02, 1])
        to_world = place @ mi.ScalarTransform4f().scale([light.size[0] / 2, light.size[1] / 2, 1])
        emitter = {"type": "area", "radiance": {"type": "rgb", "value": list(light.radiance)}}
        out[f"light{i}"] = {"type": "rectangle", "to_world": to_world, "emitter": emitter}
    return out


def _sky(mi: Any, sky: tuple[float, float, float] | Linear) -> dict[str, Any]:
    if isinstance(sky, tuple):
        return {"type": "constant", "radiance": {"type": "rgb", "value": [float(v) for v in sky]}}
    turn = mi.ScalarTransform4f().rotate([1, 0, 0], 90)
    return {"type": "envmap", "bitmap": mi.Bitmap(np.ascontiguousarray(sky, dtype=np.float32)), "to_world": turn}
