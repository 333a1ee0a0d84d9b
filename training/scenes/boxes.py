"""A box with chamfered edges and an atlas for its six faces."""

from __future__ import annotations

import numpy as np

from .meshes import Floats, Mesh, merge

FACES = ("front", "right", "back", "left", "top", "bottom")


def box(size: tuple[float, float, float], bevel: float = 0.015) -> Mesh:
    """A box on the ground with chamfered edges. The six faces take the six columns of a 3 x 2 texture atlas
    (FACES, row by row).
    """
    h = np.asarray(size, dtype=float) / 2
    frames = [
        ((1, 0, 0), (0, 0, 1), (0, -1, 0)),
        ((0, 1, 0), (0, 0, 1), (1, 0, 0)),
        ((-1, 0, 0), (0, 0, 1), (0, 1, 0)),
        ((0, -1, 0), (0, 0, 1), (-1, 0, 0)),
        ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
        ((1, 0, 0), (0, -1, 0), (0, 0, -1)),
    ]
    parts, corners = [], {}
    for i, (right, up, out) in enumerate(frames):
        r, u, o = (np.asarray(q, dtype=float) for q in (right, up, out))
        quad = []
        for sr, su in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
            p = o * h + sr * r * (h - bevel) + su * u * (h - bevel)
            quad.append(p)
            corners.setdefault(tuple(np.sign(sr * r + su * u + o).astype(int)), []).append(p)
        uv = np.array(
            [[i % 3, 1 - i // 3], [i % 3 + 1, 1 - i // 3], [i % 3 + 1, 2 - i // 3], [i % 3, 2 - i // 3]]
        ) / (3, 2)
        inset = uv.mean(0) + (uv - uv.mean(0)) * 0.998
        parts.append(Mesh(np.array(quad), np.array([[0, 1, 2], [0, 2, 3]], dtype=np.int32), inset))
    parts.extend(
        _chamfers(corners, np.concatenate([p.v for p in parts]), np.concatenate([p.uv for p in parts]))
    )
    return merge(*parts).moved((0, 0, h[2]))


def _chamfers(corners: dict[tuple[int, ...], list[Floats]], points: Floats, uv: Floats) -> list[Mesh]:
    def piece(p: list[Floats], out: Floats, print_of: list[Floats]) -> Mesh:
        v, ink = np.array(p), np.array(print_of)
        if np.dot(np.cross(v[1] - v[0], v[2] - v[0]), out) < 0:
            v, ink = v[::-1], ink[::-1]
        near = [uv[np.argmin(np.sum((points - q) ** 2, axis=1))] for q in ink]
        faces = [[0, k, k + 1] for k in range(1, len(v) - 1)]
        return Mesh(v, np.array(faces, dtype=np.int32), np.array(near))

    out = [piece(p, np.array(key, dtype=float), [p[0]] * 3) for key, p in corners.items()]
    for key, p in corners.items():
        for axis in range(3):
            if key[axis] > 0:
                continue
            other = tuple(-k if i == axis else k for i, k in enumerate(key))
            sides = [i for i in range(3) if i != axis]
            a = [next(q for q in p if np.argmax(np.abs(q) - _reach(p)) == i) for i in sides]
            b = [
                next(q for q in corners[other] if np.argmax(np.abs(q) - _reach(corners[other])) == i)
                for i in sides
            ]
            direction = np.array([0.0 if i == axis else k for i, k in enumerate(key)])
            k = sides.index(1) if 1 in sides else 0  # an edge carries on the print of the front or back
            out.append(piece([a[0], a[1], b[1], b[0]], direction, [a[k], a[k], b[k], b[k]]))
    return out


def _reach(p: list[Floats]) -> Floats:
    return np.abs(np.array(p)).mean(0)
