"""What is in the images, file by file: the product, the pinned packages, and nothing else."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from infra.build_folder import DOCKERFILE, MODELS
from tests.containers.conftest import Built
from tests.containers.engine import Engine
from tests.containers.stack import image_assets
from tests.infra.templates import Synthesised
from tests.own_model import OWN

ROOT: Final = Path(__file__).resolve().parents[2]
#: MB that a target may add to its base, unpacked. The largest by far are OpenCV with its libraries,
#: ONNX Runtime and NumPy; a leap means that something came along.
LARGEST_MB: Final = {"vision": 420, "service": 60}

#: Run inside an image: all files outside the task's folder, those in it with their hash, and packages.
_LOOK: Final = """
import hashlib, importlib.metadata, json, os, sys
def walk(top, leave):
    for folder, folders, names in os.walk(top):
        folders[:] = [one for one in folders if os.path.join(folder, one) not in leave]
        for name in names:
            yield os.path.join(folder, name)
def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()
packages = {}
for one in importlib.metadata.distributions():
    files = [os.path.realpath(one.locate_file(file)) for file in one.files or ()]
    packages[one.metadata["Name"].lower().replace("_", "-")] = [one.version, files]
print(json.dumps({
    "python": ".".join(map(str, sys.version_info[:2])),
    "packages": packages,
    "system": [os.path.realpath(path) for path in walk("/", ("/proc", "/sys", "/dev", "/var/task", "/tmp"))],
    "task": {path: sha256(path) for path in walk("/var/task", ())},
}))
"""

Json = dict[str, Any]
TARGETS = pytest.mark.parametrize("target", ["vision", "service"])


def look(engine: Engine, image: str) -> Json:
    done = engine.python(image, "-c", _LOOK)
    assert done.returncode == 0, done.stderr
    found: Json = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def contents(engine: Engine, built: Built) -> dict[str, Json]:
    """Of each target, and of the base."""
    images = {**built.tags, "base": built.base or base_of_dockerfile()}
    return {name: look(engine, image) for name, image in images.items()}


def base_of_dockerfile() -> str:
    found = re.search(r"^ARG BASE=(\S+)$", (ROOT / DOCKERFILE).read_text("utf-8"), re.MULTILINE)
    assert found is not None
    return found[1]


def pinned(target: str) -> dict[str, str]:
    """Versions by name."""
    text = (ROOT / "requirements" / f"{target}.txt").read_text("utf-8")
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", text, re.MULTILINE))


def test_the_python_is_the_one_that_the_dockerfile_asks_for(contents: dict[str, Json]) -> None:
    assert base_of_dockerfile().endswith(f"/python:{contents['base']['python']}")


@TARGETS
def test_packages_are_those_that_are_pinned(target: str, contents: dict[str, Json]) -> None:
    """The base has some of its own; Packshot itself lies in the task's folder."""
    found = {name: version for name, (version, _) in contents[target]["packages"].items()}
    for name, version in pinned(target).items():
        assert found.pop(name) == version
    assert set(found) <= {*contents["base"]["packages"], "packshot"}


@TARGETS
def test_outside_the_task_only_packages_are_new(target: str, contents: dict[str, Json]) -> None:
    packages = contents[target]["packages"]
    known = {path for name in pinned(target) for path in packages[name][1]}
    new = set(contents[target]["system"]) - set(contents["base"]["system"])
    foreign = {path for path in new - known if "/__pycache__/" not in path}
    assert foreign == set()


@TARGETS
def test_the_task_is_the_product_and_nothing_else(
    target: str, contents: dict[str, Json], baked: Synthesised
) -> None:
    (asset,) = (one for one in image_assets(baked).values() if one.target == target)
    expected = {"/var/task/requirements.txt": asset.folder / "requirements" / f"{target}.txt"}
    networks = asset.folder / MODELS
    for folder in (asset.folder / "pipeline" / "packshot", asset.folder / "containers"):
        for file in folder.rglob("*"):
            if file.is_file() and not file.name.startswith("Dockerfile") and file.parent != networks:
                expected[f"/var/task/{file.relative_to(folder.parent)}"] = file
    # All images have the list of networks, and only the stages their files.
    names = ["index.json", f"{OWN}.onnx"] if target == "vision" else ["index.json"]
    expected |= {f"/var/task/models/{name}": networks / name for name in names}
    found = {
        path: sha256
        for path, sha256 in contents[target]["task"].items()
        if not re.search(r"/__pycache__/|^/var/task/packshot-[0-9.]+\.dist-info/", path)
    }
    assert found == {name: hashlib.sha256(file.read_bytes()).hexdigest() for name, file in expected.items()}


@TARGETS
def test_everything_of_ours_is_compiled(target: str, contents: dict[str, Json]) -> None:
    """On a read-only file system Python would compile it anew at each start."""
    files = contents[target]["task"]
    tag = f"cpython-{contents[target]['python'].replace('.', '')}.pyc"
    for path in files:
        folder, _, name = path.rpartition("/")
        if name.endswith(".py"):
            assert f"{folder}/__pycache__/{name.removesuffix('py')}{tag}" in files


def test_no_pixels_where_none_are_needed(contents: dict[str, Json]) -> None:
    heavy = {"numpy", "onnxruntime", "opencv-python-headless", "pillow"}
    assert heavy <= set(contents["vision"]["packages"])
    assert not heavy & set(contents["service"]["packages"])


def test_the_context_holds_what_the_dockerfile_copies(dev: Synthesised, baked: Synthesised) -> None:
    for asset in (*image_assets(dev).values(), *image_assets(baked).values()):
        assert {one.name for one in asset.folder.iterdir()} == {
            "LICENSE",
            "README.md",
            "containers",
            "pipeline",
            "pyproject.toml",
            "requirements",
        }
        # Whether somebody has built the page makes no other image.
        assert not (asset.folder / "pipeline" / "packshot" / "api" / "static").exists()
        names = {one.name for one in (asset.folder / "requirements").iterdir()}
        assert names == {"core.txt", "service.txt", "vision.txt"}


@TARGETS
def test_no_telemetry(target: str, engine: Engine, built: Built) -> None:
    environment = engine.do("image", "inspect", "--format", "{{json .Config.Env}}", built.tags[target])
    assert "ORT_DISABLE_TELEMETRY=1" in json.loads(environment)


def test_images_stay_small(engine: Engine, built: Built, record_property: Callable[[str, str], None]) -> None:
    base = engine.size_mb(built.base or base_of_dockerfile())
    said = [f"base {base:.0f} MB, unpacked"]
    for target, image in built.tags.items():
        own = engine.size_mb(image) - base
        said.append(f"{target} {own:.0f} MB on top of it, built in {built.seconds[target]:.0f} s")
        assert 0 < own < LARGEST_MB[target]
    record_property("figures", "; ".join(said))
