from __future__ import annotations

import numpy as np
import pytest

from packshot.contracts.base import QcStatus, ReviewReason
from packshot.report.card import card
from tests.report.samples import failed_record, record, review_record, rule


def test_the_css_matrix_moves_edges_where_the_transform_moves_centres() -> None:
    """A pixel whose centre is x covers [x, x+1) on a page, so both sides shift by a half."""
    image = record(0)
    a, b, c, d, e, f = (float(number) for number in card(image, None, None).matrix.split())
    m = np.reshape(image.alignment.transform, (2, 3))
    for x, y in ((0, 0), (2999, 17), (1234, 2500)):
        centre = m @ (x, y, 1)
        drawn = np.array((a * (x + 0.5) + c * (y + 0.5) + e, b * (x + 0.5) + d * (y + 0.5) + f))
        assert drawn - 0.5 == pytest.approx(centre, abs=0.02)


def test_facts_of_a_finished_image() -> None:
    facts = dict(card(record(0), None, None).facts)
    assert facts["Photo"] == "3,000 × 2,800 px, 4.3 MB"
    assert facts["Product"] == "97 % sure, 21 % of the photo"
    assert (
        facts["Placed"] == "matched to the reference's details, turned by -6.3°, scale 0.89, residual 0.31 px"
    )
    assert facts["Enhanced"] == "exposure 0.4, white balance 0.7"
    assert facts["Time"] == "705 ms"


def test_an_image_that_needed_nothing_says_so() -> None:
    assert dict(card(record(0, enhancements={}), None, None).facts)["Enhanced"] == "nothing needed it"


def test_a_failed_image_has_no_files_and_no_gain() -> None:
    failed = card(failed_record(), None, None)
    assert (failed.link, failed.matrix, failed.gain, failed.files) == (None, None, None, [])
    assert "Enhanced" not in dict(failed.facts)


def test_filters_are_what_keeps_an_image_from_being_perfect() -> None:
    missed = rule("amazon.fill", passed=False)
    shown = review_record(1, ReviewReason.ENLARGED, compliance=(missed, rule("a")))
    assert card(shown, None, None).filters == "enlarged amazon.fill"
    approved = record(1, qc_status=QcStatus.APPROVED, review_reasons=(ReviewReason.ENLARGED,))
    assert card(approved, None, None).filters == ""
    assert card(failed_record(), None, None).filters == "image_truncated"


def test_failing_rules_first_and_points_won() -> None:
    shown = card(review_record(1, compliance=(rule("a"), rule("b", passed=False))), None, None)
    assert [one.rule for one in shown.rules] == ["b", "a"]
    assert shown.gain == pytest.approx(66.0 - 49.0)
