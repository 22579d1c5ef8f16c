"""Builds the parts from the settings: the only place where an engine, a runner and a store are chosen.

Each part is made when it is first asked for, so that a command that needs no Docker never talks to it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from seatrial.errors import RefusedError
from seatrial.ports.clock import Clock
from seatrial.ports.jobs import JobEngine, JobKind
from seatrial.ports.observation import CallLog
from seatrial.ports.storage import ObjectStore, StoreAddress
from seatrial.settings import Settings

if TYPE_CHECKING:
    from docker import DockerClient

    from seatrial.app.contracts import Contracts
    from seatrial.images import Images
    from seatrial.records import Records
    from seatrial.runners import DockerRunner
    from seatrial.runners.compose import ComposeNetwork
    from seatrial.storage import RoleKeys

Say = Callable[[str], None]


class Parts:
    """What one process of seatrial works with; `say` hears of slow work."""

    def __init__(self, settings: Settings, say: Say, *, address: StoreAddress | None = None) -> None:
        self.settings = settings
        self.say = say
        self._address = address
        self.role: RoleKeys | None = None
        """The keys of the execution's role, while one runs that has a policy."""

    @cached_property
    def clock(self) -> Clock:
        """The machine's time."""
        from seatrial.app.clock import SystemClock  # imported with the rest, when a part is wanted

        return SystemClock()

    @cached_property
    def docker(self) -> DockerClient:
        """Docker Engine; an error with the next thing to type when none answers."""
        from seatrial.runners import connect  # the docker library takes a while to import

        return connect()

    @cached_property
    def images(self) -> Images:
        """The local images that stand for the ones definitions name."""
        from seatrial.images import Images

        return Images(self.docker, self.settings, self.say)

    @cached_property
    def runner(self) -> DockerRunner:
        """Runs one container."""
        from seatrial.runners import DockerRunner

        return DockerRunner(self.docker, helper_image=lambda: self.images.ensure("base"))

    @cached_property
    def compose_network(self) -> ComposeNetwork:
        """The network on which local mode's containers are, shared by all projects of this user."""
        from seatrial.engines.local_mode import NETWORK
        from seatrial.runners.compose import ComposeNetwork

        return ComposeNetwork(lambda: self.docker, NETWORK, self.settings.cache_dir / "local-mode")

    @cached_property
    def address(self) -> StoreAddress:
        """The project's store, started if need be."""
        from seatrial.storage import open_store

        if self._address is not None:
            return self._address
        return open_store(self.settings, image=lambda: self.images.ensure("minio"))

    @cached_property
    def store(self) -> ObjectStore:
        """The project's store, as objects."""
        from seatrial.storage import ContentCache, MinioStore

        chosen = self.settings.store
        cache = ContentCache(self.settings.cache_dir / "content", chosen.cache_limit)
        return MinioStore(self.address, cache, own_keys_in_jobs=chosen.own_keys_in_jobs)

    @property
    def staging(self) -> ObjectStore:
        """The store as the service reaches it for a job: in the execution's role, where that has a policy."""
        from seatrial.storage import RoleStore

        if self.role is None:
            return self.store
        return RoleStore(self.store, self.address, self.role, self.settings.cache_dir / "role")

    @cached_property
    def calls(self) -> CallLog:
        """Sees what containers ask of the project's store."""
        from seatrial.storage.calls import Unwatched, traced_calls

        if not self.settings.observation.calls:
            return Unwatched("switched off (observation.calls)")
        return traced_calls(self.address)

    @property
    def running_store(self) -> ObjectStore | None:
        """The store if it is there already; nothing is started."""
        from seatrial.storage import find_store

        if "store" in self.__dict__:
            return self.store
        if self._address is None:
            self._address = find_store(self.settings)
        return self.store if self._address is not None else None

    @cached_property
    def records(self) -> Records:
        """The project's executions."""
        from seatrial.records import Records

        records = Records(self._database, self.clock)
        ignore = self.settings.state_dir / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n")  # the state is of this machine: no repository wants it
        return records

    @cached_property
    def contracts(self) -> Contracts:
        """What the steps' scripts expect; user code is loaded when one is asked for."""
        from seatrial.app.contracts import Contracts

        return Contracts(self.settings.contracts)

    @property
    def existing_records(self) -> Records | None:
        """The project's executions if there has been one; to ask leaves no file behind."""
        return self.records if self._database.exists() else None

    @property
    def _database(self) -> Path:
        return self.settings.state_dir / "state.db"

    def engine(self, name: str) -> JobEngine:
        """The job engine of that name."""
        if name not in ENGINES:
            raise RefusedError(
                f"there is no engine {name!r}",
                slug="unknown-engine",
                hint=f"choose from {', '.join(ENGINES)}",
            )
        from seatrial.engines.substitutes import SubstitutingEngine  # with the engine that it is around

        return SubstitutingEngine(ENGINES[name](self), self.store, self.clock)

    def prepare_engine(self, name: str) -> None:
        """See to what the engine needs of this machine; asked before a run, never by a plan."""
        PREPARATIONS.get(name, _nothing)(self)


def _native(parts: Parts) -> JobEngine:
    from seatrial.engines.by_kind import EngineByKind
    from seatrial.engines.checks import ShadowEngine
    from seatrial.engines.hosting import HostingEngine, Standing
    from seatrial.engines.native import NativeEngine
    from seatrial.engines.serving import Parts as ServingParts
    from seatrial.engines.serving import ServingEngine

    shared = (parts.staging, parts.address, parts.images, parts.settings)
    standing = Standing()
    native = NativeEngine(
        parts.runner, *shared, parts.clock, standing=standing.environment, calls=parts.calls
    )
    serving_parts = ServingParts(parts.runner, parts.runner, *shared, parts.calls)
    serving = ServingEngine(serving_parts, parts.clock)
    hosting = HostingEngine(serving_parts, standing, parts.clock)
    return EngineByKind(
        {
            "Processing": ShadowEngine(native, hosting, standing, parts.clock),
            "Training": native,
            "Transform": serving,
            "Endpoint": hosting,
            "Tuning": _tuning(parts, native),
            "Lambda": _functions(parts, standing.environment),
            "Callback": _callbacks(parts),
        }
    )


def _tuning(parts: Parts, training: JobEngine) -> JobEngine:
    """Searches with the training jobs of either engine."""
    from seatrial.engines.tuning import TuningEngine

    return TuningEngine(training, parts.settings.jobs, parts.clock)


def _functions(parts: Parts, standing: Callable[[str], Mapping[str, str]] | None = None) -> JobEngine:
    """Calls Lambda functions, whichever engine runs the jobs; `standing` tells them of endpoints."""
    from seatrial.engines.functions import FunctionsEngine
    from seatrial.engines.functions import Parts as FunctionsParts

    shared = (parts.store, parts.address, parts.images, parts.settings)
    called_with = FunctionsParts(parts.runner, *shared, calls=parts.calls)
    return FunctionsEngine(replace(called_with, standing=standing) if standing else called_with, parts.clock)


def _callbacks(parts: Parts) -> JobEngine:
    """Waits for answers, whichever engine runs the jobs."""
    from seatrial.engines.callbacks import CallbacksEngine
    from seatrial.engines.callbacks import Parts as CallbacksParts

    sent = CallbacksParts(lambda: parts.records.callbacks, parts.settings.callbacks, parts.say)
    return CallbacksEngine(sent, parts.clock)


def _local_mode(parts: Parts) -> JobEngine:
    from seatrial.engines.by_kind import EngineByKind
    from seatrial.engines.local_mode import LocalModeEngine, require_sdk

    require_sdk()
    local = LocalModeEngine(
        parts.runner,
        parts.store,
        parts.address,
        parts.images,
        parts.settings,
        parts.clock,
        parts.compose_network,
        calls=parts.calls,
    )
    own: dict[JobKind, JobEngine] = {
        "Tuning": _tuning(parts, local),
        "Lambda": _functions(parts),
        "Callback": _callbacks(parts),
    }
    return EngineByKind({**dict.fromkeys(get_args(JobKind), local), **own})


ENGINES: dict[str, Callable[[Parts], JobEngine]] = {"native": _native, "local-mode": _local_mode}


def _prepare_local_mode(parts: Parts) -> None:
    from seatrial.runners.provision import ensure_compose

    ensure_compose(parts.say)


def _nothing(parts: Parts) -> None:
    """Most engines need what every run needs."""


PREPARATIONS: dict[str, Callable[[Parts], None]] = {"local-mode": _prepare_local_mode}
