"""The preset's rules, judged by what was measured on the decoded final file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from typing import Literal

from packshot.contracts.preset import Measure, Rule
from packshot.contracts.stages import ComplianceResult

#: Measures that cost time are only made when a rule asks for them.
Measurements = Mapping[Measure, Callable[[], float]]


def judge(
    rules: Iterable[Rule], measurements: Measurements, image_type: str, as_of: dt.date
) -> tuple[ComplianceResult, ...]:
    """Judges the rules that hold for an image type.

    Args:
        rules: of the preset.
        measurements: how to measure each `Measure`; called at most once each.
        image_type: as in the manifest; case does not count.
        as_of: the day on which the rules are judged; decides whether `required_from` has come.
    """
    measured: dict[Measure, float] = {}
    results = []
    for rule in rules:
        if not _concerns(rule, image_type):
            continue
        if rule.measure not in measured:
            measured[rule.measure] = measurements[rule.measure]()
        results.append(_result(rule, measured[rule.measure], as_of))
    return tuple(results)


def required_failed(results: Iterable[ComplianceResult]) -> bool:
    """True when a required rule failed."""
    return any(result.level == "required" and not result.passed for result in results)


def _concerns(rule: Rule, image_type: str) -> bool:
    return not rule.image_types or image_type.casefold() in {word.casefold() for word in rule.image_types}


def _result(rule: Rule, value: float, as_of: dt.date) -> ComplianceResult:
    low_enough = rule.maximum is None or value <= rule.maximum
    high_enough = rule.minimum is None or value >= rule.minimum
    return ComplianceResult(
        rule=rule.id,
        level=_level(rule, as_of),
        passed=low_enough and high_enough,
        measured=round(value, 6),
        limit=_limit(rule),
        fix=rule.fix,
        source=rule.source,
        dated=rule.dated.isoformat(),
        measure=rule.measure,
        minimum=rule.minimum,
        maximum=rule.maximum,
    )


def _level(rule: Rule, as_of: dt.date) -> Literal["required", "advised"]:
    if rule.required_from is not None and as_of >= rule.required_from:
        return "required"
    return rule.level


def _limit(rule: Rule) -> str:
    low, high = rule.minimum, rule.maximum
    if low is not None and high is not None:
        return f"{low:g}" if low == high else f"{low:g} to {high:g}"
    if low is not None:
        return f"at least {low:g}"
    return "for information" if high is None else f"at most {high:g}"
