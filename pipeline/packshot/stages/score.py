"""score: before and after on the product, the preset's rules on the final file, and the verdict."""

from __future__ import annotations

from typing import Final

from packshot.contracts.base import QcStatus, ReviewReason
from packshot.contracts.manifest import Scale
from packshot.contracts.preset import Measure
from packshot.contracts.stages import ComplianceResult, ScoreInput, ScoreOutput
from packshot.imaging.metrics import rating
from packshot.imaging.metrics.border import has_border
from packshot.imaging.metrics.fidelity import fidelity
from packshot.imaging.metrics.ground import ground_deviation
from packshot.imaging.metrics.pose import Stand, stand
from packshot.imaging.metrics.score import combine
from packshot.imaging.metrics.view import view
from packshot.stages.compliance import Measurements, judge, required_failed
from packshot.stages.context import StageContext
from packshot.stages.enhance import FINISHED_LOOK
from packshot.stages.final_file import FinalFile
from packshot.stages.source_parts import look_parts, source_parts, source_resolution, wanted_side
from packshot.stages.workspace import Workspace

#: Part of the cut (0-1) below which it is shown to a person: of 71 finished pictures 14 lie below it, 11 of
#: them with a bite, a leftover or a frayed edge that is plain to see.
_DOUBTED_CUT: Final = 0.65


def run(given: ScoreInput, workspace: Workspace, _context: StageContext) -> ScoreOutput:
    """Scores one image and decides whether a person must look at it."""
    final = FinalFile(given, workspace)
    before = source_parts(given, workspace)
    after = _parts_after(given, workspace, final, before.cut)
    results = judge(
        given.settings.preset.rules,
        _measurements(given, final),
        given.task.row.image_type,
        given.settings.as_of,
    )
    score_after = round(combine(after), 2)
    # An alpha of the photo's own is the truth, and what it hides may be anything.
    doubted = before.cut < _DOUBTED_CUT and not workspace.has("aligned_alpha")
    reasons = _reasons(given, score_after, doubted, results)
    return ScoreOutput(
        score_before=round(combine(before.parts), 2),
        score_after=score_after,
        score_parts=_shown(after),
        score_parts_before=_shown(before.parts),
        compliance=results,
        qc_status=QcStatus.NEEDS_REVIEW if reasons else QcStatus.AUTO_APPROVED,
        review_reasons=reasons,
    )


def _parts_after(given: ScoreInput, workspace: Workspace, final: FinalFile, cut: float) -> dict[str, float]:
    alpha = workspace.get_pixels("alpha")
    # enhance leaves this when it changed nothing.
    seen = workspace.memo(
        FINISHED_LOOK,
        lambda: rating.look(view(workspace.get_pixels("finished"), alpha, given.background.box)),
    )
    parts = look_parts(seen)
    stands = _stand(given)
    parts |= {
        "resolution": rating.rate_resolution(_delivered_resolution(given, final)),
        "fidelity": rating.rate_fidelity(fidelity(final.pixels, final.wanted, final.alpha, final.box)),
        "edges": cut,
        "fill": rating.rate_fill(stands, _wanted_fill(given)),
        "centring": rating.rate_centring(stands),
    }
    if final.background != "keep":
        parts["background"] = rating.rate_background(
            ground_deviation(final.pixels, final.wanted, final.alpha)
        )
    return parts


def _stand(given: ScoreInput) -> Stand:
    """Where the product stands, against its reference's baseline if it has one, else the preset's."""
    width, height = given.align.canvas
    own = given.align.baseline
    baseline = given.settings.preset.canvas.baseline if own is None else (own + 0.5) / height
    return stand(given.background.box, width, height, baseline)


def _wanted_fill(given: ScoreInput) -> float:
    """The preset's fill; a product at its reference's scale is as large as that makes it."""
    align = given.align
    if given.task.row.scale is not Scale.SHARED or align.method != "mask_pose":
        return given.settings.preset.canvas.fill
    return stand(align.box, *align.canvas).fill


def _delivered_resolution(given: ScoreInput, final: FinalFile) -> float:
    """Source pixels per wanted one; no more than the file has, which may be smaller than wanted."""
    delivered = max(final.facts.width, final.facts.height) / wanted_side(given)
    source = source_resolution(given)
    return source if delivered >= 1 else min(source, delivered)


def _measurements(given: ScoreInput, final: FinalFile) -> Measurements:
    width, height = final.facts.width, final.facts.height
    return {
        Measure.LONGEST_SIDE: lambda: float(max(width, height)),
        Measure.SHORTEST_SIDE: lambda: float(min(width, height)),
        Measure.MEGAPIXELS: lambda: width * height / 1e6,
        Measure.FILE_MB: lambda: final.facts.bytes / 1e6,
        Measure.ASPECT_RATIO: lambda: width / height,
        Measure.WHITE_GROUND: lambda: final.white_share,
        Measure.FILL_LONG: lambda: _stand(given).fill_long,
        Measure.FILL_AREA: lambda: given.background.coverage,
        Measure.BORDER: lambda: float(has_border(final.pixels)),
        Measure.ENLARGED: lambda: float(given.align.enlarged),
    }


def _reasons(
    given: ScoreInput, score: float, doubted: bool, results: tuple[ComplianceResult, ...]
) -> tuple[ReviewReason, ...]:
    found = [
        *given.detect.review_reasons,
        *given.align.review_reasons,
        *given.background.review_reasons,
        *given.enhance.review_reasons,
    ]
    if doubted:
        found.append(ReviewReason.BACKGROUND_UNCERTAIN)
    # Auto-approval needs a score above the threshold, so one on it is doubtful.
    if score <= given.settings.preset.thresholds.approve_score:
        found.append(ReviewReason.LOW_SCORE)
    if required_failed(results):
        found.append(ReviewReason.REQUIRED_RULE_FAILED)
    return tuple(dict.fromkeys(found))


def _shown(parts: dict[str, float]) -> dict[str, float]:
    return {name: round(100 * value, 2) for name, value in parts.items()}
