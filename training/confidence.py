"""How sure the network is, from its own un-stretched probabilities: three statistics and a logistic curve.

The product computes the same in its matting room; here the curve is fitted and judged.

    core   mean of alpha over the pixels with alpha >= 0.5: how sure it is of what it took
    soft   pixels with 0.1 < alpha < 0.9 over pixels with alpha >= 0.5, at most 3: how much it left open
    area   share of the pixels with alpha >= 0.5
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from training import letterbox
from training.protocol import SIDE, Network

Alpha = NDArray[np.float32]
FEATURES = ("core", "soft")
MIN_AREA = 0.001


def measure(alpha: Alpha) -> dict[str, float]:
    """The three statistics of alpha [h, w] of the letterboxed picture's content."""
    taken = alpha >= 0.5
    count = int(taken.sum())
    open_pixels = int(((alpha > 0.1) & (alpha < 0.9)).sum())
    return {
        "core": float(alpha[taken].mean()) if count else 0.0,
        "soft": min(open_pixels / count, 3.0) if count else 3.0,
        "area": count / alpha.size,
    }


def features(network: Network, image: NDArray[np.uint8]) -> dict[str, float]:
    """`measure` of a picture's single pass."""
    square, box = letterbox.apply(image, SIDE)
    alpha = network(np.ascontiguousarray(square.transpose(2, 0, 1)[None]))[0]
    return measure(alpha[box.top : box.top + box.h, box.left : box.left + box.w])


def confidence(facts: dict[str, float], calibration: dict[str, float]) -> float:
    """Probability in 0-1 that the cut-out is good; 0 where next to nothing was taken."""
    if facts["area"] < calibration["min_area"]:
        return 0.0
    logit = calibration["bias"] + sum(calibration[name] * facts[name] for name in FEATURES)
    return float(1 / (1 + np.exp(-np.clip(logit, -50, 50))))


def is_product(facts: dict[str, float], calibration: dict[str, float]) -> bool:
    """Whether the picture is said to show a product at all."""
    return confidence(facts, calibration) >= calibration["product_threshold"]


def fit(rows: list[dict[str, float]], good: NDArray[np.bool_], rounds: int = 60) -> dict[str, float]:
    """Logistic regression by damped Newton steps on standardised features; coefficients in the features'
    units.
    """
    x = np.array([[row[name] for name in FEATURES] for row in rows])
    mean, std = x.mean(0), x.std(0) + 1e-9
    a = np.hstack([np.ones((len(x), 1)), (x - mean) / std])
    penalty = 1e-3 * len(x) * np.diag([0.0, *[1.0] * x.shape[1]])
    w = np.zeros(a.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-np.clip(a @ w, -30, 30)))
        gradient = a.T @ (p - good) + penalty @ w
        hessian = (a * (p * (1 - p))[:, None]).T @ a + penalty + 1e-6 * np.eye(len(w))
        w = w - 0.7 * np.linalg.solve(hessian, gradient)
    slope = w[1:] / std
    named = {name: float(s) for name, s in zip(FEATURES, slope, strict=True)}
    return {"bias": float(w[0] - (slope * mean).sum()), **named, "min_area": MIN_AREA}


def reliability(
    values: NDArray[np.float64], good: NDArray[np.bool_], bins: int = 10
) -> list[dict[str, float]]:
    """Per bin of confidence: how many pictures, their mean confidence, the share that was good."""
    rows = []
    for low, high in itertools.pairwise(np.linspace(0, 1, bins + 1)):
        inside = (values >= low) & ((values < high) | (high == 1.0))
        if inside.any():
            rows.append(
                {
                    "from": float(low),
                    "pictures": int(inside.sum()),
                    "confidence": float(values[inside].mean()),
                    "good": float(good[inside].mean()),
                }
            )
    return rows
