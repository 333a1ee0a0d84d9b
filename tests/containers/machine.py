"""What a build needs of the machine that it runs on: how pip is set up here, and whom it trusts."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlparse

#: pip's settings that say where packages come from; the others are a matter of taste.
_OF_PIP = (
    "cert",
    "extra-index-url",
    "find-links",
    "index-url",
    "no-index",
    "proxy",
    "timeout",
    "trusted-host",
)
_CERTIFICATES = "/etc/ssl/certs/ca-certificates.crt"


def build_volumes(folder: Path) -> list[str]:
    """Volumes of a build, HOST:CONTAINER:ro: a pip.conf with this machine's settings, and what it names.

    They are there while the image is built and are not part of it.

    Args:
        folder: the file is written into it.
    """
    settings = pip_settings()
    file = folder / "pip.conf"
    lines = [f"{name} = {value}" for name, value in sorted(settings.items())]
    file.write_text("\n".join(["[global]", *lines, ""]), "utf-8")
    file.chmod(0o600)  # an index's address may hold a password
    places = {place for value in settings.values() for place in _local(value)}
    certificates = Path(os.environ.get("SSL_CERT_FILE") or _CERTIFICATES)
    volumes = [f"{file}:/etc/pip.conf:ro", *(f"{place}:{place}:ro" for place in sorted(places))]
    if certificates.is_file():
        volumes.append(f"{certificates.resolve()}:{_CERTIFICATES}:ro")
    return sorted(set(volumes))


def pip_settings() -> dict[str, str]:
    """pip's settings of this machine, from its files and from the environment, which comes last."""
    listed = subprocess.run(
        [sys.executable, "-m", "pip", "config", "list"], capture_output=True, text=True, check=True
    ).stdout
    found: dict[str, str] = {}
    for line in listed.splitlines():
        full, _, quoted = line.partition("=")
        section, _, name = full.rpartition(".")
        if section in ("global", "install", ":env:") and name in _OF_PIP:
            # A multi-line value is a list.
            found[name] = " ".join(str(ast.literal_eval(quoted)).split())
    return found


def _local(value: str) -> Iterator[Path]:
    """Files and folders of this machine among the words of a setting."""
    for word in value.split():
        address = urlparse(word)
        if address.scheme not in ("", "file"):
            continue
        place = Path(unquote(address.path))
        if address.scheme == "file" and place.name == "simple":
            place = place.parent  # an index's pages point to files beside it
        if place.is_absolute() and place.exists():
            yield place
