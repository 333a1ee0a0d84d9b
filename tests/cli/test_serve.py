"""`packshot serve`: where it may listen, and a real server from its link to Ctrl-C."""

from __future__ import annotations

import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.0.9", "studio.example"])  # noqa: S104 - that is refused
def test_an_address_that_others_can_reach_is_asked_for(
    packshot: Callable[..., Any], tmp_path: Path, host: str
) -> None:
    ended = packshot("serve", tmp_path / "out", "--host", host)
    assert ended.code == 2
    assert "--remote" in ended.err
    assert not (tmp_path / "out").exists()


def test_a_short_token_is_refused(packshot: Callable[..., Any], tmp_path: Path) -> None:
    ended = packshot("serve", tmp_path / "out", "--token", "short")
    assert ended.code == 2
    assert "16" in ended.err


def test_a_port_that_is_taken_is_said(packshot: Callable[..., Any], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        ended = packshot("serve", tmp_path / "out", "--port", port, "--no-open")
    assert ended.code == 3
    assert "address_in_use" in ended.err
    assert "--port 0" in ended.err


def test_from_the_link_to_ctrl_c(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "packshot.cli.main",
        "serve",
        str(tmp_path / "out"),
        "--port",
        "0",
        "--no-open",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as server:  # noqa: S603
        try:
            assert server.stdout is not None
            server.stdout.readline()
            found = re.fullmatch(r"\s*(http://127\.0\.0\.1:\d+)/\?token=(\S+)\s*", server.stdout.readline())
            assert found is not None
            address, token = found.groups()
            signed = {"Authorization": f"Bearer {token}"}
            wanted = urllib.request.Request(f"{address}/api/v1/about", headers=signed)  # noqa: S310 - ours
            with urllib.request.urlopen(wanted, timeout=60) as answer:  # noqa: S310 - ours
                assert json.load(answer)["default_preset"] == "studio"
            with pytest.raises(urllib.error.HTTPError, match="401"):
                urllib.request.urlopen(f"{address}/api/v1/about", timeout=60)  # noqa: S310 - ours
            server.send_signal(signal.SIGINT)
            assert server.wait(60) == 0
            assert server.stderr is not None
            assert token not in server.stderr.read()
        finally:
            server.kill()
