"""Sums over batches."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Final

from fastapi import APIRouter, Query

from packshot.api.caller import Viewer
from packshot.api.models.overview import Overview
from packshot.api.problems import documented
from packshot.api.routes.parameters import BackendOf
from packshot.api.window import Window

router: Final = APIRouter(tags=["overview"])


@router.get("/overview", responses=documented())
def overview(
    backend: BackendOf,
    _: Viewer,
    since: Annotated[dt.date | None, Query(description="First day, UTC; 30 days by default.")] = None,
    until: Annotated[dt.date | None, Query(description="Last day, UTC; today by default.")] = None,
) -> Overview:
    """Scores and review-rate by day, failures by code, bytes saved, time per stage, presets and groups."""
    window = Window.of(since, until, dt.datetime.now(dt.UTC).date())
    with backend.desk() as desk:
        return backend.sums.overview(desk, window)
