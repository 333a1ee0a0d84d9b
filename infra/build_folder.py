"""What the container images are built from: this repository, and the background networks of the settings."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from packshot.matting.index import ModelEntry

ROOT: Final = Path(__file__).resolve().parents[1]
DOCKERFILE: Final = "containers/Dockerfile"
#: The folder of networks in it; the repository's own has none but an index that says so.
MODELS: Final = "containers/models"

_IGNORED: Final = f"{DOCKERFILE}.dockerignore"


@contextmanager
def build_folder(models: Sequence[str]) -> Iterator[tuple[Path, tuple[ModelEntry, ...]]]:
    """The folder to build from, and the networks that were put into it.

    With networks it is a copy that goes when the context ends: nothing is written into the repository, and
    CDK, which makes a copy of its own, puts their bytes into the images' hash.

    Args:
        models: names of networks that this machine's user has added.

    Raises:
        ModelError: model_unknown, model_missing, model_changed, model_unusable.
    """
    if not models:
        yield ROOT, ()
        return
    # Loads ONNX Runtime, which no synthesis needs that bakes nothing in.
    from packshot.matting.index import copy_models  # noqa: PLC0415
    from packshot.matting.registry import default_folder  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="packshot-images-") as name:
        folder = Path(name)
        _copy(folder)
        yield folder, copy_models(models, default_folder(), folder / MODELS)


def excluded() -> list[str]:
    """What stays out of the images' build and hash: the ignore file that `docker build` reads as well."""
    lines = (ROOT / _IGNORED).read_text("utf-8").splitlines()
    return [*(line for line in lines if line and not line.startswith("#")), _IGNORED]


def _copy(folder: Path) -> None:
    """What the ignore file lets in, and a little more: it is read once again when the copy is used."""
    for line in excluded():
        if not line.startswith("!"):
            continue
        source, target = ROOT / line[1:], folder / line[1:]
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__", "static"))
        else:
            shutil.copyfile(source, target)
