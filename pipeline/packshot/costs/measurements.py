"""What the functions use for one image, as measured on some machine; `benchmarks.aws_use` writes it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from pydantic import Field, ValidationError

from packshot.contracts.base import Contract
from packshot.contracts.preset import Format, Preset, RenditionSpec
from packshot.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Work:
    """What is asked for each image.

    Attributes:
        source_mp: megapixels of the photo.
        canvas: width and height of the finished picture, pixels.
        renditions: the files that are made of it.
    """

    source_mp: float
    canvas: tuple[int, int]
    renditions: tuple[RenditionSpec, ...]

    @classmethod
    def of(cls, preset: Preset, source_mp: float) -> Work:
        """The work that a preset asks."""
        return cls(source_mp, (preset.canvas.width, preset.canvas.height), preset.renditions)

    @property
    def canvas_mp(self) -> float:
        """Megapixels of the finished picture."""
        return self.canvas[0] * self.canvas[1] / 1e6

    def megapixels(self, spec: RenditionSpec) -> float:
        """Of one rendition; never more than the canvas has."""
        longer = max(self.canvas)
        side = longer if spec.longest_side is None else min(spec.longest_side, longer)
        return self.canvas_mp * (side / longer) ** 2


class Linear(Contract):
    """An amount that grows with the photo, the canvas and the number of files."""

    fixed: float = 0.0
    source_mp: float = 0.0
    canvas_mp: float = 0.0
    rendition: float = 0.0

    def at(self, work: Work) -> float:
        """The amount for an image, never below zero."""
        grown = self.source_mp * work.source_mp + self.canvas_mp * work.canvas_mp
        return max(0.0, self.fixed + grown + self.rendition * len(work.renditions))


class Use(Contract):
    """What a function uses for one image.

    Attributes:
        cpu_ms: milliseconds of one core of the machine; of compress (and fused) without the encoding.
        requests: to AWS's services, by `service:Operation`.
        sent_mb, received_mb: megabytes to and from S3.
        write_units, read_units: of DynamoDB.
        events: put on the bus.
    """

    cpu_ms: Linear
    requests: dict[str, Linear] = Field(default_factory=dict)
    sent_mb: Linear = Linear()
    received_mb: Linear = Linear()
    write_units: Linear = Linear()
    read_units: Linear = Linear()
    events: Linear = Linear()


class Encoding(Contract):
    """One format, by megapixel of the file: milliseconds of a core, search for a quality included; MB."""

    ms_per_mp: float = Field(ge=0)
    mb_per_mp: float = Field(ge=0)


class Measurements(Contract):
    """A run of the benchmark.

    Attributes:
        made_on: the day.
        machine: processor, instruction sets, libraries.
        photos: how many were measured.
        mb_per_source_mp: size of a photo's file.
        functions: by name; `plan` and `summarise` are per image of a large batch.
        encodings: by format.
        init_ms: milliseconds of a core until a function of an image (vision, service) can work.
    """

    made_on: dt.date
    machine: str
    photos: int
    mb_per_source_mp: float
    functions: dict[str, Use]
    encodings: dict[Format, Encoding]
    init_ms: dict[str, float]

    def encoding_ms(self, work: Work) -> float:
        """Milliseconds of a core for all files of an image."""
        return sum(self.encodings[spec.format].ms_per_mp * work.megapixels(spec) for spec in work.renditions)

    def delivered_mb(self, work: Work) -> float:
        """Megabytes of all files of an image; a budget is taken as used up where the format would pass it."""
        return sum(self._file_mb(spec, work) for spec in work.renditions)

    def _file_mb(self, spec: RenditionSpec, work: Work) -> float:
        if spec.pixels is not None:
            return 0.005  # blocks of one colour: some thousand bytes, whatever the size
        plain = self.encodings[spec.format].mb_per_mp * work.megapixels(spec)
        return plain if spec.target_kb is None else min(plain, spec.target_kb / 1000)


def load_measurements(file: Path | None = None) -> Measurements:
    """The measurements in a file, or those in the package.

    Raises:
        SettingsError: `measurements_invalid` when the file can't be read or is something else.
    """
    if file is None:
        packaged = resources.files("packshot.costs").joinpath("measured.json")
        return Measurements.model_validate_json(packaged.read_bytes())
    try:
        return Measurements.model_validate_json(file.read_bytes())
    except OSError as error:
        raise SettingsError(
            "measurements_invalid", path=str(file), reason=error.strerror or str(error)
        ) from error
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            "measurements_invalid", path=str(file), reason=f"{place}: {first['msg']}".lstrip(": ")
        ) from error
