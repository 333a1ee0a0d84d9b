"""Take the renderer's noise out of a picture, so that the only grain left is the camera's."""

from __future__ import annotations

import ctypes
import importlib
import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import look

Linear = NDArray[np.float32]


def available() -> bool:
    """Whether Open Image Denoise (the `oidn` package) is installed."""
    return importlib.util.find_spec("oidn") is not None


def denoise(light: Linear, albedo: Linear | None = None, normal: Linear | None = None) -> Linear:
    """Linear RGB (h, w, 3) in, the same without noise out. Surface colour and normals, where given, keep
    print and edges sharp.

    Uses Open Image Denoise, and non-local means where that is not installed.
    """
    if not available():
        return look.calm(light, 0.7)
    oidn = _load()
    h, w = light.shape[:2]
    out = np.zeros_like(light, dtype=np.float32, order="C")
    buffers: dict[str, Any] = {
        "color": light,
        "albedo": albedo,
        "normal": normal if albedo is not None else None,
    }
    held = {k: np.ascontiguousarray(v, dtype=np.float32) for k, v in buffers.items() if v is not None}
    device = oidn.NewDevice()
    oidn.CommitDevice(device)
    task = oidn.NewFilter(device, "RT")
    for name, data in {**held, "output": out}.items():
        oidn.SetSharedFilterImage(task, name, data, oidn.FORMAT_FLOAT3, w, h)
    switch = getattr(oidn, "__lib_oidn").oidnSetFilter1b
    switch.argtypes, switch.restype = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_bool], None
    switch(task, b"hdr", True)
    oidn.CommitFilter(task)
    oidn.ExecuteFilter(task)
    code = oidn.GetDeviceError(device)
    oidn.ReleaseFilter(task)
    oidn.ReleaseDevice(device)
    if code:
        raise RuntimeError(f"Open Image Denoise failed with code {code}")
    return out


def _load() -> Any:
    """Import the package; its Linux wheel carries the threading library under a name that the loader does
    not look for.
    """
    spec = importlib.util.find_spec("oidn")
    folders = (spec.submodule_search_locations if spec else None) or []
    for folder in folders:
        for library in Path(folder).glob("lib.linux*/libtbb.so.*"):
            ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    return importlib.import_module("oidn")
