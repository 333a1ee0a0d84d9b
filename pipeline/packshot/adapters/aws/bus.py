"""Publishing to EventBridge."""

from __future__ import annotations

import json
from typing import Any

from packshot.adapters.aws.errors import translated
from packshot.contracts.events import Event
from packshot.errors import StorageError, StoreUnavailableError


class EventBus:
    """A `Publish` that puts events on a bus; called again, it delivers again, under the same event_id.

    Args:
        client: of EventBridge.
        name: of the bus.
    """

    def __init__(self, client: Any, name: str) -> None:
        self._events = client
        self._name = name

    def __call__(self, event: Event) -> None:
        entry = {
            "Source": event.source,
            "DetailType": event.detail_type.value,
            "Detail": json.dumps(event.detail(), ensure_ascii=False, separators=(",", ":")),
            "EventBusName": self._name,
            "Time": event.metadata.occurred_at,
        }
        with translated(self._name):
            answer = self._events.put_events(Entries=[entry])
        # A refused entry is told in the answer, not as an error.
        if answer.get("FailedEntryCount"):
            self._refused(answer["Entries"][0])

    def _refused(self, entry: dict[str, Any]) -> None:
        code, message = entry.get("ErrorCode", "unknown"), entry.get("ErrorMessage", "")
        if code == "ThrottlingException":
            raise StoreUnavailableError("store_throttled", reason=self._name)
        if code in ("InternalFailure", "InternalException"):
            raise StoreUnavailableError("store_unavailable", reason=f"{self._name}: {code}")
        raise StorageError("output_not_writable", path=self._name, reason=f"{code}: {message}")
