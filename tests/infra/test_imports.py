"""The infrastructure is synthesised on machines without the product's dependencies."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

BLOCKED = ("cv2", "numpy", "onnxruntime", "boto3", "botocore", "PIL", "simplejpeg", "pi_heif")


def test_the_infrastructure_reads_only_pure_data_of_the_product() -> None:
    code = (
        f"import sys\nfor name in {BLOCKED!r}: sys.modules[name] = None\n"
        "import importlib, pkgutil, infra\n"
        "from infra.node import use_packaged_node\nuse_packaged_node()\n"
        "for one in pkgutil.iter_modules(infra.__path__, 'infra.'): importlib.import_module(one.name)\n"
        "import packshot\n"
        "rooms = {name.split('.')[1] for name in sys.modules if name.startswith('packshot.')}\n"
        "assert rooms <= {'contracts', 'costs', 'errors', 'workflow'}, rooms\n"
    )
    root = Path(__file__).resolve().parents[2]
    environment = {"PYTHONPATH": f"{root}:{root / 'pipeline'}", "PATH": "/usr/bin:/bin", "HOME": "/tmp"}  # noqa: S108  jsii keeps its cache there
    subprocess.run([sys.executable, "-c", code], check=True, env=environment)  # noqa: S603  our own code
