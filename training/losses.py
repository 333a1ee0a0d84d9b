"""The training loss: edge-weighted cross-entropy, soft IoU, absolute error; coarser outputs with a smaller
weight.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

AUX_WEIGHTS = (0.3, 0.3, 0.4)


def edge_weight(target: Tensor) -> Tensor:
    """1 far from edges, up to 5 at them: how much the target differs from its local mean (a cheap two-step
    mean).
    """
    side = target.shape[-1]
    small = functional.avg_pool2d(target, 4)
    local = functional.interpolate(
        functional.avg_pool2d(small, 5, 1, 2, count_include_pad=False), size=(side, side), mode="bilinear"
    )
    fine = functional.avg_pool2d(target, 5, 1, 2, count_include_pad=False)
    return 1 + 3 * (local - target).abs() + 3 * (fine - target).abs()


def one_scale(logits: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """Loss of logits [n, 1, h, w] against alpha of the same size. Empty pictures count by cross-entropy
    alone.
    """
    bce = functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    bce = (bce * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3))
    alpha = torch.sigmoid(logits)
    inter = (alpha * target * weight).sum((1, 2, 3))
    union = ((alpha + target - alpha * target) * weight).sum((1, 2, 3))
    filled = (target.amax((1, 2, 3)) > 0.5).float()
    soft_iou = (1 - (inter + 1) / (union + 1)) * filled
    mae = ((alpha - target).abs() * weight).sum((1, 2, 3)) / weight.sum((1, 2, 3))
    return (bce + soft_iou + mae).mean()


def loss(outputs: list[Tensor], target: Tensor) -> Tensor:
    """Loss of the full-size logits plus the deep supervision of the coarser ones."""
    total = one_scale(outputs[0].float(), target, edge_weight(target))
    for logits, share in zip(outputs[1:], AUX_WEIGHTS, strict=True):
        small = functional.interpolate(target, size=logits.shape[-2:], mode="area")
        total = total + share * one_scale(logits.float(), small, torch.ones_like(small))
    return total
