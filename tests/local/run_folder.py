"""`python -m tests.local.run_folder SOURCE OUT fake|real`: a run in a process that tests may kill."""

from __future__ import annotations

import sys
from pathlib import Path

from packshot.local.runner import DEFAULT
from tests.local.catalogues import MACHINERY, run_folder

if __name__ == "__main__":
    source, out, stages = sys.argv[1:]
    result = run_folder(Path(source), Path(out), DEFAULT if stages == "real" else MACHINERY)
    sys.exit(result.exit_code)
