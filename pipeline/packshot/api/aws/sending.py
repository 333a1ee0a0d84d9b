"""Errands: what the worker function is to do after the answer."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from packshot.adapters.aws.errors import translated

#: Hands an errand over; it travels as JSON.
Send = Callable[[dict[str, Any]], None]


def send_with(client: Any, worker: str) -> Send:
    """Errands by asynchronous calls of a function; Lambda repeats those that fail.

    Args:
        client: of Lambda.
        worker: name or ARN of the function.
    """

    def send(errand: dict[str, Any]) -> None:
        with translated(worker):
            client.invoke(FunctionName=worker, InvocationType="Event", Payload=json.dumps(errand).encode())

    return send
