"""score: before and after on the product, the preset's rules on the final file, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass

from packshot.contracts.base import QcStatus, ReviewReason
from packshot.contracts.preset import Measure
from packshot.contracts.stages import ComplianceResult, ScoreInput, ScoreOutput
from packshot.imaging.metrics import rating
from packshot.imaging.metrics.border import has_border
from packshot.imaging.metrics.edges import edges
from packshot.imaging.metrics.fidelity import fidelity
from packshot.imaging.metrics.ground import ground_deviation
from packshot.imaging.metrics.pose import Stand, stand
from packshot.imaging.metrics.score import combine
from packshot.imaging.metrics.view import STANDARD, view
from packshot.stages.compliance import Measurements, judge, required_failed
from packshot.stages.context import StageContext
from packshot.stages.enhance import FINISHED_LOOK
from packshot.stages.final_file import FinalFile
from packshot.stages.product_views import source_view
from packshot.stages.workspace import Workspace


def run(given: ScoreInput, workspace: Workspace, _context: StageContext) -> ScoreOutput:
    """Scores one image and decides whether a person must look at it."""
    final = FinalFile(given, workspace)
    before = _parts_before(given, workspace)
    after = _parts_after(given, workspace, final, before.edges)
    results = judge(
        given.settings.preset.rules,
        _measurements(given, final),
        given.task.row.image_type,
        given.settings.as_of,
    )
    score_after = round(combine(after), 2)
    reasons = _reasons(given, score_after, results)
    return ScoreOutput(
        score_before=round(combine(before.parts), 2),
        score_after=score_after,
        score_parts=_shown(after),
        score_parts_before=_shown(before.parts),
        compliance=results,
        qc_status=QcStatus.NEEDS_REVIEW if reasons else QcStatus.AUTO_APPROVED,
        review_reasons=reasons,
    )


@dataclass(frozen=True, slots=True)
class _Before:
    """Parts of the source's product, and the cut's part, which needs the source's ground."""

    parts: dict[str, float]
    edges: float


def _parts_before(given: ScoreInput, workspace: Workspace) -> _Before:
    seen = source_view(workspace, given.align, given.background.box)
    parts = _look_parts(rating.look(view(seen.picture, seen.alpha, seen.box)))
    parts["resolution"] = rating.rate_resolution(_source_resolution(given))
    zoom = STANDARD / max(seen.box[2:])
    return _Before(parts, rating.rate_edges(edges(seen.alpha, seen.picture), zoom))


def _parts_after(
    given: ScoreInput, workspace: Workspace, final: FinalFile, edges_part: float
) -> dict[str, float]:
    canvas = given.settings.preset.canvas
    alpha = workspace.get_pixels("alpha")
    # enhance leaves this when it changed nothing.
    seen = workspace.memo(
        FINISHED_LOOK,
        lambda: rating.look(view(workspace.get_pixels("finished"), alpha, given.background.box)),
    )
    parts = _look_parts(seen)
    stands = _stand(given)
    parts |= {
        "resolution": rating.rate_resolution(_delivered_resolution(given, final)),
        "fidelity": rating.rate_fidelity(fidelity(final.pixels, final.wanted, final.alpha, final.box)),
        "edges": edges_part,
        "fill": rating.rate_fill(stands, canvas.fill),
        "centring": rating.rate_centring(stands),
    }
    if final.background != "keep":
        parts["background"] = rating.rate_background(
            ground_deviation(final.pixels, final.wanted, final.alpha)
        )
    return parts


def _look_parts(seen: rating.Look) -> dict[str, float]:
    return {
        "sharpness": rating.rate_sharpness(seen.sharpness),
        "exposure": rating.rate_exposure(seen.light.level),
        "noise": rating.rate_noise(seen.noise, seen.light.level),
        "contrast": rating.rate_contrast(seen.light.span),
        "clipping": rating.rate_clipping(seen.light.clipped),
    }


def _stand(given: ScoreInput) -> Stand:
    width, height = given.align.canvas
    return stand(given.background.box, width, height, given.settings.preset.canvas.baseline)


def _wanted_side(given: ScoreInput) -> int:
    preset = given.settings.preset
    spec = next(spec for spec in preset.renditions if spec.name == "main")
    return spec.longest_side or max(preset.canvas.width, preset.canvas.height)


def _source_resolution(given: ScoreInput) -> float:
    """Source pixels of the product per pixel that the preset wants of it."""
    return max(given.align.canvas) / (given.align.scale * _wanted_side(given))


def _delivered_resolution(given: ScoreInput, final: FinalFile) -> float:
    """The same, when the file had to be smaller than the preset wants."""
    delivered = max(final.facts.width, final.facts.height) / _wanted_side(given)
    source = _source_resolution(given)
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
    given: ScoreInput, score: float, results: tuple[ComplianceResult, ...]
) -> tuple[ReviewReason, ...]:
    found = [
        *given.detect.review_reasons,
        *given.align.review_reasons,
        *given.background.review_reasons,
    ]
    # Auto-approval needs a score above the threshold, so one on it is doubtful.
    if score <= given.settings.preset.thresholds.approve_score:
        found.append(ReviewReason.LOW_SCORE)
    if required_failed(results):
        found.append(ReviewReason.REQUIRED_RULE_FAILED)
    return tuple(dict.fromkeys(found))


def _shown(parts: dict[str, float]) -> dict[str, float]:
    return {name: round(100 * value, 2) for name, value in parts.items()}
