"""How two S3 locations lie to each other, whole path segments only; knows nothing of steps."""

from __future__ import annotations

from typing import Literal

Relation = Literal["same", "under", "above"]


def relation(one: str, other: str) -> Relation | None:
    """How `one` lies to `other`: the same place, under it, above it, or apart (None)."""
    left, right = one.rstrip("/"), other.rstrip("/")
    if left == right:
        return "same"
    if left.startswith(f"{right}/"):
        return "under"
    return "above" if right.startswith(f"{left}/") else None


def within(place: str, prefix: str) -> bool:
    """Whether `place` is `prefix` or lies under it."""
    return relation(place, prefix) in ("same", "under")


def is_location(text: str) -> bool:
    """Whether the text begins as an S3 URI with a bucket, known or not."""
    return text.startswith("s3://") and len(text) > len("s3://")
