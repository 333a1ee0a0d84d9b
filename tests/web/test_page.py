"""The page: its logic by Vitest, and its whole path in a real browser against the real server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
SITE = ROOT / "pipeline" / "packshot" / "api" / "static" / "index.html"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def lost(what: str) -> NoReturn:
    """What a test needs is not there: in CI that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def npm(*arguments: str) -> None:
    """Runs one of the page's scripts; its output is the failure's."""
    here = Path(sys.executable).parent
    path = f"{here}{os.pathsep}{os.environ['PATH']}"
    program = shutil.which("npm", path=path)
    if program is None:
        lost("Node is not installed: make page")
    if not (WEB / "node_modules" / ".bin" / "vitest").exists():
        lost("the page's packages are not installed: make page")
    ended = subprocess.run(  # noqa: S603  # our own scripts
        [program, "--prefix", str(WEB), "run", "--silent", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=1500,
        env={**os.environ, "PATH": path, "PACKSHOT": str(here / "packshot"), "NO_COLOR": "1"},
    )
    assert ended.returncode == 0, (ended.stdout + ended.stderr)[-8000:]


def test_logic() -> None:
    npm("test")


@pytest.mark.xdist_group("page")
def test_from_photos_to_a_catalogue() -> None:
    if not SITE.is_file():
        lost("the page is not built: make page")
    if not any(shutil.which(name) for name in BROWSERS):
        lost("there is no browser: apt-get install chromium")
    npm("e2e")


def test_the_built_page_names_no_other_host_and_needs_no_weaker_policy() -> None:
    if not SITE.is_file():
        lost("the page is not built: make page")
    page = SITE.read_text("utf-8")
    assert "<script>" not in page
    assert "<style" not in page
    assert " style=" not in page
    assert "http" not in page.replace("http-equiv", "")
    for sheet in SITE.parent.glob("assets/*.css"):
        text = sheet.read_text("utf-8")
        assert "@import" not in text, sheet.name
        assert "url(" not in text, sheet.name


def test_the_lock_file_names_no_registry() -> None:
    lock = (WEB / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert '"integrity": "sha512-' in lock
