"""The packaged measurements and prices say all that a bill asks of them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from packshot.contracts.preset import Format
from packshot.costs.measurements import load_measurements
from packshot.costs.prices import load_prices
from packshot.errors import SettingsError
from packshot.workflow import FUSED, PLAN, RECORD, STAGE_NAMES, SUMMARISE


def test_every_price_has_a_unit_a_page_and_a_day() -> None:
    table = load_prices()
    assert table.region == "us-east-1"
    assert dt.date(2026, 1, 1) < table.read_on <= dt.datetime.now(dt.UTC).date()
    for name, price in table.prices.items():
        assert price.source.startswith(("AWS ", "Amazon ")), name
        assert price.unit, name
    assert table.prices["s3.put"].each == pytest.approx(5e-6)


def test_every_function_and_format_was_measured() -> None:
    found = load_measurements()
    steps = (*STAGE_NAMES, RECORD.name, FUSED.name, PLAN.name, SUMMARISE.name)
    assert set(found.functions) == set(steps)
    assert set(found.encodings) == set(Format)
    assert set(found.init_ms) == {"vision", "service"}
    # A stage that asks nothing of S3, or no time, was not measured.
    for name in STAGE_NAMES:
        assert found.functions[name].requests["s3:GetObject"].fixed >= 1, name
        assert found.functions[name].cpu_ms.fixed or found.functions[name].cpu_ms.canvas_mp, name


def test_a_stage_writes_one_object_and_the_last_none() -> None:
    functions = load_measurements().functions
    for name in STAGE_NAMES:
        # The photo stays in the upload bucket; what detect finds is small and travels in the state.
        wanted = 0 if name in ("detect", "score") else 1
        written = functions[name].requests.get("s3:PutObject")
        assert (written.fixed if written else 0) == pytest.approx(wanted), name
    assert functions["record"].requests["s3:PutObject"].rendition == pytest.approx(1)


@pytest.mark.parametrize("text", [None, "", "{}", '{"made_on": "today"}', "[1]"])
def test_measurements_that_are_none(text: str | None, tmp_path: Path) -> None:
    file = tmp_path / "measured.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(SettingsError) as error:
        load_measurements(file)
    assert error.value.code == "measurements_invalid"
    assert "measured.json" in error.value.message
