import numpy as np
import pytest

from training import confidence

CARD: dict[str, object] = {
    "coefficients": {
        "intercept": 5.0,
        "mean_inside": 1.0,
        "soft_share": 0.0,
        "flip_agreement": 0.0,
        "log_area": 0.0,
    },
    "product_threshold": 0.5,
}


def _network(batch: np.ndarray) -> np.ndarray:
    """Takes the red channel for the alpha."""
    return batch[:, 0]


def test_the_mirrored_look_is_turned_back() -> None:
    image = np.zeros((90, 160, 3), np.uint8)
    image[20:60, 10:50] = 255
    facts = confidence.features(_network, image)
    assert facts is not None
    assert facts["flip_agreement"] == pytest.approx(1.0, abs=1e-6)
    assert facts["mean_inside"] > 0.95


def test_nothing_taken_is_no_product() -> None:
    facts = confidence.features(_network, np.full((90, 160, 3), 100, np.uint8))
    assert facts is None
    assert confidence.confidence(facts, CARD) == 0.0
    assert not confidence.is_product(facts, CARD)


def test_the_fit_finds_the_curve_that_drew_the_labels() -> None:
    rng = np.random.default_rng(1)
    rows = [
        dict(zip(confidence.FEATURES, map(float, values), strict=True))
        for values in np.column_stack(
            [rng.uniform(0.5, 1, 4000), rng.uniform(0, 9, 4000), rng.random((4000, 2))]
        )
    ]
    logit = np.array([-14 + 20 * row["mean_inside"] - 0.5 * row["soft_share"] for row in rows])
    good = rng.random(4000) < 1 / (1 + np.exp(-logit))
    curve = confidence.fit(rows, good)
    assert curve["mean_inside"] == pytest.approx(20, rel=0.15)
    assert curve["soft_share"] == pytest.approx(-0.5, rel=0.25)
    assert curve["flip_agreement"] == pytest.approx(0, abs=0.5)


def test_reliability_counts_every_picture_once() -> None:
    values = np.array([0.0, 0.05, 0.5, 0.99, 1.0])
    rows = confidence.reliability(values, np.array([False, False, True, True, True]))
    assert sum(row["pictures"] for row in rows) == 5
    assert rows[-1]["good"] == 1.0
