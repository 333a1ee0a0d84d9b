"""The one-machine runner: plans a batch, keeps worker processes busy, records what they return."""

from __future__ import annotations

from packshot.local.request import Report, ReworkRequest, RetryRequest, RunRequest, RunResult


def run(request: RunRequest, progress: Report | None = None) -> RunResult:
    """Runs a batch to its end, going on where an earlier run stopped."""
    raise NotImplementedError


def retry(request: RetryRequest, progress: Report | None = None) -> RunResult:
    """Runs the failed images of the newest batch again, each as a new revision."""
    raise NotImplementedError


def rework(request: ReworkRequest, progress: Report | None = None) -> RunResult:
    """Runs images of the newest batch again with other settings, each as a new revision."""
    raise NotImplementedError
