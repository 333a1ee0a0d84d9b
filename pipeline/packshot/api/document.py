"""Prints the OpenAPI document: `python -m packshot.api.document > docs/openapi.json`."""

from __future__ import annotations

import json
import sys

from packshot.api.app import create_app
from packshot.api.local.routes import router


def document() -> str:
    """The OpenAPI document as it is kept in docs/: sorted, indented, with a line's end."""
    app = create_app(None, (router,))
    return json.dumps(app.openapi(), indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document())
