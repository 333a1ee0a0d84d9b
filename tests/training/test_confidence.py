import numpy as np
import pytest

from training import confidence


def _disc(radius: float, soft: float, peak: float = 1.0) -> np.ndarray:
    y, x = np.mgrid[0:200, 0:200]
    return (peak * np.clip((radius - np.hypot(x - 100, y - 100)) / soft + 0.5, 0, 1)).astype(np.float32)


def test_a_crisp_disc_is_surer_than_a_faint_or_a_soft_one() -> None:
    crisp, faint, soft = (confidence.measure(a) for a in (_disc(50, 2), _disc(50, 2, 0.6), _disc(50, 60)))
    assert crisp["core"] > faint["core"]
    assert crisp["soft"] < soft["soft"]


def test_nothing_taken_is_no_product() -> None:
    calibration = {"bias": 5.0, "core": 1.0, "soft": 0.0, "min_area": 0.001, "product_threshold": 0.5}
    facts = confidence.measure(np.full((100, 100), 0.4, np.float32))
    assert confidence.confidence(facts, calibration) == 0.0
    assert not confidence.is_product(facts, calibration)


def test_the_fit_finds_the_curve_that_drew_the_labels() -> None:
    rng = np.random.default_rng(1)
    rows = [
        {"core": float(c), "soft": float(s)}
        for c, s in zip(rng.uniform(0.5, 1, 4000), rng.uniform(0, 1, 4000), strict=True)
    ]
    logit = np.array([-14 + 20 * r["core"] - 3 * r["soft"] for r in rows])
    good = rng.random(4000) < 1 / (1 + np.exp(-logit))
    curve = confidence.fit(rows, good)
    assert curve["core"] == pytest.approx(20, rel=0.15)
    assert curve["soft"] == pytest.approx(-3, rel=0.25)


def test_reliability_counts_every_picture_once() -> None:
    values = np.array([0.0, 0.05, 0.5, 0.99, 1.0])
    rows = confidence.reliability(values, np.array([False, False, True, True, True]))
    assert sum(row["pictures"] for row in rows) == 5
    assert rows[-1]["good"] == 1.0
