"""Deterministic ids, the same on one machine and on AWS."""

from __future__ import annotations

import hashlib

#: Hex digits kept: 80 bits, so that a million images collide with a chance below 1e-12.
_LENGTH = 20


def _digest(*parts: str) -> str:
    # Each part carries its length, so that ("ab", "c") and ("a", "bc") differ.
    joined = "".join(f"{len(part.encode())}:{part}" for part in parts)
    return hashlib.sha256(joined.encode()).hexdigest()[:_LENGTH]


def image_id(product_group_id: str, sku_id: str, image_type: str, source: str) -> str:
    """Id of a manifest row; `source` is the text as written in the original manifest."""
    return "img-" + _digest(product_group_id, sku_id, image_type, source)


def reference_id(source: str) -> str:
    """Id of a reference photo; `source` is the text as written in the original manifest."""
    return "ref-" + _digest(source)


def batch_id(*parts: str) -> str:
    """Id of a batch: bucket, key and version on AWS; the manifest's hash and the options locally."""
    return "batch-" + _digest(*parts)


def event_id(detail_type: str, *parts: str) -> str:
    """Id of an event, equal for each delivery of the same fact."""
    return "evt-" + _digest(detail_type, *parts)
