"""What is said to a served container: `/ping`, `/execution-parameters`, `/invocations`; knows no objects."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from urllib3 import HTTPConnectionPool, Timeout, connection_from_url
from urllib3.exceptions import HTTPError, ReadTimeoutError

from seatrial.ports.runners import Served

PORT = 8080
_PING_SECONDS = 2.0
_BETWEEN_PINGS = (0.02, 0.05, 0.1, 0.2, 0.5)
_PARAMETERS_SECONDS = 10.0
_DYING_SECONDS = 1.0
_OK = 200
_SERVERS_FAULT = 500


@dataclass(frozen=True)
class Answer:
    """`status` is None where none came, in time or because the connection was `broken`; `body` says why.

    `by` is the container that gave it, where there are several.
    """

    status: int | None
    body: bytes
    content_type: str | None = None
    broken: bool = False
    by: str = ""

    @property
    def ok(self) -> bool:
        """Whether it is a prediction."""
        return self.status is not None and _OK <= self.status < 300

    @property
    def clients_fault(self) -> bool:
        """Whether the container refused what it was sent."""
        return self.status is not None and not self.ok and self.status < _SERVERS_FAULT


@dataclass(frozen=True)
class Asking:
    """How `/invocations` is asked: headers, seconds to wait for an answer, how often it is tried again."""

    headers: Mapping[str, str]
    timeout_seconds: float
    retries: int


class Dialogue:
    """One container that answers; threads share it."""

    def __init__(self, pool: HTTPConnectionPool) -> None:
        self._pool = pool

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"{self._pool.scheme}://{self._pool.host}:{self._pool.port}"

    def execution_parameters(self) -> Mapping[str, Any]:
        """What the container would like; nothing where it does not say (404 is the usual answer)."""
        answer = _once(self._pool, "GET", "/execution-parameters", timeout=_PARAMETERS_SECONDS)
        if not answer.ok:
            return {}
        try:
            said = json.loads(answer.body)
        except ValueError:
            return {}
        return said if isinstance(said, Mapping) else {}

    def invoke(
        self, body: bytes, asking: Asking, *, over: Callable[[], bool], chunked: bool = False
    ) -> Answer:
        """The answer; asked again where none came or the container failed, unless all is `over`."""
        for attempt in range(asking.retries + 1):
            answer = _once(
                self._pool,
                "POST",
                "/invocations",
                timeout=asking.timeout_seconds,
                body=body,
                headers=dict(asking.headers),
                chunked=chunked,
            )
            if answer.ok or answer.clients_fault or attempt == asking.retries or over():
                break
        if answer.broken:
            _await(over)
        return answer

    def close(self) -> None:
        """Nothing more is asked."""
        self._pool.close()


def reach(served: Served, *, within: float, connections: int, stop: Callable[[], bool]) -> Dialogue | None:
    """The container once `/ping` says 200; None if it ended, was to stop, or never said so."""
    deadline = time.monotonic() + within
    pauses = _pauses()
    pools = [connection_from_url(url, maxsize=connections) for url in served.urls]
    while not (served.ended or stop()):
        for pool in pools:
            if _once(pool, "GET", "/ping", timeout=_PING_SECONDS).status == _OK:
                for other in pools:
                    if other is not pool:
                        other.close()
                return Dialogue(pool)
        if time.monotonic() >= deadline:
            break
        time.sleep(next(pauses))
    return None


def _await(over: Callable[[], bool]) -> None:
    """Wait a moment: a container that dies breaks the connection first, and is known to be dead later."""
    deadline = time.monotonic() + _DYING_SECONDS
    while not over() and time.monotonic() < deadline:
        time.sleep(0.02)


def _pauses() -> Iterator[float]:
    """Short at first, for servers that start at once."""
    for pause in _BETWEEN_PINGS:
        yield from (pause,) * 5
    while True:
        yield 1.0


def _once(pool: HTTPConnectionPool, method: str, path: str, *, timeout: float, **more: Any) -> Answer:
    try:
        response = pool.request(method, path, timeout=Timeout(timeout), retries=False, redirect=False, **more)
    except (HTTPError, OSError) as silence:
        return Answer(None, str(silence).encode(), broken=not isinstance(silence, ReadTimeoutError))
    return Answer(response.status, response.data, response.headers.get("Content-Type"))
