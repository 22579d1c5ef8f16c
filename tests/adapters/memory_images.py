"""An image resolver that has what the test says, and remembers what it was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from seatrial.errors import ImageError
from seatrial.ports.images import ImagePlan, ImageResolver, LocalImage


def local_image(uri: str, reference: str | None = None, substituted: str | None = None) -> LocalImage:
    """The image itself, or what stands for it if `substituted` says so."""
    reference = reference or uri
    return LocalImage(uri, reference, f"sha256:{hashlib.sha256(reference.encode()).hexdigest()}", substituted)


class MemoryImages(ImageResolver):
    """Knows the images that it was given, by their URI; with `everything`, any other is there itself."""

    def __init__(self, images: Mapping[str, LocalImage] | None = None, *, everything: bool = False) -> None:
        self.resolved: list[str] = []
        self._images = dict(images or {})
        self._everything = everything

    def plan(self, uri: str) -> ImagePlan | None:
        """What `resolve` would answer."""
        found = self._find(uri)
        return ImagePlan(uri, found.reference, found.substituted) if found else None

    def resolve(self, uri: str) -> LocalImage:
        """The image, or an `ImageError` like the real one's."""
        self.resolved.append(uri)
        found = self._find(uri)
        if found is None:
            raise ImageError(
                f"no local image for {uri}",
                slug="image-unknown",
                where=uri,
                hint=f'name one in seatrial.toml:\n[images]\n"{uri}" = "base"',
            )
        return replace(found, requested=uri)

    def _find(self, uri: str) -> LocalImage | None:
        if self._everything:
            return self._images.get(uri) or local_image(uri)
        return self._images.get(uri)
