"""Makes the golden pictures anew: `python -m tests.golden.make`. Look at each before it is committed."""

from __future__ import annotations

from pathlib import Path

import cv2

from tests.golden.scenes import SCENES, finished

FOLDER = Path(__file__).parent / "pictures"


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for scene in SCENES:
        picture = finished(scene)
        swap = cv2.COLOR_RGBA2BGRA if picture.shape[2] == 4 else cv2.COLOR_RGB2BGR
        cv2.imwrite(str(FOLDER / f"{scene.name}.png"), cv2.cvtColor(picture, swap))


if __name__ == "__main__":
    main()
