"""The local image that stands for the one a definition names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True)
class ImagePlan:
    """What would run when `requested` is named; the fields of `LocalImage`, as far as they are known."""

    requested: str
    reference: str
    substituted: str | None = None


@dataclass(frozen=True)
class LocalImage:
    """What runs when `requested` is named.

    `reference` is what Docker is asked for; `image_id` pins its content. `substituted` says in a few
    words what differs from the named image, None when it is that very image.
    """

    requested: str
    reference: str
    image_id: str
    substituted: str | None = None


class ImageResolver(Protocol):
    """From an ECR URI to a local image."""

    def plan(self, uri: str) -> ImagePlan | None:
        """What `resolve` would use, without building or pulling; None when nothing can be had by rule."""

    def resolve(self, uri: str) -> LocalImage:
        """The image, built or pulled if need be; raise `ImageError` when there is none."""
