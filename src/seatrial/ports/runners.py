"""The container's seam: what a runner is asked (`JobSpec`) and what it answers (`JobOutcome`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True)
class Mount:
    """A host folder seen inside the container; a `read_only` one stays as it is, whatever the container does.

    The container sees what lies in `lower` beneath what lies in `source`, and everything that it changes
    goes to `source`: `lower` may hold second names of files that nobody may write to. A file that the
    container removed from there leaves no regular file behind. Only for runners that have `layers`, and
    with a folder `work` on the disk of `source`, theirs alone, for the caller to remove: what is left in it
    is empty folders.
    """

    source: Path
    target: str
    read_only: bool = False
    lower: Path | None = None
    work: Path | None = None


@dataclass(frozen=True)
class Peers:
    """A network that `Runner.together` made, and the name by which the others on it find this container."""

    network: str
    alias: str


@dataclass(frozen=True)
class JobSpec:
    """One container, wholly described.

    `entrypoint`/`command` of None leave the image's own; an empty tuple clears it. `network` None
    means no network at all, but the one with `peers`. `hosts` are extra lines of `/etc/hosts` (name to
    address; the address `host-gateway` is the Docker host). `timeout_seconds` counts from the start of the
    process; `grace_seconds` is the time between SIGTERM and SIGKILL. The full output goes to `log_path`.
    `published` is a port of the container that this machine, and no other, reaches. `watched` are files
    beneath the mounts, by their paths in the container, of which somebody wants to know whether they are
    opened.
    """

    name: str
    image: str
    log_path: Path
    entrypoint: tuple[str, ...] | None = None
    command: tuple[str, ...] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    mounts: tuple[Mount, ...] = ()
    network: str | None = None
    hostname: str | None = None
    hosts: Mapping[str, str] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)
    memory_bytes: int | None = None
    shm_bytes: int | None = None
    cpus: float | None = None
    timeout_seconds: float | None = None
    grace_seconds: float = 10.0
    init: bool = False
    published: int | None = None
    peers: Peers | None = None
    watched: Collection[str] = ()


@dataclass(frozen=True)
class JobOutcome:
    """How the container ended.

    `exit_code` is None when it was never learnt (`lost` then says why): that is a failure, whatever
    Docker's record says later, because a daemon that was killed records exit code 0 for work cut short.
    It is None with `stopped` alone when the stop came before the start. `start_failure` is Docker's own
    text when the entrypoint could not be executed (exit code 127 not found, 126 not executable).
    `untracked` are files that the container wrote outside its mounts: path to size in bytes (an absent
    size is -1). `unopened` are those of the `watched` files that nothing in the container opened from its
    start to its end; None if that is not known, and `unseen` then says why.
    """

    exit_code: int | None
    started_at: datetime
    ended_at: datetime
    out_of_memory: bool = False
    timed_out: bool = False
    stopped: bool = False
    lost: str | None = None
    start_failure: str | None = None
    untracked: Mapping[str, int] = field(default_factory=dict)
    unopened: frozenset[str] | None = None
    unseen: str | None = None


class Runner(Protocol):
    """Runs one container to its end and leaves nothing behind."""

    def run(self, spec: JobSpec) -> JobOutcome:
        """Block until the container ended; raise `ContainerError` only if it never started.

        What is left of the container may be removed after that, while the caller goes on: see `settle`.
        """

    def settle(self, name: str | None = None) -> None:
        """Wait until nothing is left of the named container, or of all that ended; a name may be unknown."""

    def layers(self, folder: Path, image: str) -> bool:
        """Whether mounts of folders in `folder` may have a `lower`; tried once, with the image."""

    def shows(self, folder: Path, image: str) -> bool:
        """Whether what a container writes to mounts of folders in `folder` is seen there while it runs."""

    def together(self, name: str, labels: Mapping[str, str]) -> AbstractContextManager[str]:
        """A network for containers that find one another by name, for as long as it is needed.

        It leads nowhere else. What it is called is for `Peers` alone.
        """

    def stop(self, name: str) -> None:
        """Ask the named container to end: SIGTERM, its grace, SIGKILL. Unknown names are no error."""

    def own(self, folder: Path) -> None:
        """Make everything beneath `folder` belong to the caller, whoever the container ran as."""

    def sweep(self, labels: Mapping[str, str]) -> int:
        """Remove every container that carries all of `labels`; how many there were."""


class Served(Protocol):
    """A container that answers requests for as long as it is needed."""

    @property
    def urls(self) -> tuple[str, ...]:
        """Where its port may answer us, the likeliest first; none if it ended before it could."""

    @property
    def ended(self) -> bool:
        """Whether it has ended, of itself or because somebody stopped it."""

    def outcome(self) -> JobOutcome:
        """How it ended; waits for that."""


class Server(Protocol):
    """Runs one container for as long as it is asked things."""

    def serve(self, spec: JobSpec, port: int) -> AbstractContextManager[Served]:
        """Start the container, and stop it at the end; what a `Runner` does for it is done here too.

        Without a network in the spec it reaches nobody and still answers us. Raise `ContainerError` if it
        never started; a container that ended early is no error.
        """
