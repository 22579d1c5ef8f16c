"""Watches the files that a spec wants watched, if that can be, for the life of one container."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from seatrial.ports.runners import JobSpec
from seatrial.runners.openings import LOST_SIGHT, Openings, why_not
from seatrial.runners.places import place_of
from seatrial.runners.ways import Way


@dataclass(frozen=True)
class Seen:
    """The watched files that were not opened, or why nobody knows; neither where none are watched."""

    unopened: frozenset[str] | None = None
    unseen: str | None = None


class Watching:
    """What is seen until it is asked for."""

    def __init__(self, openings: Openings | None, unseen: str | None = None) -> None:
        self._openings = openings
        self._seen = Seen(unseen=unseen)

    def finish(self) -> Seen:
        """What was seen until now, whatever is opened later; may be asked again."""
        if self._openings is not None:
            unopened = self._openings.finish()
            self._openings = None
            self._seen = Seen(unopened, LOST_SIGHT if unopened is None else None)
        return self._seen


@contextmanager
def watching(spec: JobSpec, way: Way, unseen: str | None) -> Iterator[Watching]:
    """From before the start; `unseen` is why nothing is seen of what lies in the mounts, if so."""
    watched = _begin(spec, way, unseen)
    try:
        yield watched
    finally:
        watched.finish()


def _begin(spec: JobSpec, way: Way, unseen: str | None) -> Watching:
    if not spec.watched:
        return Watching(None)
    if unseen is not None:
        return Watching(None, unseen)
    try:
        return Watching(Openings(spec.watched, lambda inside: place_of(spec.mounts, way, inside)))
    except OSError as trouble:
        return Watching(None, why_not(trouble))
