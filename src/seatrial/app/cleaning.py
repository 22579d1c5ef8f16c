"""Removes what seatrial left on a machine, from what nobody misses to what somebody might."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from seatrial.app.leftovers import sweep
from seatrial.app.parts import Parts
from seatrial.app.role_policy import remove_stale
from seatrial.runners.laying import unmount_beneath


@dataclass(frozen=True)
class Wanted:
    """What is to go besides left-over containers and stale images."""

    store: bool = False
    state: bool = False
    images: bool = False
    cache: bool = False

    @property
    def loses_data(self) -> bool:
        """Whether something goes that cannot be made again."""
        return self.store or self.state

    def described(self) -> str:
        """In words, for the question."""
        words = {
            "the object store and every object in it": self.store,
            "the records, logs and manifests of every execution": self.state,
            "the images": self.images,
            "the content cache": self.cache,
        }
        return ", ".join(word for word, chosen in words.items() if chosen)


def clean(parts: Parts, wanted: Wanted) -> Iterator[str]:
    """Remove it; each thing that went, in words."""
    from seatrial.storage import stop_store  # the docker library takes a while to import

    left = sum(sweep(parts, execution_id) for execution_id in _abandoned(parts))
    if left:
        yield f"{left} left-over container{'s' if left > 1 else ''}"
    roles = remove_stale(parts) if parts.running_store is not None else 0
    if roles:
        yield f"{roles} left-over role{'s' if roles > 1 else ''} in the store"
    if parts.compose_network.forget():
        yield "the network of local mode's containers"
    if wanted.store and stop_store(parts.settings, remove_data=True):
        yield "the object store and its data"
    if wanted.state and parts.settings.state_dir.exists():
        remove_state(parts.settings.state_dir, parts.runner.own)
        yield str(parts.settings.state_dir)
    if wanted.cache and parts.settings.cache_dir.exists():
        shutil.rmtree(parts.settings.cache_dir / "content", ignore_errors=True)
        yield str(parts.settings.cache_dir / "content")
    yield from parts.images.remove(stale_only=not wanted.images)


def remove_state(folder: Path, own: Callable[[Path], object]) -> None:
    """The folder and all in it; whoever looks how folders get into containers can be killed there as well."""
    unmount_beneath(folder)
    own(folder)
    shutil.rmtree(folder)


def _abandoned(parts: Parts) -> list[str]:
    """Executions that no process drives; whatever still runs for them is nobody's."""
    ids = [record.execution_id for record in parts.records.list()]
    return [execution_id for execution_id in ids if parts.records.driver(execution_id) is None]
