"""Fits the confidence's logistic curve and judges it.

The statistics and the curve itself are the product's own (`packshot.matting.confidence`): what is fitted
here is what is used there.
"""

from __future__ import annotations

import itertools

import numpy as np
from numpy.typing import NDArray

from packshot.matting.confidence import Calibration, probability, statistics
from training import letterbox
from training.protocol import SIDE, Network

FEATURES = ("mean_inside", "soft_share", "flip_agreement", "log_area")
Facts = dict[str, float] | None


def features(network: Network, image: NDArray[np.uint8]) -> Facts:
    """The statistics of the picture's two looks, plain and mirrored; None when nothing was taken."""
    square, box = letterbox.apply(image, SIDE)
    chw = square.transpose(2, 0, 1)[None]
    plain = network(np.ascontiguousarray(chw))[0]
    mirrored = network(np.ascontiguousarray(chw[..., ::-1]))[0][:, ::-1]
    content = (slice(box.top, box.top + box.h), slice(box.left, box.left + box.w))
    return statistics(np.ascontiguousarray(plain[content]), np.ascontiguousarray(mirrored[content]))


def confidence(facts: Facts, card: dict[str, object]) -> float:
    """Probability in 0-1 that the cut-out is good; 0 where nothing was taken.

    Args:
        facts: of `features`.
        card: the model card's `confidence`.
    """
    return 0.0 if facts is None else probability(facts, Calibration.of_card({"confidence": card}))


def is_product(facts: Facts, card: dict[str, object]) -> bool:
    """Whether the picture is said to show a product at all."""
    return confidence(facts, card) >= float(str(card["product_threshold"]))


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
    return {"intercept": float(w[0] - (slope * mean).sum()), **named}


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
