"""How sure the network is that there is a product and where it ends: a few numbers from un-stretched probabilities, and a
logistic curve over them that is fitted to whether the cut-out was good (IoU of 0.9 or more against exact alpha)."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training import letterbox
from training.protocol import SIDE, Network

Alpha = NDArray[np.float32]
NAMES = ("mean_inside", "soft_share", "flip_agreement", "log_area")
_TINY = 1e-6


def measure(alpha: Alpha, mirrored: Alpha) -> dict[str, float]:
    """From alpha of the letterboxed picture's content [h, w] and the alpha of its mirror image, mirrored back.

    - mean_inside: mean probability where it is at least 0.5 (0 when nowhere)
    - soft_share: pixels between 0.1 and 0.9, by the square root of the mask's area (a clean edge gives 2-8)
    - flip_agreement: soft IoU of the two alphas
    - log_area: natural logarithm of the mask's share of the picture (at least 1e-4)
    """
    mask = alpha >= 0.5
    area = float(mask.mean())
    soft = float(((alpha > 0.1) & (alpha < 0.9)).sum())
    low, high = np.minimum(alpha, mirrored).sum(), np.maximum(alpha, mirrored).sum()
    return {
        "max": float(alpha.max()),
        "mean_inside": float(alpha[mask].mean()) if mask.any() else 0.0,
        "soft_share": min(40.0, soft / max(1.0, float(np.sqrt(mask.sum())))),
        "flip_agreement": float((low + _TINY) / (high + _TINY)) if mask.any() else 0.0,
        "log_area": float(np.log(max(area, 1e-4))),
    }


def features(network: Network, image: NDArray[np.uint8]) -> dict[str, float]:
    """`measure` on a picture: two forward passes, the second on the mirror image."""
    square, box = letterbox.apply(image, SIDE)
    chw = np.ascontiguousarray(square.transpose(2, 0, 1)[None])
    content = slice(box.top, box.top + box.h), slice(box.left, box.left + box.w)
    plain = network(chw)[0]
    mirrored = network(np.ascontiguousarray(chw[..., ::-1]))[0][:, ::-1]
    return measure(plain[content], mirrored[content])


def confidence(facts: dict[str, float], calibration: dict[str, Any]) -> float:
    """Probability in 0-1 that the cut-out is good; 0 where no pixel reaches 0.5."""
    if facts["mean_inside"] == 0.0:
        return 0.0
    weights = calibration["coefficients"]
    score = weights["intercept"] + sum(weights[n] * facts[n] for n in calibration["features"])
    return float(1 / (1 + np.exp(-score)))


def is_product(facts: dict[str, float], calibration: dict[str, Any]) -> bool:
    """Whether the picture is said to show a product at all."""
    return confidence(facts, calibration) >= calibration["product_threshold"]


def fit(rows: list[dict[str, float]], good: NDArray[np.bool_], ridge: float = 1e-2, rounds: int = 50) -> dict[str, float]:
    """Logistic regression by Newton's method on standardised features; coefficients in the features' own units."""
    x = np.array([[r[n] for n in NAMES] for r in rows])
    mean, std = x.mean(0), x.std(0) + 1e-9
    a = np.hstack([np.ones((len(x), 1)), (x - mean) / std])
    w, penalty = np.zeros(a.shape[1]), ridge * len(x) * np.diag([0.0] + [0.01] * x.shape[1])
    for _ in range(rounds):
        p = 1 / (1 + np.exp(-a @ w))
        gradient = a.T @ (p - good) + penalty @ w
        hessian = (a * (p * (1 - p))[:, None]).T @ a + penalty + 1e-9 * np.eye(len(w))
        w = w - np.linalg.solve(hessian, gradient)
    slope = w[1:] / std
    return {"intercept": float(w[0] - (slope * mean).sum()), **{n: float(s) for n, s in zip(NAMES, slope, strict=True)}}


def reliability(confidences: NDArray[np.float64], good: NDArray[np.bool_], bins: int = 10) -> list[dict[str, float]]:
    """Per bin of confidence: how many pictures, their mean confidence, the share that was good."""
    edges = np.linspace(0, 1, bins + 1)
    rows = []
    for low, high in zip(edges[:-1], edges[1:], strict=True):
        inside = (confidences >= low) & ((confidences < high) | (high == 1.0))
        if inside.any():
            rows.append({"low": float(low), "pictures": int(inside.sum()), "confidence": float(confidences[inside].mean()), "good": float(good[inside].mean())})
    return rows


def to_json(value: object) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
