from __future__ import annotations

import io
import sys

import pytest

from packshot.cli.progress import Lines, pace, progress_report
from packshot.local.request import Progress


def at(done: int, total: int = 1000, **changes) -> Progress:
    values = {"failed": 0, "needs_review": 0, "reused": 0, "rate_per_s": 2.5, "eta_s": 398.0}
    return Progress(done=done, total=total, **(values | changes))


def test_lines_come_at_the_start_then_every_five_seconds_then_at_the_end(capsys) -> None:
    now = iter([0, 1, 4.9, 5.0, 6, 7, 8])
    lines = Lines(lambda: next(now))
    for done in (0, 1, 2, 3, 4):
        lines(at(done))
    lines(at(1000, failed=3, needs_review=5))
    lines(at(1000))
    shown = capsys.readouterr().err.splitlines()
    assert [line.split(" done")[0] for line in shown] == ["0 of 1,000", "3 of 1,000", "1,000 of 1,000"]
    assert shown[1] == "3 of 1,000 done, 2.5 images/s, 6 min 38 s left"
    assert shown[2] == "1,000 of 1,000 done, 3 failed, 5 to review, 2.5 images/s"


def test_a_total_that_is_not_known_yet_is_not_the_end(capsys) -> None:
    lines = Lines(lambda: 0.0)
    lines(at(0, 0))
    lines(at(6, 6))
    assert [line.split(" done")[0] for line in capsys.readouterr().err.splitlines()] == ["0 of 0", "6 of 6"]


@pytest.mark.parametrize(
    ("rate", "eta", "words"),
    [(0, None, ""), (0.25, 8.0, "4.0 s an image, 8.0 s left"), (12, 3725, "12.0 images/s, 1 h 02 min left")],
)
def test_pace(rate: float, eta: float | None, words: str) -> None:
    assert pace(at(1, rate_per_s=rate, eta_s=eta)) == words


def test_quiet_says_nothing(capsys) -> None:
    with progress_report(quiet=True) as report:
        report(at(1))
    assert capsys.readouterr().err == ""


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_a_terminal_gets_a_bar_and_names_with_brackets_are_no_marks(monkeypatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "140")
    with progress_report(quiet=False) as report:
        report(at(250, failed=2, current=("a[/b].jpg",)))
    shown = screen.getvalue()
    assert "250/1000" in shown
    assert "2.5 images/s, 6 min 38 s left" in shown
    assert "2 failed" in shown
    assert "a[/b].jpg" in shown


def test_a_dumb_terminal_gets_lines(monkeypatch) -> None:
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "dumb")
    with progress_report(quiet=False) as report:
        report(at(1))
    assert screen.getvalue() == "1 of 1,000 done, 2.5 images/s, 6 min 38 s left\n"
