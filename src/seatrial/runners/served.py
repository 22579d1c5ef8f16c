"""A container that answers requests: started, found by its addresses, stopped; knows no question.

It lives as every other container does, in a thread of its own; what is new is that somebody talks to it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from docker.api import APIClient
from docker.errors import NotFound

from seatrial.ports.runners import JobOutcome, JobSpec, Served
from seatrial.runners.private_networks import private_network
from seatrial.runners.refusals import ENGINE_TROUBLE, refused

Run = Callable[[JobSpec, Callable[[str], object]], JobOutcome]
"""Runs a container to its end and tells the id of one whose process has started."""


@dataclass(frozen=True)
class ServedContainer(Served):
    """One that has started, or that ended before it could."""

    addresses: tuple[str, ...]
    end: Future[JobOutcome]

    @property
    def urls(self) -> tuple[str, ...]:
        """Its own address first: a published port takes every connection, whoever listens behind it."""
        return self.addresses

    @property
    def ended(self) -> bool:
        """Whether it has ended."""
        return self.end.done()

    def outcome(self) -> JobOutcome:
        """How it ended; waits for that."""
        return self.end.result()


@contextmanager
def served(
    api: APIClient, spec: JobSpec, port: int, *, run: Run, stop: Callable[[str], object]
) -> Iterator[Served]:
    """The container, for as long as it is asked things; when this is left it has ended."""
    with _network(api, spec) as network, ThreadPoolExecutor(1, thread_name_prefix="served") as thread:
        started: Future[str] = Future()
        end = thread.submit(run, replace(spec, network=network, published=port), started.set_result)
        try:
            either: list[Future[Any]] = [started, end]
            wait(either, return_when=FIRST_COMPLETED)
            if not started.done():
                end.result()  # raises what kept it from starting
            yield ServedContainer(_urls(api, spec, started, port), end)
        finally:
            stop(spec.name)
            wait([end])


@contextmanager
def _network(api: APIClient, spec: JobSpec) -> Iterator[str]:
    """The network that the spec names, or one on which nobody is but the container."""
    if spec.network is not None:
        yield spec.network
        return
    with private_network(api, spec) as name:
        yield name


def _urls(api: APIClient, spec: JobSpec, started: Future[str], port: int) -> tuple[str, ...]:
    """Where the port may answer; none for a container that is gone already."""
    if not started.done():
        return ()
    try:
        found = api.inspect_container(started.result())["NetworkSettings"]
    except NotFound:
        return ()
    except ENGINE_TROUBLE as trouble:
        raise refused(trouble, spec) from trouble
    return (*_own(found, port), *_published(found, port))


def _own(settings: dict[str, Any], port: int) -> Iterator[str]:
    """The container's addresses: good on the engine's machine, and for a neighbour on the network."""
    for network in settings["Networks"].values():
        if network.get("IPAddress"):
            yield f"http://{network['IPAddress']}:{port}"


def _published(settings: dict[str, Any], port: int) -> Iterator[str]:
    """On the loopback, where the engine's networks are out of reach (rootless, in a virtual machine)."""
    for binding in (settings.get("Ports") or {}).get(f"{port}/tcp") or ():
        yield f"http://127.0.0.1:{binding['HostPort']}"
