"""Triangle meshes made of numbers: lofts, boxes, tubes, sheets, and what is done to them.

Right-handed axes, z up, the ground is z = 0 and a product faces -y. One unit is about ten centimetres.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Mesh:
    """Vertices (n, 3), faces (m, 3) counter-clockwise seen from outside, and texture coordinates (n, 2) in
    0-1, v up.
    """

    v: Floats
    f: Ints
    uv: Floats

    def moved(self, offset: tuple[float, float, float] | Floats) -> Mesh:
        return replace(self, v=self.v + np.asarray(offset, dtype=float))

    def scaled(self, factor: float | tuple[float, float, float]) -> Mesh:
        return replace(self, v=self.v * np.asarray(factor, dtype=float))

    def turned(self, axis: str, degrees: float) -> Mesh:
        return replace(self, v=self.v @ rotation(axis, degrees).T)

    def normals(self) -> Floats:
        """Unit normals of the vertices, the mean of the adjoining faces weighted by area, shape (n, 3)."""
        p = self.v[self.f]
        face = np.cross(p[:, 1] - p[:, 0], p[:, 2] - p[:, 0])
        total = np.zeros_like(self.v)
        for k in range(3):
            np.add.at(total, self.f[:, k], face)
        length = np.linalg.norm(total, axis=1, keepdims=True)
        return total / np.maximum(length, 1e-12)

    def flipped(self) -> Mesh:
        return replace(self, f=self.f[:, ::-1].copy())


def rotation(axis: str, degrees: float) -> Floats:
    """The 3 x 3 matrix that turns by the right-hand rule about the axis `x`, `y` or `z`."""
    i = "xyz".index(axis)
    j, k = (i + 1) % 3, (i + 2) % 3
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    m = np.eye(3)
    m[j, j] = m[k, k] = c
    m[j, k], m[k, j] = -s, s
    return m


def merge(*meshes: Mesh) -> Mesh:
    """Several meshes as one."""
    start = np.cumsum([0] + [len(m.v) for m in meshes])
    return Mesh(
        np.concatenate([m.v for m in meshes]),
        np.concatenate([m.f + s for m, s in zip(meshes, start, strict=False)]).astype(np.int32),
        np.concatenate([m.uv for m in meshes]),
    )


def grid_faces(rows: int, columns: int) -> Ints:
    """Two triangles for each cell of a grid whose vertices are numbered row by row."""
    r, c = np.mgrid[0 : rows - 1, 0 : columns - 1]
    a = (r * columns + c).ravel()
    b, d, e = a + 1, a + columns, a + columns + 1
    return np.concatenate([np.stack([a, b, e], 1), np.stack([a, e, d], 1)]).astype(np.int32)


def superellipse(t: Floats, exponent: float | Floats) -> tuple[Floats, Floats]:
    """Points of |x|^n + |y|^n = 1 at the angles t (n = 2 is the circle, large n the square)."""
    c, s = np.cos(t), np.sin(t)
    return np.sign(c) * np.abs(c) ** (2 / exponent), np.sign(s) * np.abs(s) ** (2 / exponent)


@dataclass(frozen=True)
class Loft:
    """Superellipse sections stacked along z: half-axes a (x) and b (y), exponent n and centre, each of
    shape (k,).
    """

    z: Floats
    a: Floats
    b: Floats
    n: Floats
    ox: Floats
    oy: Floats

    @staticmethod
    def make(
        z: list[float] | Floats,
        a: list[float] | Floats,
        b: list[float] | Floats | None = None,
        n: list[float] | Floats | float = 2.0,
        ox: list[float] | Floats | float = 0.0,
        oy: list[float] | Floats | float = 0.0,
    ) -> Loft:
        k = np.asarray(z, dtype=float)
        full = [
            np.broadcast_to(np.asarray(q, dtype=float), k.shape).copy()
            for q in (a, a if b is None else b, n, ox, oy)
        ]
        return Loft(k, *full)

    def mesh(self, around: int = 72, closed: bool = True) -> Mesh:
        t = np.linspace(0, 2 * np.pi, around + 1) - np.pi / 2 - np.pi
        x, y = superellipse(t[None, :], self.n[:, None])
        v = np.stack(
            [
                self.ox[:, None] + self.a[:, None] * x,
                self.oy[:, None] + self.b[:, None] * y,
                np.broadcast_to(self.z[:, None], x.shape),
            ],
            -1,
        )
        along = np.concatenate([[0], np.cumsum(np.hypot(np.diff(self.z), np.diff(self.a)))])
        along /= max(along[-1], 1e-9)
        u = np.broadcast_to(np.linspace(0, 1, around + 1)[None, :], x.shape)
        uv = np.stack([u, np.broadcast_to(along[:, None], x.shape)], -1)
        body = Mesh(v.reshape(-1, 3), grid_faces(*x.shape), uv.reshape(-1, 2))
        return merge(body, *self._caps(v)) if closed else body

    def _caps(self, v: Floats) -> list[Mesh]:
        caps = []
        for row, up in ((0, False), (-1, True)):
            ring = v[row, :-1]
            points = np.concatenate([ring, ring.mean(0, keepdims=True)])
            i = np.arange(len(ring))
            faces = np.stack([i, (i + 1) % len(ring), np.full_like(i, len(ring))], 1).astype(np.int32)
            span = np.maximum(np.ptp(points[:, :2], axis=0), 1e-9)
            caps.append(
                Mesh(
                    points,
                    faces if up else faces[:, ::-1].copy(),
                    (points[:, :2] - points[:, :2].min(0)) / span,
                )
            )
        return caps

    def at(self, z: Floats) -> Loft:
        """The sections at other heights; needs z to rise."""
        return Loft(z, *(np.interp(z, self.z, q) for q in (self.a, self.b, self.n, self.ox, self.oy)))

    def band(
        self, z0: float, z1: float, turn: float = 360.0, lift: float = 0.004, around: int = 96, rows: int = 24
    ) -> Mesh:
        """A label: the surface between two heights, `turn` degrees wide about the front (-y), lifted off by
        `lift`.
        """
        part = self.at(np.linspace(z0, z1, rows))
        half = np.radians(turn) / 2
        t = np.linspace(-half, half, around) - np.pi / 2
        x, y = superellipse(t[None, :], part.n[:, None])
        v = np.stack(
            [
                part.ox[:, None] + (part.a[:, None] + lift) * x,
                part.oy[:, None] + (part.b[:, None] + lift) * y,
                np.broadcast_to(part.z[:, None], x.shape),
            ],
            -1,
        )
        step = np.linalg.norm(np.diff(v[rows // 2], axis=0), axis=1)
        u = np.concatenate([[0], np.cumsum(step)]) / step.sum()
        uv = np.stack(np.broadcast_arrays(u[None, :], np.linspace(0, 1, rows)[:, None]), -1)
        return Mesh(v.reshape(-1, 3), grid_faces(rows, around), uv.reshape(-1, 2))


def rounded(points: list[tuple[float, float]], radius: float, steps: int = 5) -> Floats:
    """A polyline (k, 2) whose inner corners are replaced by arcs of about `radius` (quadratic, so G1)."""
    p = np.asarray(points, dtype=float)
    out = [p[0]]
    for before, corner, after in zip(p, p[1:], p[2:], strict=False):
        to_b, to_a = before - corner, after - corner
        lb, la = np.linalg.norm(to_b), np.linalg.norm(to_a)
        cut = min(radius, 0.45 * lb, 0.45 * la)
        s, e = corner + to_b / lb * cut, corner + to_a / la * cut
        q = np.linspace(0, 1, steps)[:, None]
        out.extend((1 - q) ** 2 * s + 2 * q * (1 - q) * corner + q**2 * e)
    out.append(p[-1])
    return np.asarray(out)


def lathe(
    profile: list[tuple[float, float]], radius: float = 0.03, around: int = 72, closed: bool = True
) -> Mesh:
    """Turn a profile of (radius, height) about the z axis, corners softened."""
    q = rounded(profile, radius)
    return Loft.make(q[:, 1], q[:, 0]).mesh(around, closed)


def tube(
    path: Floats, radius: float | Floats, around: int = 14, closed: bool = False, flat: float = 1.0
) -> Mesh:
    """Sweep a circle (or, with flat < 1, an ellipse) along a path (k, 3) on a frame that turns as little as
    it can.
    """
    p = np.asarray(path, dtype=float)
    if closed:
        p = np.concatenate([p, p[:1]])
    tangent = np.gradient(p, axis=0)
    if closed:
        tangent[0] = tangent[-1] = p[1] - p[-2]
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    side = np.cross(tangent[0], (0, 0, 1) if abs(tangent[0, 2]) < 0.9 else (0, 1, 0))
    sides = []
    for t in tangent:
        side = side - t * np.dot(side, t)
        side /= np.linalg.norm(side)
        sides.append(side)
    n1 = np.array(sides)
    n2 = np.cross(tangent, n1)
    t = np.linspace(0, 2 * np.pi, around + 1)
    r = np.broadcast_to(np.asarray(radius, dtype=float), (len(p),))[:, None, None]
    v = p[:, None] + r * (
        np.cos(t)[None, :, None] * n1[:, None] + flat * np.sin(t)[None, :, None] * n2[:, None]
    )
    u, w = np.meshgrid(np.linspace(0, 1, around + 1), np.linspace(0, 1, len(p)))
    body = Mesh(v.reshape(-1, 3), grid_faces(len(p), around + 1), np.stack([u, w], -1).reshape(-1, 2))
    if closed:
        return body
    ends = []
    for row, flip in ((0, True), (-1, False)):
        ring = np.concatenate([v[row, :-1], p[row : row + 1] if row == 0 else p[-1:]])
        i = np.arange(around)
        f = np.stack([i, (i + 1) % around, np.full_like(i, around)], 1).astype(np.int32)
        ends.append(Mesh(ring, f[:, ::-1].copy() if flip else f, np.zeros((around + 1, 2))))
    return merge(body, *ends)


def write_ply(mesh: Mesh, path: Path) -> None:
    """Write a binary PLY file with texture coordinates (u, v); the renderer makes the normals."""
    vertex = np.zeros(len(mesh.v), dtype=[("p", "<f4", 3), ("n", "<f4", 3), ("t", "<f4", 2)])
    vertex["p"], vertex["n"], vertex["t"] = (
        mesh.v,
        mesh.normals(),
        np.column_stack([mesh.uv[:, 0], 1 - mesh.uv[:, 1]]),
    )
    face = np.zeros(len(mesh.f), dtype=[("k", "u1"), ("i", "<i4", 3)])
    face["k"], face["i"] = 3, mesh.f
    names = ["x", "y", "z", "nx", "ny", "nz", "u", "v"]
    header = ["ply", "format binary_little_endian 1.0", f"element vertex {len(mesh.v)}"]
    header += [f"property float {n}" for n in names] + [
        f"element face {len(mesh.f)}",
        "property list uchar int vertex_indices",
        "end_header",
        "",
    ]
    path.write_bytes("\n".join(header).encode() + vertex.tobytes() + face.tobytes())
