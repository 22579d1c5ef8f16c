"""A runner without containers: a job is a Python function that sees mounts, environment and log."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path

from seatrial.errors import ContainerError
from seatrial.ports.runners import JobOutcome, JobSpec, Runner

SIGTERM_CODE = 143
SIGKILL_CODE = 137
_LOOK_EVERY = 0.005


class _Killed(BaseException):
    """Unwinds a program as a signal would: not an `Exception`, so that no program catches it by mistake."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


@dataclass
class Inside:
    """What a program sees of its container."""

    spec: JobSpec
    ignores_sigterm: bool = False
    untracked: dict[str, int] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    _stop: threading.Event = field(default_factory=threading.Event)
    _began: float = field(default_factory=time.monotonic)
    _told_at: float | None = None

    def path(self, container_path: str) -> Path:
        """Where a path of the container lies on this machine; only what is mounted can be seen."""
        for mount in sorted(self.spec.mounts, key=lambda mount: -len(mount.target)):
            if container_path == mount.target or container_path.startswith(mount.target.rstrip("/") + "/"):
                return mount.source / container_path[len(mount.target) :].lstrip("/")
        raise FileNotFoundError(container_path)

    def read(self, container_path: str) -> bytes:
        """Open a file."""
        self.opened.add(container_path)
        return self.path(container_path).read_bytes()

    def write(self, container_path: str, text: str) -> None:
        """Write a file: into a mount, or outside of all, where it is lost."""
        try:
            target = self.path(container_path)
        except FileNotFoundError:
            self.untracked[container_path] = len(text.encode())
            return
        if any(mount.read_only and target.is_relative_to(mount.source) for mount in self.spec.mounts):
            raise PermissionError(container_path)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def say(self, text: str) -> None:
        """Print."""
        with self.spec.log_path.open("a", encoding="utf-8") as log:
            log.write(text)

    def sleep(self, seconds: float) -> None:
        """Let time pass; a stop or the time limit ends the program here."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._obey()
            time.sleep(_LOOK_EVERY)

    @property
    def timed_out(self) -> bool:
        """Whether the time limit has passed."""
        limit = self.spec.timeout_seconds
        return limit is not None and time.monotonic() - self._began >= limit

    @property
    def stopped(self) -> bool:
        """Whether a stop was asked for."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Ask the program to end."""
        self._stop.set()

    def _obey(self) -> None:
        if not (self.stopped or self.timed_out):
            return
        if not self.ignores_sigterm:
            raise _Killed(SIGTERM_CODE)
        self._told_at = self._told_at or time.monotonic()
        if time.monotonic() - self._told_at >= self.spec.grace_seconds:
            raise _Killed(SIGKILL_CODE)


Program = Callable[[Inside], int]
"""What a container does; its exit code."""


class MemoryRunner(Runner):
    """Runs `programs` by the first word of entrypoint and command; `specs` is everything it was asked to run.

    With one entry named `*` every container does that. An unknown program is an entrypoint that is not
    there; an image in `missing_images` cannot be had. `outcomes` overrides how a container ended, by name of
    its program. What `Inside.read` opens it tells of if it is made so that it `sees` that.
    """

    def __init__(
        self,
        programs: Mapping[str, Program],
        *,
        missing_images: tuple[str, ...] = (),
        outcomes: Mapping[str, Callable[[JobOutcome], JobOutcome]] | None = None,
        sees: bool = False,
    ) -> None:
        self.specs: list[JobSpec] = []
        self.owned: list[Path] = []
        self.networks: list[str] = []
        self._programs = dict(programs)
        self._missing_images = missing_images
        self._outcomes = dict(outcomes or {})
        self._sees = sees
        self._lock = threading.Lock()
        self._running: dict[str, Inside] = {}
        self._ended: set[str] = set()
        self._stopped_early: set[str] = set()

    def run(self, spec: JobSpec) -> JobOutcome:
        """Do what the program does, as a container would."""
        inside = Inside(spec)
        with self._lock:
            if spec.name in self._running:
                raise ContainerError(f"a container named {spec.name} runs already", slug="name-in-use")
            self.specs.append(spec)
            self._ended.discard(spec.name)
            if spec.name in self._stopped_early:
                self._stopped_early.discard(spec.name)
                return JobOutcome(exit_code=None, started_at=_now(), ended_at=_now(), stopped=True)
            self._running[spec.name] = inside
        try:
            return self._run(inside)
        finally:
            with self._lock:
                del self._running[spec.name]
                self._ended.add(spec.name)

    def settle(self, name: str | None = None) -> None:
        """A program leaves nothing."""

    def layers(self, folder: Path, image: str) -> bool:
        """A program works on the mounted folders themselves."""
        return False

    def shows(self, folder: Path, image: str) -> bool:
        """A program writes to the mounted folders themselves."""
        return True

    @contextmanager
    def together(self, name: str, labels: Mapping[str, str]) -> Iterator[str]:
        """Programs find one another without a network; `networks` are those that are there now."""
        self.networks.append(name)
        try:
            yield name
        finally:
            self.networks.remove(name)

    def stop(self, name: str) -> None:
        """Let the program end at its next sleep."""
        with self._lock:
            inside = self._running.get(name)
            if inside is None and name not in self._ended:
                self._stopped_early.add(name)
        if inside is not None:
            inside.stop()

    def own(self, folder: Path) -> None:
        """Nothing was written by anybody else."""
        self.owned.append(folder)

    def sweep(self, labels: Mapping[str, str]) -> int:
        """Nothing is ever left."""
        return 0

    def _run(self, inside: Inside) -> JobOutcome:
        spec = inside.spec
        if spec.image in self._missing_images:
            raise ContainerError(f"No such image: {spec.image}", slug="image-not-found", where=spec.image)
        for mount in spec.mounts:
            if not mount.source.exists():
                raise ContainerError("bind source path does not exist", slug="mount-not-visible")
        spec.log_path.parent.mkdir(parents=True, exist_ok=True)
        spec.log_path.touch()
        started_at = _now()
        word = next(iter((*(spec.entrypoint or ()), *(spec.command or ()))), "*")
        program = self._programs.get(word, self._programs.get("*"))
        if program is None:
            text = f'exec: "{word}": executable file not found in $PATH'
            inside.say(f"entrypoint not found: {text}\n")
            return JobOutcome(127, started_at, _now(), start_failure=text)
        try:
            code, killed = program(inside), False
        except _Killed as signal:
            code, killed = signal.code, True
        outcome = JobOutcome(
            exit_code=code,
            started_at=started_at,
            ended_at=_now(),
            timed_out=killed and not inside.stopped,
            stopped=killed and inside.stopped,
            untracked=dict(sorted(inside.untracked.items())),
            unopened=frozenset(spec.watched) - inside.opened if spec.watched and self._sees else None,
            unseen="nobody looks" if spec.watched and not self._sees else None,
        )
        return self._outcomes.get(word, _as_it_is)(outcome)


def _as_it_is(outcome: JobOutcome) -> JobOutcome:
    return outcome


def _now() -> datetime:
    return datetime.now(timezone.utc)
