"""Ctrl-C and SIGTERM as a question that the loop asks, instead of an exception anywhere."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self


class Stopping:
    """Counts the requests to stop while it is entered; the second one means now.

    Signals can only be caught on the main thread; elsewhere `ask` is the way.
    """

    def __init__(self) -> None:
        self._asked = 0
        self._before: dict[signal.Signals, Any] = {}

    @property
    def asked(self) -> bool:
        """Somebody wants the run to end."""
        return self._asked > 0

    @property
    def urgent(self) -> bool:
        """Somebody asked twice."""
        return self._asked > 1

    def ask(self) -> None:
        """Asks the run to end."""
        self._asked += 1

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGINT, signal.SIGTERM):
                self._before[number] = signal.signal(number, self._on_signal)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._before.clear()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        del number, frame
        self._asked += 1
