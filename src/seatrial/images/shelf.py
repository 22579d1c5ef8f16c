"""What of ours lies in the engine: listing and removing; builds nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import docker
from docker.errors import ImageNotFound

from seatrial.images.context import reference_of
from seatrial.images.engine import LABEL, engine_asked, remove_image
from seatrial.images.recipes import RECIPES
from seatrial.images.standins import served_by

# The stages of a build that runs at this moment are dangling too, until it ends.
_NO_BUILD_TAKES = "2h"


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
    with engine_asked():
        return [_row(client, name) for name in RECIPES]


def remove_images(client: docker.DockerClient, *, stale_only: bool) -> list[str]:
    """Remove what we built, with the leftovers of building; the references that went.

    `stale_only` keeps what the present recipes would be served by. An image that a container uses stays.
    """
    kept = {reference_of(recipe) for recipe in RECIPES.values()} if stale_only else set()
    with engine_asked():
        tagged = [reference for image in _ours(client) if not kept & set(image) for reference in image]
        # One that another stands on is only untagged, and goes with its child.
        gone = [reference for reference in tagged if remove_image(client, reference)]
        # Not by the label alone: what a user builds on our images inherits it.
        client.images.prune(filters={"dangling": True, "label": f"{LABEL}=build", "until": _NO_BUILD_TAKES})
    return gone


def _row(client: docker.DockerClient, name: str) -> ImageRow:
    recipe = RECIPES[name]
    reference = reference_of(recipe)
    size = _size(client, reference)
    return ImageRow(
        name=name,
        reference=reference,
        built=size is not None,
        size=size,
        about=recipe.about,
        serves=served_by(recipe),
    )


def _ours(client: docker.DockerClient) -> Iterator[tuple[str, ...]]:
    """The references of each image that carries our label."""
    for image in client.images.list(filters={"label": LABEL}):
        yield tuple(tag for tag in image.tags if tag.startswith("seatrial/"))


def _size(client: docker.DockerClient, reference: str) -> int | None:
    try:
        return int(client.images.get(reference).attrs["Size"])
    except ImageNotFound:
        return None
