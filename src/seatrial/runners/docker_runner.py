"""`Runner` on Docker Engine: one container from create to remove, whatever happens in between."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime, timezone
from functools import cached_property, partial
from pathlib import Path

import docker
from docker.api import APIClient

from seatrial.errors import ContainerError
from seatrial.ports.runners import JobOutcome, JobSpec, Runner, Served, Server
from seatrial.runners import helper, ownership
from seatrial.runners.ending import Inbox
from seatrial.runners.labels import RUNNER_LABEL
from seatrial.runners.life import live
from seatrial.runners.private_networks import network_of_peers, remove_private_networks
from seatrial.runners.privileges import JOB_CAPABILITIES
from seatrial.runners.refusals import ENGINE_TROUBLE, refused, unanswered
from seatrial.runners.removal import remove
from seatrial.runners.served import served
from seatrial.runners.sight import Sight, find_sight, sight_of
from seatrial.runners.ways import Way, can_be_overlaid

_log = logging.getLogger(__name__)


class DockerRunner(Runner, Server):
    """Runs containers; `helper_image` names an image with coreutils, asked for only when one is needed.

    `way` is how folders get into containers; it is found out by trying unless it is given.
    """

    def __init__(
        self, client: docker.DockerClient, *, helper_image: Callable[[], str], way: Way | None = None
    ) -> None:
        self._api = client.api
        self._helper_image = helper_image
        self._given = None if way is None else sight_of(way)
        self._sights: dict[Path, Sight] = {}
        self._finding = threading.Lock()
        self._lock = threading.Lock()
        self._removers = ThreadPoolExecutor(2, thread_name_prefix="seatrial-removal")
        self._removals: dict[str, Future[bool]] = {}
        self._running: dict[str, Inbox] = {}
        self._ended: set[str] = set()
        self._stopped_early: set[str] = set()

    def run(self, spec: JobSpec) -> JobOutcome:
        """Run the container to its end; it is removed while the caller goes on, or at once if all fails."""
        return self._run(spec, started=None)

    def serve(self, spec: JobSpec, port: int) -> AbstractContextManager[Served]:
        """Run the container for as long as it is asked things."""
        return served(self._api, spec, port, run=self._run, stop=self.stop)

    def _run(self, spec: JobSpec, started: Callable[[str], object] | None) -> JobOutcome:
        self.settle(spec.name)
        with self._announced(spec.name) as inbox:
            if inbox.stop_requested:
                now = datetime.now(timezone.utc)
                return JobOutcome(exit_code=None, started_at=now, ended_at=now, stopped=True)
            try:
                host_cpus = self._host_cpus
                sight = self._sight_of(spec)
            except ENGINE_TROUBLE as trouble:
                raise refused(trouble, spec) from trouble
            return live(
                self._api,
                spec,
                inbox,
                way=sight.way,
                unseen=sight.unseen,
                host_cpus=host_cpus,
                capabilities=JOB_CAPABILITIES,
                look=lambda folder, since: helper.files_beneath(
                    self._api, self._helper_image(), folder, since
                ),
                clean=partial(self._remove_soon, spec.name),
                started=started,
            )

    def settle(self, name: str | None = None) -> None:
        """Wait for the removal of the container, or of all, as far as it is not done yet."""
        with self._lock:
            names = list(self._removals) if name is None else [name]
            removals = [self._removals.pop(each) for each in names if each in self._removals]
        for removal in removals:
            removal.result()

    def layers(self, folder: Path, image: str) -> bool:
        """Whether one folder can lie beneath another in a container."""
        way = self._known_way(folder, image)
        return way is Way.ARCHIVE or (way in (Way.MOUNTED, Way.OVERLAY) and can_be_overlaid(folder))

    def shows(self, folder: Path, image: str) -> bool:
        """Whether the engine sees our files: an archive comes back at the end only."""
        return self._known_way(folder, image) is not Way.ARCHIVE

    def together(self, name: str, labels: Mapping[str, str]) -> AbstractContextManager[str]:
        """A network without a way out, on which containers have names."""
        return network_of_peers(self._api, name, labels)

    def stop(self, name: str) -> None:
        """Ask for the end of a container; its own `run` sees to SIGTERM, grace and SIGKILL.

        Returns at once. A stop that comes before `run` is remembered for the next `run` of that name.
        """
        with self._lock:
            inbox = self._running.get(name)
            if inbox is None and name not in self._ended:
                self._stopped_early.add(name)
        if inbox is not None:
            inbox.request_stop()

    def own(self, folder: Path) -> None:
        """Give everything beneath `folder` to the caller; a container does it where we may not."""
        if os.geteuid() == 0:
            ownership.take(folder)
        elif ownership.has_foreign_entries(folder):
            helper.change_owner(self._api, self._helper_image(), folder)

    def sweep(self, labels: Mapping[str, str]) -> int:
        """Remove what this or an earlier process left, by label."""
        self.settle()
        wanted = [RUNNER_LABEL, *(f"{name}={value}" for name, value in labels.items())]
        try:
            found = self._api.containers(all=True, filters={"label": wanted})
        except ENGINE_TROUBLE as trouble:
            raise unanswered(trouble) from trouble
        for container in found:
            remove(self._api, container["Id"])
        remove_private_networks(self._api, wanted)
        return len(found)

    def _known_way(self, folder: Path, image: str) -> Way:
        try:
            return self._sight(folder, image).way
        except ENGINE_TROUBLE as trouble:
            raise unanswered(trouble) from trouble

    def _sight_of(self, spec: JobSpec) -> Sight:
        """One way for all mounts; where there is nothing to mount none is needed."""
        for mount in spec.mounts:
            if not mount.source.is_dir():
                raise ContainerError(
                    f"mount source path does not exist: {mount.source}",
                    slug="mount-not-visible",
                    where=spec.name,
                )
        return self._sight(spec.mounts[0].source, spec.image) if spec.mounts else Sight(Way.BIND)

    def _sight(self, folder: Path, image: str) -> Sight:
        """How what lies in the folder gets into a container; tried once for each disk."""
        if self._given is not None:
            return self._given
        disk = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.is_mount())
        with self._finding:
            if disk not in self._sights:
                self._sights[disk] = found = find_sight(self._api, image, folder)
                _log.debug("folders on %s reach containers by %s", disk, found.way.value)
        return self._sights[disk]

    @cached_property
    def _host_cpus(self) -> float:
        return float(self._api.info()["NCPU"])

    def _remove_soon(self, name: str, api: APIClient, container: str) -> None:
        with self._lock:
            self._removals[name] = self._removers.submit(remove, api, container)

    @contextmanager
    def _announced(self, name: str) -> Iterator[Inbox]:
        """Let `stop` find the container by name, from before its start until after its end."""
        inbox = Inbox()
        with self._lock:
            if name in self._running:
                raise ContainerError(f"a container named {name} runs already", slug="name-in-use", where=name)
            self._running[name] = inbox
            self._ended.discard(name)
            if name in self._stopped_early:
                self._stopped_early.discard(name)
                inbox.request_stop()
        try:
            yield inbox
        finally:
            with self._lock:
                del self._running[name]
                self._ended.add(name)
