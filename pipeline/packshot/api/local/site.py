"""The page: files that are built into the package, or that lie in web/dist of a checkout."""

from __future__ import annotations

import hashlib
import mimetypes
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from packshot.api.problems import problem_response
from packshot.errors import RequestError

INDEX: Final = "index.html"
#: Vite's folder of files that carry their hash in the name.
_HASHED: Final = "assets/"
_TYPES: Final = {
    ".js": "text/javascript",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
}
_NOT_BUILT: Final = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Packshot</title>
<h1>Packshot is running</h1>
<p>The page is not part of this installation. <code>make serve</code> builds it in a checkout.</p>
<p>The API works: see its <a href="/docs">reference</a>.</p></html>
"""


@dataclass(frozen=True, slots=True)
class _File:
    data: bytes
    kind: str
    tag: str


def page_folder(given: Path | None = None) -> Path | None:
    """Where the built page lies: what is given, in the package, or in the checkout around it."""
    package = Path(__file__).resolve().parents[1]
    for folder in (given, package / "static", package.parents[2] / "web" / "dist"):
        if folder is not None and (folder / INDEX).is_file():
            return folder
    return None


class Site:
    """Serves the page for every path that is none of the API's: the page has addresses of its own.

    Args:
        app: what the other paths go to.
        folder: of the built page; None when there is none.
    """

    def __init__(self, app: ASGIApp, folder: Path | None) -> None:
        self._app = app
        self._files = _read(folder) if folder is not None else {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _is_apis(scope["path"]) or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        await self._answer(scope)(scope, receive, send)

    def _answer(self, scope: Scope) -> Response:
        path = str(scope["path"]).lstrip("/")
        found = self._files.get(path)
        if found is None:
            if "." in path.rpartition("/")[2]:
                return problem_response(RequestError("route_unknown", path=f"/{path}"), scope["path"])
            path, found = INDEX, self._files.get(INDEX)
        if found is None:
            return HTMLResponse(_NOT_BUILT)
        kept = "public, max-age=31536000, immutable" if path.startswith(_HASHED) else "no-cache"
        headers = {"ETag": found.tag, "Cache-Control": kept}
        if found.tag in Headers(scope=scope).get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return Response(found.data, media_type=found.kind, headers=headers)


def _is_apis(path: str) -> bool:
    return path == "/health" or path.startswith(("/api/", "/docs"))


def _read(folder: Path) -> dict[str, _File]:
    """All files of the page, in memory: they are few, and no path can lead out of a dictionary."""
    files = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            data = path.read_bytes()
            kind = _TYPES.get(path.suffix) or mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            if kind.startswith("text/"):
                kind += "; charset=utf-8"
            tag = f'"{hashlib.sha256(data).hexdigest()[:20]}"'
            files[path.relative_to(folder).as_posix()] = _File(data, kind, tag)
    return files
