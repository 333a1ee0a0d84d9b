"""Flat meshes of polygons, dense enough to be bent into cloth."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from .meshes import Floats, Ints, Mesh


def sheet(outline: Floats, spacing: float = 0.03) -> Mesh:
    """A flat mesh (z = 0) of a polygon (k, 2), dense enough to be bent; texture coordinates span the
    bounding box.
    """
    low, high = outline.min(0), outline.max(0)
    span = float((high - low).max())
    unit = 2000 / span
    poly = ((outline - low) * unit + 50).astype(np.float32)
    xs = np.arange(low[0], high[0], spacing)
    ys = np.arange(low[1], high[1], spacing * 0.87)
    g = np.stack(np.meshgrid(xs, ys), -1)
    g[::2, :, 0] += spacing / 2
    inner = ((g.reshape(-1, 2) - low) * unit + 50).astype(np.float32)
    inner = np.array(
        [
            q
            for q in inner
            if cv2.pointPolygonTest(poly, (float(q[0]), float(q[1])), True) > spacing * unit * 0.45
        ]
    )
    edge = _resample(poly.astype(float), spacing * unit)
    points = np.concatenate([edge, inner]).astype(np.float32) if len(inner) else edge.astype(np.float32)
    faces = _delaunay(points, poly)
    xy = (points.astype(float) - 50) / unit
    uv = xy / np.maximum(high - low, 1e-9)
    return Mesh(np.column_stack([xy + low, np.zeros(len(xy))]), faces, uv)


def _resample(poly: Floats, step: float) -> Floats:
    out = []
    for a, b in zip(poly, np.roll(poly, -1, axis=0), strict=True):
        k = max(1, round(float(np.linalg.norm(b - a)) / step))
        out.append(a + (b - a) * (np.arange(k) / k)[:, None])
    return np.concatenate(out)


def _delaunay(points: NDArray[np.float32], poly: NDArray[np.float32]) -> Ints:
    sub = cv2.Subdiv2D((0, 0, 2200, 2200))
    index: dict[int, int] = {}
    for i, q in enumerate(points):
        index.setdefault(sub.insert((float(q[0]), float(q[1]))), i)
    keep = {tuple(np.round(points[i], 2)): i for i in index.values()}
    faces = []
    for tri in sub.getTriangleList().reshape(-1, 3, 2):
        ids = [keep.get(tuple(np.round(q, 2))) for q in tri]
        middle = tri.mean(0)
        if None in ids or cv2.pointPolygonTest(poly, (float(middle[0]), float(middle[1])), False) < 0:
            continue
        a, b = tri[1] - tri[0], tri[2] - tri[0]
        faces.append(ids if a[0] * b[1] - a[1] * b[0] > 0 else ids[::-1])
    return np.array(faces, dtype=np.int32)
