"""Cuts photos out, for `packshot cutout`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import click

from packshot.adapters.local.disk import whole_file
from packshot.cli import console
from packshot.cli.exits import ALL_WELL, SOME_FAILED
from packshot.contracts.base import DEFAULT_MODEL
from packshot.contracts.limits import MAX_SOURCE_BYTES, file_too_large
from packshot.errors import PackshotError, SettingsError, SourceError, StorageError
from packshot.matting.registry import load_model
from packshot.stages.cutout import cutout


def cut_stream(model: str | None) -> int:
    """One photo from standard input, its PNG to standard output."""
    if sys.stdout.isatty():
        raise click.UsageError(
            "Standard output is a terminal; send it to a file: packshot cutout - - < in > out.png"
        )
    data = sys.stdin.buffer.read(MAX_SOURCE_BYTES + 1)
    picture = _cutter(model)(_checked(data))
    sys.stdout.buffer.write(picture)
    sys.stdout.buffer.flush()
    return ALL_WELL


def cut_files(photos: tuple[str, ...], out: Path, model: str | None, *, quiet: bool) -> int:
    """Each photo into the folder; one that fails is named and does not stop the others."""
    targets = _targets(photos, out)
    cut = _cutter(model)
    failed = 0
    for photo, target in targets.items():
        try:
            picture = cut(_read(photo))
            with whole_file(target) as file:
                file.write(picture)
        except StorageError:
            # No other photo can be written either.
            raise
        except PackshotError as error:
            failed += 1
            console.error(f"{photo}: {error.message}", error.code)
        else:
            if not quiet:
                console.result(str(target))
    return SOME_FAILED if failed else ALL_WELL


def _targets(photos: tuple[str, ...], out: Path) -> dict[Path, Path]:
    """Where each photo goes; two of one name, or one onto itself, are refused before anything is written."""
    taken: dict[str, Path] = {}
    targets: dict[Path, Path] = {}
    for name in photos:
        photo = Path(name)
        target = out / f"{photo.stem}.png"
        # Some file systems take A.png and a.png for one.
        other = taken.setdefault(target.name.casefold(), photo)
        if other != photo:
            reason = f"it would overwrite the cut-out of {other}; give them folders of their own"
            raise SettingsError("option_invalid", option="PHOTO", value=name, reason=reason)
        if _is_one_file(target, photo):
            reason = "its cut-out would overwrite the photo itself; give another folder"
            raise SettingsError("option_invalid", option="PHOTO", value=name, reason=reason)
        targets[photo] = target
    return targets


def _is_one_file(target: Path, photo: Path) -> bool:
    try:
        return target.samefile(photo)
    except OSError:
        # One of them is not there.
        return False


def _cutter(model: str | None) -> Callable[[bytes], bytes]:
    network = load_model(model or DEFAULT_MODEL)
    return lambda data: cutout(data, network)


def _read(photo: Path) -> bytes:
    try:
        with photo.open("rb") as file:
            return _checked(file.read(MAX_SOURCE_BYTES + 1))
    except FileNotFoundError as error:
        raise SourceError("source_missing", source=str(photo)) from error
    except OSError as error:
        raise SourceError(
            "source_unreadable", source=str(photo), reason=error.strerror or str(error)
        ) from error


def _checked(data: bytes) -> bytes:
    if len(data) > MAX_SOURCE_BYTES:
        raise file_too_large()
    return data
