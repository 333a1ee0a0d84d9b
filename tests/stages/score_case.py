"""One image as score finds it."""

import cv2

from benchmarks.ladders.photo_like import photo_like
from benchmarks.ladders.scoring import given_for
from packshot.contracts.stages import RenditionFile, ScoreInput
from packshot.imaging.compose import WHITE, composite
from packshot.stages import score
from packshot.stages.workspace import MemoryWorkspace


def _encoded(pixels, ending, options):
    order = cv2.COLOR_RGB2BGR if pixels.shape[2] == 3 else cv2.COLOR_RGBA2BGRA
    return cv2.imencode(ending, cv2.cvtColor(pixels, order), options)[1].tobytes()


class ScoreCase:
    """The finished picture is the source, unless a test says otherwise; with `own` it came cut out."""

    def __init__(self, seed=2, side=480, source=None, own=False):
        made = photo_like(seed, side)
        self.alpha, self.finished = made.alpha, made.picture
        self.source = made.picture if source is None else source(made.picture)
        self.own = own
        self.given = given_for(made.alpha)
        self.format, self.options = ".jpg", [cv2.IMWRITE_JPEG_QUALITY, 92]
        self.main = self.on_white()

    def on_white(self):
        return composite(self.finished, self.alpha, WHITE)

    def change(self, part, **values):
        # Validated again, as a stage's input is.
        changed = getattr(self.given, part).model_copy(update=values)
        self.given = ScoreInput.model_validate(self.given.model_dump() | {part: changed.model_dump()})
        return self

    def use(self, preset, **values):
        settings = self.given.settings
        kept = preset.model_copy(update={"canvas": settings.preset.canvas} | values)
        return self.change("settings", preset=kept)

    def run(self):
        workspace = MemoryWorkspace()
        data = _encoded(self.main, self.format, self.options)
        workspace.put_bytes("source", _encoded(self.source, ".png", [cv2.IMWRITE_PNG_COMPRESSION, 0]))
        workspace.put_bytes(f"renditions/main{self.format}", data)
        workspace.put_pixels("aligned", self.finished.copy())
        workspace.put_pixels("foreground", self.finished.copy())
        workspace.put_pixels("finished", self.finished.copy())
        workspace.put_pixels("alpha", self.alpha.copy())
        if self.own:
            workspace.put_pixels("aligned_alpha", self.alpha.copy())
        height, width = self.main.shape[:2]
        file = RenditionFile(
            name="main", format=self.format[1:].replace("jpg", "jpeg"), width=width, height=height,
            bytes=len(data), quality=None, sha256="0",
        )  # fmt: skip
        self.change("compress", renditions=(file,))
        return score.run(self.given, workspace, None)
