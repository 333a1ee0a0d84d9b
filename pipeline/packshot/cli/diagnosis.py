"""The checks of `packshot doctor`; each looks at one thing and never raises."""

from __future__ import annotations

import importlib
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final, Literal

from packshot import __version__
from packshot.errors import PackshotError
from packshot.local.cores import usable_cores
from packshot.report import numbers

Level = Literal["ok", "warning", "failed"]

#: What the package depends on, by the names of the modules.
_PACKAGES: Final = {
    "numpy": "numpy",
    "opencv-python-headless": "cv2",
    "onnxruntime": "onnxruntime",
    "pillow": "PIL",
    "simplejpeg": "simplejpeg",
    "pi-heif": "pi_heif",
    "pydantic": "pydantic",
    "jinja2": "jinja2",
    "click": "click",
    "rich": "rich",
    "platformdirs": "platformdirs",
    "fastapi": "fastapi",
    "uvicorn": "uvicorn",
}
_PYTHON: Final = (3, 11)
#: Bytes; below the first a warning, below the second no run gets far.
_DISK_LOW: Final = 2_000_000_000
_DISK_NONE: Final = 100_000_000
#: Bytes of memory that a worker may take, from the product's own limit.
_WORKER_BYTES: Final = 600_000_000


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; `fix` says what to do when `level` is not ok."""

    subject: str
    level: Level
    words: str
    fix: str = ""


def examine() -> Iterator[Finding]:
    """All checks, the quick ones first; a check that breaks is itself a failed finding."""
    checks: tuple[Callable[[], Finding], ...] = (
        python,
        packages,
        processor,
        memory,
        temporary,
        disk,
        network,
        self_test,
    )
    for check in checks:
        subject = check.__name__.replace("_", "-")
        try:
            yield check()
        except PackshotError as error:
            yield Finding(subject, "failed", f"{error.message} ({error.code})", _reinstall())
        except Exception as error:
            # A doctor who faints helps nobody.
            yield Finding(subject, "failed", f"{type(error).__name__}: {error}", _reinstall())


def _reinstall() -> str:
    return "install Packshot anew in a fresh virtual environment (make setup)"


def python() -> Finding:
    """The interpreter, and Packshot itself."""
    words = f"packshot {__version__}, Python {platform.python_version()} on {platform.platform()}"
    if sys.version_info < _PYTHON:
        return Finding("python", "failed", words, "use Python 3.11 or newer")
    return Finding("python", "ok", words)


def packages() -> Finding:
    """The libraries: that each can be imported, and its version."""
    found, broken = [], []
    for name, module in _PACKAGES.items():
        try:
            importlib.import_module(module)
            found.append(f"{name} {metadata.version(name)}")
        except (ImportError, OSError) as error:
            broken.append(f"{name} ({error})")
    if broken:
        return Finding("packages", "failed", "can't be imported: " + ", ".join(broken), _reinstall())
    return Finding("packages", "ok", ", ".join(found))


def processor() -> Finding:
    """Cores, and whether the instructions are there that the int8 network is quick with."""
    flags = _flags()
    fast = sorted(flags & {"avx512_vnni", "avx_vnni", "avxvnni", "asimddp", "i8mm"})
    base = f"{platform.machine()}, {numbers.count(usable_cores(), 'core')}"
    if fast:
        return Finding("processor", "ok", f"{base}, int8 instructions: {', '.join(fast)}")
    if not flags:
        return Finding("processor", "ok", f"{base}, instructions unknown on this system")
    return Finding(
        "processor",
        "warning",
        f"{base}, no VNNI or dot-product instructions",
        "nothing has to be done; the background network takes about three times as long here",
    )


def _flags() -> frozenset[str]:
    info = Path("/proc/cpuinfo")
    if not info.exists():
        return frozenset()
    for line in info.read_text().splitlines():
        name, _, value = line.partition(":")
        if name.strip() in ("flags", "Features"):
            return frozenset(value.split())
    return frozenset()


def memory() -> Finding:
    """Memory for a worker per core."""
    try:
        free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError, AttributeError):
        return Finding("memory", "ok", "unknown on this system")
    words = f"{numbers.size(free)} free"
    if free < _WORKER_BYTES:
        return Finding("memory", "warning", words, "close other programs, or run with --jobs 1")
    return Finding("memory", "ok", words)


def temporary() -> Finding:
    """That temporary files can be written."""
    folder = tempfile.gettempdir()
    try:
        with tempfile.NamedTemporaryFile() as file:
            file.write(b"packshot")
    except OSError as error:
        return Finding(
            "temporary", "failed", f"{folder}: {error.strerror}", "set TMPDIR to a folder you may write"
        )
    return Finding("temporary", "ok", f"{folder} can be written")


def disk() -> Finding:
    """Room in the working folder."""
    free = shutil.disk_usage(Path.cwd()).free
    words = f"{numbers.size(free)} free in {Path.cwd()}"
    if free < _DISK_NONE:
        return Finding("disk", "failed", words, "free some space; a finished photo takes about 1 MB")
    if free < _DISK_LOW:
        return Finding("disk", "warning", words, "a finished photo takes about 1 MB; see that it is enough")
    return Finding("disk", "ok", words)


def network() -> Finding:
    """The background network's file and its hash."""
    from packshot.matting.index import shipped_model, verify_model

    entry = shipped_model()
    verify_model(entry)
    size = numbers.size(entry.path.stat().st_size)
    return Finding(
        "network", "ok", f"{entry.name} {entry.version}, {size}, SHA-256 {entry.sha256[:12]} as recorded"
    )


def self_test() -> Finding:
    """One drawn photo through all stages, in memory."""
    from packshot.cli.selftest import run_self_test

    started = time.perf_counter()
    words = run_self_test()
    return Finding("self-test", "ok", f"{words} in {numbers.seconds(time.perf_counter() - started)}")
