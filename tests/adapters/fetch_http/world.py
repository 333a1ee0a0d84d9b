"""A name service, a limit and a host for the reader's tests."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable

import pytest

from packshot.adapters.addresses import Address
from packshot.adapters.fetch_http import HttpsReader, Limits
from packshot.errors import PackshotError

HOST = "photos.example"
QUICK = Limits(bytes=100_000, total_s=2.0, connect_s=1.0, idle_s=1.0)

Make = Callable[..., HttpsReader]


class Names:
    """A name service with a fixed list of answers for each name; the last one stays."""

    def __init__(self, **answers: list[str]) -> None:
        self.asked: list[str] = []
        self._answers = {HOST: ["127.0.0.1"], "other.example": ["127.0.0.1"]}
        self._answers |= {name.replace("_", "."): given for name, given in answers.items()}

    def __call__(self, host: str, port: int, timeout_s: float) -> list[Address]:
        self.asked.append(host)
        answers = self._answers.get(host)
        if answers is None:
            raise socket.gaierror(socket.EAI_NONAME, "no such name")
        text = answers.pop(0) if len(answers) > 1 else answers[0]
        return [ipaddress.ip_address(one) for one in text.split()]


def failure(reader: HttpsReader, url: str) -> PackshotError:
    with pytest.raises(PackshotError) as caught:
        reader.read(url)
    return caught.value
