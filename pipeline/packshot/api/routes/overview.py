"""Sums over batches."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BeforeValidator

from packshot.api.caller import Viewer
from packshot.api.models.overview import Overview
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf
from packshot.api.window import Window

router: Final = APIRouter(tags=["overview"])


def _written_out(value: object) -> object:
    # A bare number would be taken for seconds since 1970.
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        raise ValueError("a day is written as 2026-11-21")
    return value


Day = Annotated[dt.date, BeforeValidator(_written_out)]


@router.get("/overview", responses=documented())
def overview(
    backend: BackendOf,
    _: Viewer,
    since: Annotated[Day | None, Query(description="First day, UTC; 30 days by default.")] = None,
    until: Annotated[Day | None, Query(description="Last day, UTC; today by default.")] = None,
) -> Overview:
    """Scores and review-rate by day, failures by code, bytes saved, time per stage, presets and groups."""
    window = Window.of(since, until, dt.datetime.now(dt.UTC).date())
    with backend.desk() as desk:
        return backend.sums.overview(desk, window)
