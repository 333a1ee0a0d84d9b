"""Lambda's arm64, which is the default: every pinned package has a wheel for it, and the network runs.

Both tests ask the package index of this machine's pip; the second also runs arm64 code by qemu-user.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
import platformdirs
import pytest

from tests.containers.conftest import missing
from tests.containers.stand_in import SUITE, debian
from tests.containers.test_image_content import base_of_dockerfile

ROOT: Final = Path(__file__).resolve().parents[2]
SMOKE: Final = Path(__file__).with_name("arm64_smoke.py")
NETWORK: Final = ROOT / "pipeline" / "packshot" / "weights" / "packshot-matte.onnx"
#: What Amazon Linux 2023, with its glibc of 2.34, takes.
PLATFORMS: Final = ("manylinux_2_28", "manylinux_2_27", "manylinux_2_17", "manylinux2014")
#: All that the smoke run imports.
OF_SMOKE: Final = ("numpy", "onnxruntime", "protobuf", "flatbuffers", "packaging")
_DEBIAN: Final = "base-files,python3-minimal,libpython3-stdlib,libstdc++6"


def pip_for_arm64(*words: str) -> list[str]:
    python = base_of_dockerfile().rpartition(":")[2]
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--ignore-installed"]
    command += ["--only-binary", ":all:", "--implementation", "cp", "--python-version", python]
    command += [word for platform in PLATFORMS for word in ("--platform", f"{platform}_aarch64")]
    return [*command, *words]


@pytest.fixture(scope="session")
def index() -> None:
    """There is a package index: pip finds a package of no size in it."""
    words = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--quiet",
        "--ignore-installed",
        "--no-deps",
    ]
    if subprocess.run([*words, "six"], capture_output=True, check=False).returncode != 0:  # noqa: S603  # ours
        missing("pip reaches no package index")


def requirements(target: str) -> dict[str, tuple[str, set[str]]]:
    """Version and SHA-256 hashes by name."""
    text = (ROOT / "requirements" / f"{target}.txt").read_text("utf-8")
    blocks = re.findall(r"^([a-z0-9-]+)==(\S+) \\\n((?: {4}--hash=\S+(?: \\)?\n)+)", text, re.MULTILINE)
    return {name: (version, set(re.findall(r"sha256:(\w+)", hashes))) for name, version, hashes in blocks}


@pytest.mark.parametrize("target", ["vision", "service"])
def test_every_pinned_package_has_an_arm64_wheel_whose_hash_is_pinned(
    target: str, index: None, tmp_path: Path
) -> None:
    pinned = requirements(target)
    pins = tmp_path / "pins.txt"
    # Without the hashes pip reads the index alone; with them it would fetch every wheel.
    pins.write_text("".join(f"{name}=={version}\n" for name, (version, _) in pinned.items()), "utf-8")
    report = tmp_path / "report.json"
    words = pip_for_arm64("--dry-run", "--target", str(tmp_path), "--report", str(report), "-r", str(pins))
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = {
        one["metadata"]["name"].lower().replace("_", "-"): one["download_info"]
        for one in json.loads(report.read_text("utf-8"))["install"]
    }
    assert set(found) == set(pinned)
    for name, info in found.items():
        assert info["url"].endswith(".whl")
        assert info["archive_info"]["hashes"]["sha256"] in pinned[name][1], name


@pytest.fixture(scope="session")
def qemu() -> str:
    for tool in ("mmdebstrap", "unshare", "qemu-aarch64"):
        if shutil.which(tool) is None:
            missing(f"{tool} is not here, for the arm64 smoke run")
    return str(shutil.which("qemu-aarch64"))


@pytest.fixture(scope="session")
def arm64(index: None, qemu: str) -> Path:
    """An arm64 root with Python, and `site` with what the smoke run imports; kept for the next session."""
    pinned = requirements("vision")
    lines = []
    for name in OF_SMOKE:
        version, hashes = pinned[name]
        lines.append(" ".join([f"{name}=={version}", *(f"--hash=sha256:{one}" for one in sorted(hashes))]))
    wanted = "\n".join(lines)
    key = hashlib.sha256("\n".join([wanted, SUITE, _DEBIAN, base_of_dockerfile()]).encode()).hexdigest()[:12]
    folder = platformdirs.user_cache_path("packshot-tests") / f"arm64-{key}"
    if folder.exists():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    making = folder.with_name(f"{folder.name}.{os.getpid()}")
    making.mkdir()
    (making / "wanted.txt").write_text(wanted, "utf-8")
    words = pip_for_arm64("--require-hashes", "--no-compile", "--target", str(making / "site"))
    subprocess.run([*words, "-r", str(making / "wanted.txt")], check=True, capture_output=True)  # noqa: S603  # ours
    debian("arm64", _DEBIAN, making / "root.tar", variant="extract")
    (making / "root").mkdir()
    words = ["tar", "-xf", str(making / "root.tar"), "-C", str(making / "root"), "--exclude=./dev"]
    subprocess.run(words, check=True)  # noqa: S603  # ours
    (making / "root.tar").unlink()
    making.rename(folder)
    return folder


def test_the_shipped_network_runs_on_arm64_where_no_processors_are_told(
    arm64: Path, qemu: str, record_property: Callable[[str, str], None]
) -> None:
    """Lambda's arm64 has no /sys/devices/system/cpu; an ONNX Runtime before 1.28 aborts there."""
    started = time.perf_counter()
    there = json.loads(run_on_arm64(qemu, arm64))
    assert (there["machine"], there["processors_told"]) == ("aarch64", False)
    assert there["onnxruntime"] == requirements("vision")["onnxruntime"][0]
    seconds = time.perf_counter() - started
    command = [sys.executable, str(SMOKE), str(NETWORK)]
    here = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)  # noqa: S603  # ours
    answer = np.array(there["answer"])
    assert answer.max() > 0.5 > answer.min()
    # Another instruction set adds up in another order.
    np.testing.assert_allclose(answer, here["answer"], atol=2e-3)
    record_property("figures", f"the network under qemu-aarch64, without /sys: {seconds:.0f} s")


def run_on_arm64(qemu: str, folder: Path) -> str:
    # An empty folder takes the place of /sys, for this process alone.
    inside = 'mount -t tmpfs none /sys && exec "$0" "$@"'
    words = ["unshare", "--mount", "sh", "-c", inside, qemu, "-L", f"{folder}/root"]
    if os.geteuid() != 0:
        words[1:2] = ["--map-root-user", "--mount"]
    words += [f"{folder}/root/usr/bin/python3", "-S", str(SMOKE), str(NETWORK)]
    environment = {
        "PATH": "/usr/bin:/bin:/usr/sbin:/sbin",
        "PYTHONHOME": f"{folder}/root/usr",
        "PYTHONPATH": f"{folder}/site",
        "ORT_DISABLE_TELEMETRY": "1",
    }
    done = subprocess.run(words, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # ours
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()[-1]
