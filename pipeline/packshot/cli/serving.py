"""Starting the server: where it may listen, the link, the browser, and its end."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import socket
import sys
import threading
import webbrowser
from dataclasses import dataclass
from pathlib import Path

import click
import uvicorn

from packshot.api.local.edge import EdgeSettings
from packshot.api.local.server import ServerSettings, local_app
from packshot.api.local.tokens import SHORTEST, new_token
from packshot.cli import console
from packshot.cli.exits import ALL_WELL
from packshot.cli.user import user_name
from packshot.errors import StorageError


@dataclass(frozen=True, slots=True)
class Start:
    """What `packshot serve` was told; see its options."""

    directory: Path
    host: str
    port: int
    remote: bool
    hosts: tuple[str, ...]
    token: str | None
    opens: bool | None
    jobs: int | None
    allow_roots: tuple[Path, ...]


def serve_directory(start: Start) -> int:
    """Serves until Ctrl-C.

    Raises:
        click.UsageError: an address that others can reach, without --remote; a token that is too short.
        StorageError: the folder can't be written.
    """
    if not start.remote and not _is_loopback(start.host):
        raise click.UsageError(
            f"Other machines could reach {start.host}. If they should, add --remote; the token is all that "
            "protects your pictures then, and it travels unencrypted unless a proxy with https is in front."
        )
    if start.token is not None and len(start.token) < SHORTEST:
        raise click.UsageError(f"A token needs at least {SHORTEST} signs.")
    token = start.token or new_token()
    with _listening(start.host, start.port) as listener:
        port = int(listener.getsockname()[1])
        edge = EdgeSettings(port=port, remote=start.remote, hosts=start.hosts, user=user_name("local"))
        settings = ServerSettings(
            out=start.directory, edge=edge, token=token, jobs=start.jobs, allow_roots=start.allow_roots
        )
        _, guarded = local_app(settings)
        logging.basicConfig(level=logging.WARNING, format="packshot: %(message)s", stream=sys.stderr)
        _announce(start, _link(start.host, port, token))
        config = uvicorn.Config(
            guarded,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=20,
            timeout_graceful_shutdown=5,
            h11_max_incomplete_event_size=64 * 1024,
        )
        with contextlib.suppress(KeyboardInterrupt):
            # It has ended well by then, and says once more why.
            uvicorn.Server(config).run(sockets=[listener])
    return ALL_WELL


def _announce(start: Start, link: str) -> None:
    console.result(f"Packshot serves {start.directory} at")
    console.result(f"  {link}")
    console.note("Whoever has this link may do everything here. Ctrl-C ends the server.")
    opens = sys.stdout.isatty() if start.opens is None else start.opens
    if opens:
        threading.Thread(target=webbrowser.open, args=(link,), daemon=True).start()


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        # From now on whoever comes waits: the link is good as soon as it is printed.
        listener.listen(128)
    except OSError as error:
        raise StorageError(
            "address_in_use", host=host, port=port, reason=error.strerror or str(error)
        ) from error
    return listener


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _link(host: str, port: int, token: str) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(host, f"[{host}]" if ":" in host else host)  # noqa: S104 - as it was given
    return f"http://{shown}:{port}/?token={token}"
