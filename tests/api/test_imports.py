"""What runs behind API Gateway does not need what only one machine has."""

from __future__ import annotations

import subprocess
import sys

_BLOCKED = ("PIL", "boto3", "cv2", "numpy", "onnxruntime", "pi_heif", "simplejpeg", "sqlite3", "uvicorn")


def test_the_routes_need_no_pictures_no_database_and_no_server() -> None:
    blocking = f"import sys; [sys.modules.__setitem__(name, None) for name in {_BLOCKED!r}]"
    counting = "print(len(packshot.api.app.create_app(None).openapi()['paths']))"
    code = f"{blocking}; import packshot.api.app; {counting}"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)  # noqa: S603
    assert found.returncode == 0, found.stderr
    assert int(found.stdout) > 25
