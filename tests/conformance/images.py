"""The images that the cases run in: the base, and small ones that tell what Docker made of a request."""

from __future__ import annotations

import io
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import docker

from seatrial.errors import ImageError
from seatrial.ports.images import ImagePlan, LocalImage

# `say` writes its arguments where either kind of job has a folder for its output.
_SAY = (
    "FROM {base}\n"
    "LABEL seatrial.run={run}\n"
    "RUN mkdir -p /opt/ml/code && echo kept > /opt/ml/code/baked-in && "
    "printf '%s\\n' '#!/bin/sh' 'for out in /opt/ml/processing/out /opt/ml/model; do' "
    "'[ -d $out ] && echo image-entrypoint \"$@\" > $out/said' 'done' "
    "'cp /opt/ml/code/baked-in /opt/ml/model/ 2>/dev/null' 'exit 0' > /say && chmod +x /say\n"
    'ENTRYPOINT ["/say"]\n'
    'CMD ["image-command"]\n'
)
_ORDINARY_USER = "FROM {base}\nLABEL seatrial.run={run}\nUSER 4711:4711\n"

IMAGES = {"base": None, "say": _SAY, "ordinary-user": _ORDINARY_USER}


class CaseImages:
    """Every URI of a case is one of these images; `missing` is nowhere."""

    def __init__(self, references: dict[str, str]) -> None:
        self._references = references

    def plan(self, uri: str) -> ImagePlan | None:
        """As `resolve`, without an error."""
        return ImagePlan(uri, self._references[uri]) if uri in self._references else None

    def resolve(self, uri: str) -> LocalImage:
        """The image of this name."""
        if uri not in self._references:
            raise ImageError(f"nothing stands for {uri}", slug="no-image", where=uri, hint="seatrial images")
        return LocalImage(uri, self._references[uri], self._references[uri])


@contextmanager
def built_images(client: docker.DockerClient, base: str) -> Iterator[CaseImages]:
    """All of `IMAGES`; the ones built here are removed at the end.

    Equal images would be one, and the run that ends first would take it from the others.
    """
    references, built, run = {"base": base}, [], secrets.token_hex(8)
    try:
        for name, recipe in IMAGES.items():
            if recipe:
                dockerfile = io.BytesIO(recipe.format(base=base, run=run).encode())
                image, _ = client.images.build(fileobj=dockerfile, rm=True, labels={"seatrial.test": name})
                built.append(image)
                references[name] = str(image.id)
        yield CaseImages(references)
    finally:
        for image in built:
            client.images.remove(image.id, force=True)
