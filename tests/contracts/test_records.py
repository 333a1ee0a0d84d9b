"""A line of results.jsonl holds what is promised, under these very names: other programs read them."""

from tests.report.samples import failed_record, record

LINE = {
    "image_id", "revision", "source", "sku_id", "product_group_id", "image_type", "status", "qc_status",
    "score_before", "score_after", "score_parts", "review_reasons", "error", "product", "alignment",
    "compliance", "renditions", "versions", "timings_ms",
}  # fmt: skip
WITHIN = {
    "product": {"box", "angle_deg", "confidence", "coverage"},
    "alignment": {"method", "transform", "residual_px", "scale", "rotation_deg", "enlarged", "canvas", "box"},
    "versions": {"packshot", "model", "preset"},
    "error": {"code", "message", "stage"},
}
EACH = {
    "compliance": {
        "rule",
        "level",
        "passed",
        "measured",
        "limit",
        "fix",
        "source",
        "dated",
        "measure",
        "minimum",
        "maximum",
    },
    "renditions": {"name", "path", "format", "width", "height", "bytes", "quality"},
}


def test_a_finished_line_has_every_field() -> None:
    line = record().model_dump(mode="json")
    assert set(line) >= LINE
    for name in ("product", "alignment", "versions"):
        assert set(line[name]) == WITHIN[name]
    for name, fields in EACH.items():
        assert line[name]
        assert all(set(one) >= fields for one in line[name])


def test_a_failed_line_has_every_field_too() -> None:
    line = failed_record().model_dump(mode="json")
    assert set(line) >= LINE
    assert set(line["error"]) == WITHIN["error"]
    assert line["product"] is line["alignment"] is None


def test_the_transform_is_six_numbers_row_by_row() -> None:
    transform = record().model_dump(mode="json")["alignment"]["transform"]
    assert len(transform) == 6
    assert all(isinstance(number, float) for number in transform)
