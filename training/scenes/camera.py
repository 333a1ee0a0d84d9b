"""A pinhole camera with an exactly known projection, and how to frame a product with it.

Pixel centres are whole numbers: the picture's top left corner is (-0.5, -0.5). Angles in degrees, clockwise
positive.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from .meshes import Floats


@dataclass(frozen=True)
class Camera:
    """Position and aim in scene units, `fov` across the picture's width; `roll` turns the camera
    anticlockwise, so the picture clockwise.

    `shift` moves the picture by fractions of its width and height (right and down), as a shift lens does:
    it turns nothing.
    """

    origin: tuple[float, float, float]
    target: tuple[float, float, float]
    fov: float
    width: int
    height: int
    roll: float = 0.0
    shift: tuple[float, float] = (0.0, 0.0)
    aperture: float = 0.0

    def axes(self) -> tuple[Floats, Floats, Floats]:
        """Unit vectors to the right of, up and into the picture."""
        into = np.subtract(self.target, self.origin)
        into = into / np.linalg.norm(into)
        hint = np.array([0, 0, 1.0]) if abs(into[2]) < 0.999 else np.array([0, 1.0, 0])
        right = np.cross(into, hint)
        right /= np.linalg.norm(right)
        up = np.cross(right, into)
        a = np.radians(self.roll)
        # the camera turns anticlockwise, so that an upright thing leans clockwise in the picture
        return right * np.cos(a) + up * np.sin(a), up * np.cos(a) - right * np.sin(a), into

    @property
    def focal(self) -> float:
        """Focal length in pixels."""
        return self.width / 2 / float(np.tan(np.radians(self.fov) / 2))

    def project(self, points: Floats) -> Floats:
        """Scene points (n, 3) to pixels (n, 2)."""
        right, up, into = self.axes()
        p = np.asarray(points, dtype=float) - self.origin
        depth = p @ into
        x = self.width / 2 + self.shift[0] * self.width + self.focal * (p @ right) / depth
        y = self.height / 2 + self.shift[1] * self.height - self.focal * (p @ up) / depth
        return np.stack([x - 0.5, y - 0.5], -1)

    def sensor(self, mi: Any, spp: int) -> dict[str, Any]:
        """The renderer's description; a box filter keeps each pixel to its own square, so that coverage is
        exact.
        """
        _, up, _ = self.axes()
        view = mi.ScalarTransform4f().look_at(
            origin=list(self.origin), target=list(self.target), up=[float(u) for u in up]
        )
        out = {
            "type": "perspective",
            "fov": self.fov,
            "fov_axis": "x",
            "to_world": view,
            "near_clip": 0.02,
            "far_clip": 500.0,
            "film": {
                "type": "hdrfilm",
                "width": self.width,
                "height": self.height,
                "rfilter": {"type": "box"},
                "pixel_format": "rgb",
            },
            "sampler": {"type": "independent", "sample_count": spp},
        }
        if self.aperture > 0:
            distance = float(np.linalg.norm(np.subtract(self.target, self.origin)))
            return out | {"type": "thinlens", "aperture_radius": self.aperture, "focus_distance": distance}
        return out | {"principal_point_offset_x": -self.shift[0], "principal_point_offset_y": -self.shift[1]}


def orbit(
    target: tuple[float, float, float], distance: float, azimuth: float, elevation: float
) -> tuple[float, float, float]:
    """A place on a sphere about the target; azimuth 0 is in front (-y) and grows to the right, elevation 90
    is above.
    """
    a, e = np.radians(azimuth), np.radians(elevation)
    d = np.array([np.sin(a) * np.cos(e), -np.cos(a) * np.cos(e), np.sin(e)]) * distance
    x, y, z = np.asarray(target) + d
    return float(x), float(y), float(z)


def frame(
    points: Floats,
    width: int,
    height: int,
    *,
    azimuth: float = 0.0,
    elevation: float = 10.0,
    fov: float = 28.0,
    fill: float = 0.7,
    offset: tuple[float, float] = (0.0, 0.0),
    roll: float = 0.0,
    aperture: float = 0.0,
) -> Camera:
    """Choose the distance so that the points' box fills `fill` of the frame (whichever side binds), centre
    moved by `offset` of the frame.
    """
    target = tuple(float(q) for q in (points.min(0) + points.max(0)) / 2)
    radius = float(np.linalg.norm(points - np.array(target), axis=1).max())
    distance = radius / np.tan(np.radians(fov) / 2) / fill
    camera = Camera(orbit(target, distance, azimuth, elevation), target, fov, width, height, roll)  # type: ignore[arg-type]
    for _ in range(6):
        low, high = (f(camera.project(points), axis=0) for f in (np.min, np.max))
        size = (high - low) / (width, height)
        distance *= float(size.max()) / fill
        middle = (low + high) / 2 / (width, height) - 0.5 - np.asarray(offset)
        right, up, _ = camera.axes()
        reach = float(np.linalg.norm(np.subtract(camera.target, camera.origin)))
        step = (right * middle[0] * width - up * middle[1] * height) * reach / camera.focal
        target = tuple(float(q) for q in np.add(camera.target, step))
        camera = replace(camera, origin=orbit(target, distance, azimuth, elevation), target=target)  # type: ignore[arg-type]
    return replace(camera, aperture=aperture)
