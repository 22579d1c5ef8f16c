"""What the others here need of Docker Engine: its refusals as ours, and whether an image is there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus

import docker
from docker.errors import APIError, DockerException, ImageNotFound

from seatrial.errors import ImageError

LABEL = "seatrial"
"""On everything of ours in the engine; `seatrial.image` tells which recipe it came from."""


@contextmanager
def engine_asked() -> Iterator[None]:
    """Turn the engine's refusals, and a lost connection to it, into an `ImageError`."""
    try:
        yield
    except (DockerException, OSError) as failure:
        raise ImageError(
            f"Docker Engine refused: {getattr(failure, 'explanation', None) or failure}",
            slug="docker-refused",
            hint="see whether Docker answers: docker info; and whether there is room: docker system df",
        ) from failure


def image_id(client: docker.DockerClient, reference: str) -> str | None:
    """The id of the local image, None when it is not there."""
    if not reference:
        return None
    with engine_asked():
        try:
            return str(client.images.get(reference).id)
        except ImageNotFound:
            return None
        except APIError as failure:
            if failure.status_code == HTTPStatus.BAD_REQUEST:  # no image can have this name
                return None
            raise


def remove_image(client: docker.DockerClient, reference: str) -> bool:
    """Remove the image unless something stands on it or uses it; whether it went."""
    try:
        client.images.remove(reference)
    except ImageNotFound:
        return False
    except APIError as failure:
        if failure.status_code == HTTPStatus.CONFLICT:
            return False
        raise
    return True
