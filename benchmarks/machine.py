"""What a measurement was made on."""

from __future__ import annotations

import importlib.metadata
import os
import platform
from pathlib import Path

_LIBRARIES = ("numpy", "opencv-python-headless", "onnxruntime", "simplejpeg", "pillow")


def describe() -> str:
    """Processor, instruction sets, cores, Python and the libraries that do the work."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in _LIBRARIES)
    return (
        f"{_processor()}; {os.cpu_count()} cores; {', '.join(_instructions()) or 'plain'}\n"
        f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; {versions}"
    )


def _cpuinfo() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text("utf-8") if path.exists() else ""


def _processor() -> str:
    for line in _cpuinfo().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _instructions() -> list[str]:
    known = ("avx2", "avx512f", "avx512_vnni", "avx_vnni", "avx512_bf16", "asimddp", "i8mm")
    words = set(_cpuinfo().split())
    return [name for name in known if name in words]
