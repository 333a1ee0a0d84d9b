"""`cdk synth` asks for nothing: no account, no Docker, no git, no network."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def without_network() -> list[str]:
    """A prefix that starts a command in a network of its own, without any interface.

    Empty where the machine refuses that, as containers may: what is left to test there is the rest.
    """
    unshare = shutil.which("unshare")
    if unshare is None:
        return []
    tried = subprocess.run([unshare, "-rn", "true"], capture_output=True, check=False)  # noqa: S603
    return [unshare, "-rn"] if tried.returncode == 0 else []


def test_synthesis_needs_no_account_docker_git_or_network(tmp_path: Path, context: dict[str, Any]) -> None:
    nothing, out = tmp_path / "bin", tmp_path / "cdk.out"
    nothing.mkdir()
    environment = {
        # No AWS_ variable, no credentials file, and nothing at all on the path.
        "HOME": str(tmp_path),
        "PATH": str(nothing),
        "PYTHONPATH": str(ROOT / "pipeline"),
        "CDK_OUTDIR": str(out),
        "CDK_CONTEXT_JSON": json.dumps(context),
        # jsii unpacks its libraries once per user; that takes half a minute and is not what is tested.
        "JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(Path.home() / ".cache/aws/jsii/package-cache"),
    }
    ended = subprocess.run(  # noqa: S603  # our own command
        [*without_network(), sys.executable, "app.py"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )
    assert ended.returncode == 0, ended.stderr
    assert list(out.glob("Packshot-dev*.template.json"))
