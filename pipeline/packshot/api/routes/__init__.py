"""One router per resource."""

from __future__ import annotations

from fastapi import APIRouter

from packshot.api.routes import (
    about,
    batches,
    configs,
    enhance,
    images,
    imports,
    jobs,
    overview,
    qc,
    results,
    uploads,
)

#: In the order of the documentation.
ROUTERS: tuple[APIRouter, ...] = (
    about.router,
    uploads.router,
    imports.router,
    batches.router,
    results.router,
    images.router,
    qc.router,
    enhance.router,
    jobs.router,
    configs.router,
    overview.router,
)
