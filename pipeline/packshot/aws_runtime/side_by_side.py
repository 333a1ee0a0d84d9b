"""Work on many items that mostly waits for a service: some at a time, in threads, never all at once."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from types import TracebackType
from typing import Final, Generic, Self, TypeVar

T = TypeVar("T")
R = TypeVar("R")

#: Fewer than the connections that a client keeps.
AT_ONCE: Final = 12


class SideBySide(Generic[T, R]):
    """Inside of `with`, `add` hands items to threads; leaving it waits for the last, or drops what is left
    after an error.

    Args:
        work: on one item, in a thread; what it measures counts for the call that it is part of.
        told: each result in the order of the items, on the thread that adds; raises what the work raised.
        at_once: threads.
    """

    def __init__(
        self, work: Callable[[T], R], told: Callable[[R], None] = lambda _: None, at_once: int = AT_ONCE
    ) -> None:
        self._work, self._told = work, told
        self._ahead = 2 * at_once
        self._waiting: deque[Future[R]] = deque()
        self._pool = ThreadPoolExecutor(at_once, thread_name_prefix="packshot-side")

    def __enter__(self) -> Self:
        return self

    def add(self, item: T) -> None:
        """Begins with an item; waits where too many are under way."""
        self._waiting.append(self._pool.submit(copy_context().run, self._work, item))
        if len(self._waiting) >= self._ahead:
            self._take()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            while error is None and self._waiting:
                self._take()
        finally:
            self._pool.shutdown(cancel_futures=True)

    def _take(self) -> None:
        self._told(self._waiting.popleft().result())
