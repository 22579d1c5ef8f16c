"""What of ours lies in the engine: listing and removing; builds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import docker
from docker.errors import APIError, ImageNotFound

from seatrial.images.building import LABEL
from seatrial.images.context import reference_of
from seatrial.images.recipes import RECIPES
from seatrial.images.standins import served_by


@dataclass(frozen=True)
class ImageRow:
    """One image that seatrial brings; `size` in bytes, None until it is built."""

    name: str
    reference: str
    built: bool
    size: int | None
    about: str
    serves: tuple[str, ...]

    @property
    def tag(self) -> str:
        """The content's hash."""
        return self.reference.rpartition(":")[2]


def rows(client: docker.DockerClient) -> list[ImageRow]:
    """Every recipe, built or not."""
    return [_row(client, name) for name in RECIPES]


def remove_images(client: docker.DockerClient, *, stale_only: bool) -> list[str]:
    """Remove what we built, with the leftovers of building; the references that went.

    `stale_only` keeps what the present recipes would be served by. An image that a container uses stays.
    """
    kept = {reference_of(recipe) for recipe in RECIPES.values()} if stale_only else set()
    tagged = [reference for image in _ours(client) if not kept & set(image) for reference in image]
    # One that another stands on is only untagged, and goes with its child.
    gone = [reference for reference in tagged if _remove(client, reference)]
    client.images.prune(filters={"dangling": True, "label": LABEL})
    return gone


def _row(client: docker.DockerClient, name: str) -> ImageRow:
    recipe = RECIPES[name]
    reference = reference_of(recipe)
    found = _inspect(client, reference)
    return ImageRow(
        name=name,
        reference=reference,
        built=found is not None,
        size=int(found["Size"]) if found else None,
        about=recipe.about,
        serves=served_by(recipe),
    )


def _ours(client: docker.DockerClient) -> Iterator[tuple[str, ...]]:
    """The references of each image that carries our label."""
    for image in client.images.list(filters={"label": LABEL}):
        yield tuple(tag for tag in image.tags if tag.startswith("seatrial/"))


def _inspect(client: docker.DockerClient, reference: str) -> Any:
    try:
        return client.images.get(reference).attrs
    except ImageNotFound:
        return None


def _remove(client: docker.DockerClient, reference: str) -> bool:
    try:
        client.images.remove(reference)
    except ImageNotFound:
        return False
    except APIError as failure:
        if failure.status_code == HTTPStatus.CONFLICT:  # a container uses it
            return False
        raise
    return True
