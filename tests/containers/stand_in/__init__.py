"""A local stand-in for AWS's Python base image, for machines that can't pull it."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tests.containers.engine import Engine, EngineError

ROOT: Final = Path(__file__).resolve().parents[3]
_HERE: Final = Path(__file__).resolve().parent
#: Debian whose Python is the one that the Dockerfile asks for; `test_dockerfile.py` holds them together.
SUITE: Final = "trixie"
_PACKAGES: Final = "python3,python3-venv,ca-certificates"
_TAG: Final = "localhost/packshot-stand-in"


def make_base(engine: Engine, volumes: Sequence[str]) -> str:
    """The stand-in's tag; made in 20 to 300 s where it is not there yet, most of it downloads.

    Args:
        engine: not Docker, which pulls AWS's own.
        volumes: see `machine.build_volumes`.

    Raises:
        EngineError: mmdebstrap is not there, or something failed.
    """
    files = [_HERE / "Dockerfile", _HERE / "lambda-entrypoint.sh", ROOT / "requirements" / "stand-in.txt"]
    content = b"".join([SUITE.encode(), _PACKAGES.encode(), *(file.read_bytes() for file in files)])
    tag = f"{_TAG}:{hashlib.sha256(content).hexdigest()[:12]}"
    if engine.has(tag):
        return tag
    rootfs = _rootfs(engine)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for file in files:
            shutil.copy(file, folder / file.name)
        engine.build(folder, folder / "Dockerfile", tag, arguments={"ROOTFS": rootfs}, volumes=volumes)
    return tag


def debian(architecture: str, packages: str, target: Path, *, variant: str = "minbase") -> None:
    """A Debian of `SUITE`, from the place where this machine's own packages come from.

    Args:
        architecture: Debian's word: amd64, arm64.
        packages: separated by commas.
        target: a tar file.
        variant: mmdebstrap's; `extract` unpacks without running anything.

    Raises:
        EngineError: with what mmdebstrap said.
    """
    program = shutil.which("mmdebstrap")
    if program is None:
        raise EngineError("mmdebstrap is not installed; it makes the stand-in for AWS's base image")
    words = [program, f"--variant={variant}", f"--architectures={architecture}", f"--include={packages}"]
    # A program of three dozen lines needs no manual pages.
    words += ["--dpkgopt=path-exclude=/usr/share/man/*", "--dpkgopt=path-exclude=/usr/share/locale/*"]
    words += ["--dpkgopt=path-exclude=/usr/share/doc/*", "--quiet", SUITE, str(target), _mirror()]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    if done.returncode != 0:
        raise EngineError(f"mmdebstrap: exit {done.returncode}\n{done.stderr[-2000:]}")


def _rootfs(engine: Engine) -> str:
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"],  # noqa: S607  # Debian's, which mmdebstrap needs as well
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    tag = f"{_TAG}-rootfs:{SUITE}"
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rootfs.tar"
        debian(architecture, _PACKAGES, file)
        engine.do("import", str(file), tag)
    return tag


def _mirror() -> str:
    """Where this machine gets Debian's packages from."""
    words = [
        "apt-get",
        "indextargets",
        "--no-release-info",
        "--format",
        "$(REPO_URI)",
        "Created-By: Packages",
    ]
    listed = subprocess.run(words, capture_output=True, text=True, check=True).stdout.split()  # noqa: S603  # ours
    found = [one for one in listed if re.search(r"/debian/?$", one)]
    if not found:
        raise EngineError("apt knows no place for Debian's packages")
    return found[0]
