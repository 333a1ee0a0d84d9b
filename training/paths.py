"""Where training reads its pictures and writes its work.

The pictures lie outside the repository (`../shared/training-data`, or the folder named with `--data`);
everything made from them lies under `training/work`, which git ignores.
"""

from __future__ import annotations

from pathlib import Path

REPO = Path(__file__).resolve().parents[1]
DATA = REPO.parent / "shared" / "training-data"
WORK = REPO / "training" / "work"
WEIGHTS = REPO / "pipeline" / "packshot" / "weights"
JUDGED = REPO / "training" / "garment-masks"  # of training's garments, by eye
GARMENT_MASKS = REPO / "tests" / "data" / "garment-masks"
RENDERS = WORK / "renders"
VALIDATION = WORK / "rendered-validation"
FOREIGN = WORK / "foreign"  # photos for evaluation alone, of kinds that training never draws from


def require_data(root: Path = DATA) -> Path:
    """The folder of training pictures, or a clear error when this checkout has none."""
    if not root.is_dir():
        raise FileNotFoundError(
            f"Training pictures not found at {root}. Training needs them; the product does not. "
            "Pass --data FOLDER, or use the shipped weights."
        )
    return root
