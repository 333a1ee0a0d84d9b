"""How fast manifests are read and validated, and how much memory a row costs.

    python -m benchmarks.manifest_rows [--rows 100000 1000000] [--format csv json jsonl]

Each manifest has unique rows with all columns and is read under the `studio` preset, so that names
are made and compared as well. Memory is what the process's peak (resident set) grew by over the whole
pass, divided by the rows; buffers of about two megabytes, which do not depend on the rows, are part of it.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import platform
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import TextIO

from packshot.contracts.manifest import RowError
from packshot.manifests import open_source
from packshot.presets import load_preset

_COLUMNS = ("product_group_id", "sku_id", "image_url", "image_type", "mode", "title")


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    types = ("primary", "side", "back", "detail")
    for n in range(count):
        sku = f"SKU-{n // 4:07d}"
        kind = types[n % 4]
        yield f"group-{n // 400}", sku, f"photos/{sku}/{kind}.jpg", kind, "auto", f"Mug, {n} ml\nred"


def _write(file: TextIO, form: str, count: int) -> None:
    if form == "csv":
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(_rows(count))
        return
    if form == "json":
        file.write("[")
    for n, row in enumerate(_rows(count)):
        file.write(
            (",\n" if n and form == "json" else "\n" if n else "")
            + json.dumps(dict(zip(_COLUMNS, row, strict=True)))
        )
    if form == "json":
        file.write("]")


def _read(path: Path, expected: int) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and bytes per row of one pass in this process."""
    preset = load_preset("studio")
    before = _peak()
    wall, processor = time.perf_counter(), time.process_time()
    count = 0
    for row in open_source(str(path)).rows_for(preset):
        count += not isinstance(row, RowError)
    if count != expected:
        raise SystemExit(f"{count} good rows instead of {expected}")
    return time.perf_counter() - wall, time.process_time() - processor, (_peak() - before) / expected


def _peak() -> int:
    """The most memory that this process has had so far, in bytes."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def _in_process(path: Path, rows: int) -> tuple[float, float, float]:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_read, path, rows).result()


def main() -> None:
    """Measures and prints one line for each format and size."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument(
        "--format", nargs="+", default=["csv", "json", "jsonl"], choices=["csv", "json", "jsonl"]
    )
    parser.add_argument("--repeats", type=int, default=3)
    given = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {platform.system()}")
    print(f"{'format':8}{'rows':>10}{'MB':>8}{'wall s':>9}{'cpu s':>9}{'rows/cpu s':>12}{'bytes/row':>11}")
    with tempfile.TemporaryDirectory() as folder:
        for form in given.format:
            for rows in given.rows:
                path = Path(folder) / f"manifest.{form}"
                with path.open("w", encoding="utf-8", newline="") as file:
                    _write(file, form, rows)
                # A fresh process each time: a peak can't be taken back. The quickest and the leanest of
                # a few: what else the machine does only ever adds.
                passes = [_in_process(path, rows) for _ in range(given.repeats)]
                wall, cpu, peak = (min(values) for values in zip(*passes, strict=True))
                size = path.stat().st_size / 1e6
                line = (
                    f"{form:8}{rows:>10}{size:>8.1f}{wall:>9.2f}{cpu:>9.2f}{rows / cpu:>12.0f}{peak:>11.1f}"
                )
                print(line, flush=True)


if __name__ == "__main__":
    main()
