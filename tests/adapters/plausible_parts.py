"""Parts that touch no machine, for what is said before a run: images by our rules, a store that has all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from seatrial.app.parts import Parts
from seatrial.images.standins import stand_in
from seatrial.images.uri import ImageUri
from seatrial.ports.images import ImagePlan, LocalImage
from seatrial.ports.storage import Credentials, S3Uri, StoreAddress, StoredObject
from seatrial.settings import Settings
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_server import MemoryServer
from tests.adapters.memory_store import MemoryStore

ADDRESS = StoreAddress("http://127.0.0.1:9000", "http://store:9000", "net", Credentials("key", "secret"))


class StandInImages(MemoryImages):
    """What a machine without our user's registries can have: stand-ins, and whatever is public."""

    def plan(self, uri: str) -> ImagePlan | None:
        """As the real one plans it, no registry asked."""
        parsed = ImageUri.parse(uri)
        found = stand_in(parsed)
        if found is not None:
            return ImagePlan(uri, found.recipe.repository, found.substituted)
        return None if parsed.is_ecr else ImagePlan(uri, uri)

    def resolve(self, uri: str) -> LocalImage:
        """Nothing is built: there is only what was planned."""
        raise AssertionError(f"a plan makes no image, and was asked for {uri}")


class FullStore(MemoryStore):
    """Whatever is looked for is there."""

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        """One object, at exactly that place."""
        yield StoredObject(prefix.bucket, prefix.key, 1, "etag")


def plausible_parts(folder: Path, **settings: Any) -> Parts:
    """Parts for a plan, with state and cache in the folder."""
    parts = Parts(
        Settings(state_dir=folder / "state", cache_dir=folder / "cache", **settings), lambda line: None
    )
    vars(parts).update(
        docker=object(), runner=MemoryServer(), store=FullStore(), images=StandInImages(), address=ADDRESS
    )
    return parts
