"""The fixed list of what is changed in the synthesised stack so that moto 5.2 takes it.

The test of this module holds the list against the difference between what was synthesised and what ran.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from packshot import workflow
from packshot.workflow import Stage

Json = dict[str, Any]
#: Keys and indexes that lead to a value.
Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Rewrite:
    """A value that moto does not take, and the nearest that it does."""

    path: Path
    before: Any
    after: Any
    why: str


#: What a step may take here, times its time-out: a busy machine is no failure.
PATIENCE: Final = 10
_SLOW: Final = "these seconds are for a quiet processor of its own; here two are shared"
_INSIDE: Final = ("ItemProcessor", "States")


def of_batch(way: str) -> tuple[Rewrite, ...]:
    """Of the batch machine, `staged` or `fused`."""
    alone = (workflow.FUSED,) if way == "fused" else (*workflow.STAGES, workflow.RECORD)
    found = [
        _slower(("States",), workflow.PLAN),
        _slower(("States", "Parts", *_INSIDE), workflow.SUMMARISE, "summarise-part"),
        _slower(("States",), workflow.SUMMARISE),
    ]
    for name, steps in (("References", (workflow.REFERENCE,)), ("Images", alone)):
        found += [
            Rewrite(
                ("States", name, "ItemProcessor", "ProcessorConfig", "ExecutionType"),
                "EXPRESS",
                "STANDARD",
                "moto's grammar knows STANDARD children only",
            ),
            Rewrite(
                ("States", name, "ToleratedFailurePercentage"),
                100,
                100.0,
                "moto's grammar wants a number with a point; it tolerates all failures in any case",
            ),
        ]
        found += [_slower(("States", name, *_INSIDE), step) for step in steps]
    if way == "fused":
        inner = ("States", "Images", *_INSIDE, "OneByOne", *_INSIDE)
        found += [_slower(inner, step) for step in (workflow.ALONE, workflow.LOST)]
    return tuple(found)


def of_image() -> tuple[Rewrite, ...]:
    """Of the machine for one photo."""
    return tuple(_slower(("States",), step) for step in (*workflow.STAGES, workflow.RECORD))


def _slower(place: Path, step: Stage, name: str = "") -> Rewrite:
    path = (*place, name or step.name, "TimeoutSeconds")
    return Rewrite(path, step.timeout_s, step.timeout_s * PATIENCE, _SLOW)


#: Resource types of the template that moto passes over without making them.
NOT_MADE: Final = ("AWS::S3::BucketPolicy", "AWS::SQS::QueuePolicy")


def rewritten(definition: Json, rewrites: tuple[Rewrite, ...]) -> Json:
    """The definition with each rewrite made; a value that is not as the list says is an error."""
    changed = copy.deepcopy(definition)
    for one in rewrites:
        place = changed
        for key in one.path[:-1]:
            place = place[key]  # type: ignore[index]  # lists by number, objects by name
        if place[one.path[-1]] != one.before:  # type: ignore[index]  # as above
            raise AssertionError(f"{one.path} is {place[one.path[-1]]!r}, not {one.before!r}")  # type: ignore[index]  # as above
        place[one.path[-1]] = one.after  # type: ignore[index]  # as above
    return changed


def difference(one: Any, other: Any, path: Path = ()) -> Iterator[tuple[Path, Any, Any]]:
    """Each place where two JSON values differ, with both values; types count, so that 100 is not 100.0."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from difference(one[key], other[key], (*path, key))
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, pair in enumerate(zip(one, other, strict=True)):
            yield from difference(*pair, (*path, index))
    elif type(one) is not type(other) or one != other:
        yield path, one, other


def for_moto(template: Json, machines: dict[str, tuple[Rewrite, ...]]) -> Json:
    """The template with its machines' definitions rewritten, by a part of their logical ids."""
    changed = copy.deepcopy(template)
    for name, resource in changed["Resources"].items():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            (rewrites,) = (found for part, found in machines.items() if part in name)
            parts = resource["Properties"]["DefinitionString"]["Fn::Join"][1]
            resource["Properties"]["DefinitionString"]["Fn::Join"][1] = _in_parts(parts, rewrites)
        elif resource["Type"] == "AWS::Events::Archive":
            # moto reads a text here, where CloudFormation has an object.
            pattern = resource["Properties"]["EventPattern"]
            resource["Properties"]["EventPattern"] = json.dumps(pattern)
    return changed


def _in_parts(parts: list[Any], rewrites: tuple[Rewrite, ...]) -> list[Any]:
    """A definition that is joined of texts and references: the references stand aside meanwhile."""
    aside = {f"\u2063{index}\u2063": part for index, part in enumerate(parts) if not isinstance(part, str)}
    marks = iter(aside)
    text = "".join(part if isinstance(part, str) else next(marks) for part in parts)
    pieces = json.dumps(rewritten(json.loads(text), rewrites), ensure_ascii=False).split("\u2063")
    return [aside[f"\u2063{piece}\u2063"] if index % 2 else piece for index, piece in enumerate(pieces)]
