"""Colour profiles written byte by byte (ICC.1:2001-04), so that no vendor's file is needed."""

from __future__ import annotations

import struct
from itertools import product

import numpy as np

D50 = np.array([0.9642, 1.0, 0.8249])
ADOBE_RGB = ((0.64, 0.33), (0.21, 0.71), (0.15, 0.06))
DISPLAY_P3 = ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06))
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])


def matrix_to_d50(primaries):
    """Linear RGB to XYZ under D50, from xy chromaticities under D65."""
    white = np.array([0.3127 / 0.3290, 1, (1 - 0.3127 - 0.3290) / 0.3290])
    columns = np.array([[x / y, 1, (1 - x - y) / y] for x, y in primaries]).T
    columns = columns * np.linalg.solve(columns, white)
    adapt = np.linalg.inv(_BRADFORD) @ np.diag((_BRADFORD @ D50) / (_BRADFORD @ white)) @ _BRADFORD
    return adapt @ columns


def rgb_profile(name, primaries, gamma):
    matrix = matrix_to_d50(primaries)
    tags = [(b"rXYZ", _xyz(matrix[:, 0])), (b"gXYZ", _xyz(matrix[:, 1])), (b"bXYZ", _xyz(matrix[:, 2]))]
    tags += [(tag, _curve(gamma)) for tag in (b"rTRC", b"gTRC", b"bTRC")]
    return _file(name, b"mntr", b"RGB ", b"XYZ ", tags)


def grey_profile(name, gamma):
    return _file(name, b"mntr", b"GRAY", b"XYZ ", [(b"kTRC", _curve(gamma))])


def cmyk_profile(name):
    """A printer whose inks are 2x2x2x2 colours in Lab: paper white, strong inks, black."""
    inks = {"c": (55, -37, -50), "m": (48, 74, -3), "y": (89, -5, 93), "k": (16, 0, 0)}
    table = b""
    for printed in product((0, 1), repeat=4):
        lightness, a, b = 95.0, 0.0, 0.0
        for on, ink in zip(printed, inks.values(), strict=True):
            if on:
                lightness, a, b = lightness * ink[0] / 95, a * 0.6 + ink[1], b * 0.6 + ink[2]
        clipped = np.clip([lightness * 2.55, a + 128, b + 128], 0, 255)
        table += bytes(round(float(value)) for value in clipped)
    identity = b"".join(struct.pack(">i", 65536 * (i % 4 == 0)) for i in range(9))
    ramps = bytes(range(256))
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + ramps * 4 + table + ramps * 3
    return _file(name, b"prtr", b"CMYK", b"Lab ", [(b"A2B0", lut), (b"A2B1", lut)])


def _number(value):
    return struct.pack(">i", round(float(value) * 65536))


def _xyz(values):
    return b"XYZ \0\0\0\0" + b"".join(map(_number, values))


def _curve(gamma):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256))


def _description(text):
    data = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(data)) + data + b"\0" * 78


def _file(name, kind, space, connection, tags):
    tags = [(b"desc", _description(name)), (b"cprt", b"text\0\0\0\0none\0"), (b"wtpt", _xyz(D50)), *tags]
    index, body, offset = struct.pack(">I", len(tags)), b"", 132 + 12 * len(tags)
    for tag, data in tags:
        index += tag + struct.pack(">II", offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", offset + len(body), b"\0" * 4, 0x02400000, kind, space, connection)
    head += b"\0" * 12 + b"acsp" + b"\0" * 28 + b"".join(map(_number, D50))
    return head.ljust(128, b"\0") + index + body
