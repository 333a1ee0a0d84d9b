"""`packshot validate`: everything that is wrong with a manifest or a preset, in one go."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from packshot.cli import console
from packshot.cli.exits import ALL_WELL, SOME_FAILED
from packshot.cli.options import allow_root_option, column_options, columns_of, json_option

if TYPE_CHECKING:
    from packshot.contracts.manifest import ManifestRow, RowError
    from packshot.manifests import Manifest

#: Keys that only a preset's file has at its top.
_PRESET_KEYS: Final = frozenset({"canvas", "renditions", "extends", "rules", "name_template", "thresholds"})


@click.command(short_help="Check a manifest or a preset.")
@click.argument("source", metavar="MANIFEST|PRESET")
@click.option(
    "--preset", "-p", metavar="NAME|FILE", help="Also check file names against this preset's template."
)
@click.option("--check-files", is_flag=True, help="Also look whether each local photo is there.")
@allow_root_option
@json_option
@column_options
def validate(
    source: str,
    preset: str | None,
    check_files: bool,
    allow_roots: tuple[Path, ...],
    as_json: bool,
    **columns: Any,
) -> int:
    """Check a manifest (or - or a folder) or a preset's file without touching a photo.

    Every bad line is listed with its line number and column. Exit code 0 when all is well, 1 when
    some lines are bad, 2 when nothing can be read or the preset is wrong.
    """
    if _is_preset(source):
        return _validate_preset(source, as_json)
    from packshot.manifests import SourceOptions, open_source
    from packshot.presets import DEFAULT_PRESET, load_preset

    options = SourceOptions(columns=columns_of(columns), allow_roots=allow_roots, check_files=check_files)
    manifest = open_source(source, options)
    name = preset or manifest.batch_options.get("preset") or DEFAULT_PRESET
    return _show_rows(manifest.rows_for(load_preset(name)), manifest, as_json)


def _is_preset(source: str) -> bool:
    """True for a file with a JSON object that has keys only presets have."""
    from packshot.presets.loader import MAX_BYTES

    path = Path(source)
    if path.suffix.lower() != ".json":
        return False
    try:
        # A manifest may have half a gigabyte.
        content = json.loads(path.read_text("utf-8-sig")) if path.stat().st_size <= MAX_BYTES else None
    except (OSError, ValueError, RecursionError):
        # Whoever reads it next says what is wrong with it.
        return False
    return isinstance(content, dict) and "images" not in content and bool(_PRESET_KEYS & content.keys())


def _validate_preset(source: str, as_json: bool) -> int:
    from packshot.presets import load_preset
    from packshot.report import numbers

    preset = load_preset(source)
    files, rules = len(preset.renditions), len(preset.rules)
    if as_json:
        console.json_result({"kind": "preset", "name": preset.name, "valid": True})
    else:
        console.result(
            f"The preset {preset.name} is valid: {preset.canvas.width} x {preset.canvas.height} px, "
            f"{numbers.count(files, 'rendition')}, {numbers.count(rules, 'rule')}."
        )
    return ALL_WELL


def _show_rows(rows: Iterable[ManifestRow | RowError], manifest: Manifest, as_json: bool) -> int:
    from packshot.cli.row_errors import row_error_cells
    from packshot.contracts.manifest import RowError
    from packshot.report import numbers

    good = 0
    beside = manifest.reference_error
    errors = [] if beside is None else [beside]
    for row in rows:
        if isinstance(row, RowError):
            errors.append(row)
        else:
            good += 1
    if as_json:
        found = [error.model_dump(mode="json") for error in errors]
        console.json_result(
            {"kind": manifest.kind.value, "valid": good, "invalid": len(errors), "errors": found}
        )
    else:
        for line in console.columns(row_error_cells(errors), indent=""):
            console.result(line)
        console.result(f"{numbers.count(good, 'good line')}, {numbers.count(len(errors), 'bad line')}.")
    return SOME_FAILED if errors else ALL_WELL
