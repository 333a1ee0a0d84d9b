"""What each function uses for one image: a core's milliseconds, requests, bytes. Feeds `packshot cost`.

python -m benchmarks.aws_use                       print it
python -m benchmarks.aws_use --out measured.json   and write it, for packshot cost --durations measured.json

The functions' own code runs, on one thread, with S3, DynamoDB and EventBridge in this process (moto); the
time that those take is taken off, so that what is left is ours. Differences between photos of 12 and 24
megapixels, canvases of 1000 and 2000 pixels, and one and three files give the parts that grow.
"""

from __future__ import annotations

import argparse
import datetime as dt
import resource
import subprocess
import sys
import time
from pathlib import Path
from statistics import mean, median

import cv2
import numpy as np

from benchmarks import machine, photos
from benchmarks.arms import TASK, Bytes
from benchmarks.aws_stack import Spent, Stack, open_stack
from packshot.contracts.preset import Canvas, Format, Preset, RenditionSpec
from packshot.contracts.task import BatchSettings
from packshot.costs.measurements import Encoding, Linear, Measurements, Use
from packshot.matting.model import MattingModel
from packshot.matting.registry import load_model
from packshot.stages.context import StageContext
from packshot.stages.registry import run_all, run_stage
from packshot.stages.workspace import MemoryWorkspace
from packshot.workflow import FUSED, PLAN, RECORD, STAGE_NAMES, SUMMARISE

MAIN = RenditionSpec(name="main", format=Format.JPEG, target_kb=500)
WEB = RenditionSpec(
    name="web", format=Format.WEBP, longest_side=1000, target_kb=150, max_quality=88, min_quality=50
)
THUMB = RenditionSpec(name="thumb", format=Format.JPEG, longest_side=300, target_kb=30, max_quality=88)
#: Files whose encoding is measured, each beside the same main file.
PROBES = {
    Format.JPEG: RenditionSpec(name="probe", format=Format.JPEG, longest_side=1000, target_kb=150),
    Format.WEBP: WEB.model_copy(update={"name": "probe"}),
    Format.AVIF: RenditionSpec(
        name="probe", format=Format.AVIF, longest_side=1000, target_kb=120, max_quality=80, min_quality=40
    ),
    Format.PNG: RenditionSpec(name="probe", format=Format.PNG, transparent=True),
}
#: Megapixels of the photos and of the canvas, and files, of the four arms.
ARMS = {"usual": (12.0, 4.0, 1), "photo": (24.0, 4.0, 1), "canvas": (12.0, 1.0, 1), "files": (12.0, 4.0, 3)}


def preset(side: int, *renditions: RenditionSpec) -> Preset:
    """One that makes these files."""
    return Preset(
        name="bench",
        title="Bench",
        version="1",
        canvas=Canvas(width=side, height=side),
        renditions=renditions,
    )


def main() -> None:
    """Draws the photos, measures, prints, writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--photos", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rows", type=int, default=300, help="of the manifest that plan and summarise get")
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    cv2.setNumThreads(1)
    drawn = [with_cast(photos.carton(seed)[0]) for seed in range(given.photos)]
    usual = [photos.as_jpeg(one) for one in drawn]
    size = (round(photos.WIDTH * 2**0.5), round(photos.HEIGHT * 2**0.5))
    large = [photos.as_jpeg(cv2.resize(one, size, interpolation=cv2.INTER_CUBIC)) for one in drawn]
    with open_stack() as stack:
        stack.work_through(usual[:1], preset(2000, MAIN))  # caches, lazy imports
        asked = {
            "usual": (usual, preset(2000, MAIN)),
            "photo": (large, preset(2000, MAIN)),
            "canvas": (usual, preset(1000, MAIN)),
            "files": (usual, preset(2000, MAIN, WEB, THUMB)),
        }
        spent = measure(stack, asked, given.rounds)
        functions = {name: use({arm: spent[arm][name] for arm in ARMS}) for name in spent["usual"]}
        encodings = measure_encodings(usual, given.rounds)
        without_encoding(functions, encodings)
        functions |= {name: constant(spent) for name, spent in stack.large_batch(given.rows).items()}
    measured = Measurements(
        made_on=dt.datetime.now(dt.UTC).date(),
        machine=machine.describe().replace("\n", "; "),
        photos=given.photos,
        mb_per_source_mp=round(mean(len(one) for one in usual) / 1e6 / 12, 4),
        functions=functions,
        encodings=encodings,
        init_ms={"vision": init_ms("detect"), "service": init_ms("record")},
    )
    show(measured)
    if given.out:
        given.out.write_text(measured.model_dump_json(indent=1, exclude_defaults=True) + "\n", "utf-8")


def measure(
    stack: Stack, asked: dict[str, tuple[list[bytes], Preset]], rounds: int
) -> dict[str, dict[str, list[Spent]]]:
    """What each function spends on each photo of each arm: the least of some rounds, arms in turn.

    The least, because a busy machine only ever adds to a core's time.
    """
    best: dict[str, dict[str, list[Spent]]] = {}
    for _ in range(rounds):
        for arm, (data, wanted) in asked.items():
            found = stack.work_through(data, wanted)
            for name, each in found.items():
                known = best.setdefault(arm, {}).setdefault(name, each)
                best[arm][name] = [
                    min(pair, key=lambda one: one.cpu_ms) for pair in zip(known, each, strict=True)
                ]
    return best


def with_cast(photo: photos.Pixels) -> photos.Pixels:
    """The photo under warm lamps, so that enhance has something to do, as with most real photos."""
    return np.clip(photo * np.array([1.04, 1.0, 0.88], np.float32), 0, 255).astype(np.uint8)


def use(spent: dict[str, list[Spent]]) -> Use:
    """A function's use, from what it spent on each photo of each arm."""
    names = {name for arm in spent.values() for one in arm for name in one.requests}
    return Use(
        cpu_ms=linear({arm: median(one.cpu_ms for one in found) for arm, found in spent.items()}),
        requests={
            name: linear({arm: mean(one.requests[name] for one in found) for arm, found in spent.items()})
            for name in sorted(names)
        },
        **{
            field: linear({arm: mean(getattr(one, field) for one in found) for arm, found in spent.items()})
            for field in ("sent_mb", "received_mb", "write_units", "read_units", "events")
        },
    )


def linear(values: dict[str, float]) -> Linear:
    """The plane through the four arms; what is below a thousandth of the amount is noise."""
    by_photo = (values["photo"] - values["usual"]) / 12
    by_canvas = (values["usual"] - values["canvas"]) / 3
    by_file = (values["files"] - values["usual"]) / 2
    fixed = values["usual"] - 12 * by_photo - 4 * by_canvas - by_file
    small = abs(values["usual"]) / 1000
    parts = {"fixed": fixed, "source_mp": by_photo, "canvas_mp": by_canvas, "rendition": by_file}
    return Linear(**{name: round(part, 4) for name, part in parts.items() if abs(part) > small})


def constant(spent: Spent) -> Use:
    """Of a function whose use per image does not depend on the picture."""
    return Use(
        cpu_ms=Linear(fixed=round(spent.cpu_ms, 4)),
        requests={name: Linear(fixed=round(count, 6)) for name, count in sorted(spent.requests.items())},
        sent_mb=Linear(fixed=round(spent.sent_mb, 6)),
        received_mb=Linear(fixed=round(spent.received_mb, 6)),
        write_units=Linear(fixed=round(spent.write_units, 6)),
        read_units=Linear(fixed=round(spent.read_units, 6)),
        events=Linear(fixed=round(spent.events, 6)),
    )


def measure_encodings(data: list[bytes], rounds: int) -> dict[Format, Encoding]:
    """By megapixel: what one file more of a format takes compress."""
    model = load_model()
    took: dict[Format, list[float]] = {kind: [] for kind in PROBES}
    sizes: dict[Format, list[int]] = {kind: [] for kind in PROBES}
    for photo in data:
        done = Enhanced(photo, preset(2000, MAIN), model)
        plain = min(done.compress(preset(2000, MAIN))[0] for _ in range(rounds))
        for kind, probe in PROBES.items():
            made = [done.compress(preset(2000, MAIN, probe)) for _ in range(rounds)]
            took[kind].append(min(ms for ms, _ in made) - plain)
            sizes[kind].append(made[0][1])
    return {
        kind: Encoding(
            ms_per_mp=round(max(0.0, median(took[kind])) / megapixels, 2),
            mb_per_mp=round(mean(sizes[kind]) / 1e6 / megapixels, 4),
        )
        for kind, megapixels in (
            (kind, 4.0 if probe.longest_side is None else 1.0) for kind, probe in PROBES.items()
        )
    }


class Enhanced:
    """A photo that is ready for compress, in memory."""

    def __init__(self, photo: bytes, asked: Preset, model: MattingModel) -> None:
        self._context = StageContext(Bytes(photo), lambda _: model, lambda _: MemoryWorkspace())
        self._workspace = MemoryWorkspace()
        outcome = run_all({"task": TASK, "settings": _settings(asked)}, self._workspace, self._context)
        if outcome.error is not None:
            raise outcome.error
        self._state = outcome.state

    def compress(self, asked: Preset) -> tuple[float, int]:
        """A core's milliseconds for all files of a preset, and the bytes of the last."""
        workspace = MemoryWorkspace()
        for name in ("finished", "alpha", "aligned_inside"):
            if self._workspace.has(name):
                workspace.put_pixels(name, self._workspace.get_pixels(name))
        started = time.process_time()
        made = run_stage("compress", {**self._state, "settings": _settings(asked)}, workspace, self._context)
        took = (time.process_time() - started) * 1000
        return took, made.renditions[-1].bytes


def _settings(asked: Preset) -> BatchSettings:
    return BatchSettings(preset=asked, as_of=dt.date(2026, 11, 1))


def without_encoding(functions: dict[str, Use], encodings: dict[Format, Encoding]) -> None:
    """Takes the files' encoding, which the bill adds by format, off the functions that do it."""
    main_ms = encodings[Format.JPEG].ms_per_mp
    for name in ("compress", FUSED.name):
        cpu = functions[name].cpu_ms
        rest = cpu.model_copy(update={"canvas_mp": round(cpu.canvas_mp - main_ms, 4), "rendition": 0.0})
        kept = rest.model_copy(update={"fixed": round(rest.fixed + cpu.rendition, 4)})
        functions[name] = functions[name].model_copy(update={"cpu_ms": kept})


def init_ms(function: str) -> float:
    """A core's milliseconds until a function's process can work: its imports, and the network's loading."""
    code = f"import containers.{function}.handler"
    if function == "detect":
        code += "; from packshot.matting.registry import load_model; load_model()"
    took = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-c", code], check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        took.append((after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000)
    return round(median(took), 1)


def show(measured: Measurements) -> None:
    """The usual arm, by function."""
    print(measured.machine)
    print(
        f"\nPhotos: {measured.photos}, of 12 megapixels, {12 * measured.mb_per_source_mp:.1f} MB; 2000 x 2000"
    )
    print(f"  {'':12}{'core ms':>9}{'sent MB':>9}{'got MB':>9}  requests")
    for name in (*STAGE_NAMES, RECORD.name, FUSED.name, PLAN.name, SUMMARISE.name):
        one = measured.functions[name]
        cells = [_usual(part) for part in (one.cpu_ms, one.sent_mb, one.received_mb)]
        asked = ", ".join(
            f"{request.partition(':')[2]} {_usual(count):.3g}" for request, count in one.requests.items()
        )
        print(f"  {name:12}{cells[0]:9.1f}{cells[1]:9.2f}{cells[2]:9.2f}  {asked}")
    print("\nEncoding, by megapixel of the file")
    for kind, one in measured.encodings.items():
        print(f"  {kind.value:12}{one.ms_per_mp:9.1f} ms{one.mb_per_mp:9.3f} MB")
    print(
        "\nStart of a process: " + ", ".join(f"{name} {ms:.0f} ms" for name, ms in measured.init_ms.items())
    )


def _usual(part: Linear) -> float:
    source, canvas, files = ARMS["usual"]
    return part.fixed + part.source_mp * source + part.canvas_mp * canvas + part.rendition * files


if __name__ == "__main__":
    main()
