"""Results that are streamed."""

from __future__ import annotations

from pathlib import Path

import pytest

from packshot.api.local.desks import SIZE
from packshot.api.local.edge import EdgeSettings
from packshot.api.local.server import LocalBackend, ServerSettings
from packshot.api.routes.results import ResultFormat, _lines
from tests.api.backends import MACHINERY, TOKEN
from tests.cli.folders import output_folder
from tests.report.samples import record


@pytest.mark.parametrize("form", list(ResultFormat))
def test_clients_that_take_their_time_keep_nobody_waiting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: ResultFormat
) -> None:
    monkeypatch.setattr("packshot.api.local.desks._PATIENCE_S", 0.1)
    images = [record(0), record(1)]
    settings = ServerSettings(output_folder(tmp_path / "out", images), EdgeSettings(port=8000), TOKEN)
    backend = LocalBackend(settings, MACHINERY)
    slow = [_lines(backend, images[0].batch_id, form) for _ in range(SIZE)]
    begun = [next(client) + next(client) for client in slow]
    with backend.desk() as desk:
        assert desk.table.get_batch(images[0].batch_id) is not None
    assert len({head + b"".join(rest) for head, rest in zip(begun, slow, strict=True)}) == 1
    backend.desks.close()
