"""Exact alpha: the share of each pixel's square that the product's outline covers, from its triangles and
the camera.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .camera import Camera
from .meshes import Mesh

SHIFT = 4  # fractional bits of the polygon filler


def coverage(mesh: Mesh, camera: Camera, supersample: int = 8) -> NDArray[np.uint8]:
    """Alpha 0-255, shape (height, width).

    Triangles are filled on a grid `supersample` times finer and averaged. The filler also paints the pixels
    on an outline,
    so the shape grows by half a fine pixel: 1 / (2 * supersample) of a pixel. No part may lie behind the
    camera.
    """
    k = supersample
    fine = np.zeros((camera.height * k, camera.width * k), np.uint8)
    points = (camera.project(mesh.v) + 0.5) * k - 0.5
    margin = 4.0 * max(fine.shape)
    triangles = np.clip(points, -margin, margin)[mesh.f]
    low, high = triangles.min(1), triangles.max(1)
    inside = (high >= 0).all(1) & (low[:, 0] < fine.shape[1]) & (low[:, 1] < fine.shape[0])
    fixed = np.round(triangles[inside] * (1 << SHIFT)).astype(np.int32)
    for triangle in fixed:
        cv2.fillConvexPoly(fine, triangle, 255, cv2.LINE_8, SHIFT)
    return cv2.resize(fine, (camera.width, camera.height), interpolation=cv2.INTER_AREA)
