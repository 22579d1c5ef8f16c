"""A runner whose served containers are Python functions behind a port of this process."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from seatrial.errors import ContainerError
from seatrial.ports.runners import JobOutcome, JobSpec, Served, Server
from tests.adapters.memory_runner import MemoryRunner


@dataclass(frozen=True)
class Asked:
    """One call of `/invocations`, and the image of the container that heard it."""

    body: bytes
    headers: Mapping[str, str]
    image: str = ""


class Dies(Exception):  # noqa: N818  # what the container does
    """Raised by an answer: the container ends in the middle of it."""

    def __init__(self, exit_code: int = 1) -> None:
        super().__init__(f"exit code {exit_code}")
        self.exit_code = exit_code


Answer = Callable[[Asked], tuple[int, bytes]]


def echo(asked: Asked) -> tuple[int, bytes]:
    """The body, as it came."""
    return 200, asked.body


@dataclass
class Container(Served):
    """What is served; `ends` is set when it is over."""

    spec: JobSpec
    answer: Answer
    ping: Callable[[], int]
    parameters: tuple[int, bytes]
    asked: list[Asked]
    told: dict[str, Any] = field(default_factory=dict)
    over: threading.Event = field(default_factory=threading.Event)
    addresses: tuple[str, ...] = ()
    end: JobOutcome | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """Where it answers; nobody listens at the first address."""
        return self.addresses

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.over.is_set()

    def outcome(self) -> JobOutcome:
        """How it ended."""
        self.over.wait()
        assert self.end is not None
        return self.end

    def finish(self, outcome: JobOutcome) -> None:
        """It is over, unless it was before."""
        if not self.ended:
            self.end = outcome
            self.over.set()


class MemoryServer(MemoryRunner, Server):
    """Answers with `answer`; `asked` is all that it was asked, `files` what lay in its mounts.

    `files_of` is the same by image; containers of a `silent` image never say that they are ready,
    those of one in `says` write that to their log. `told` is what was put, by path; `running` the images
    of what is still served. `pings` has the ping of an image's containers, `stopped` who was asked to end.
    """

    def __init__(
        self,
        answer: Answer = echo,
        *,
        ping: Callable[[], int] = lambda: 200,
        parameters: tuple[int, bytes] = (404, b""),
        ends_at_once: JobOutcome | None = None,
        silent: Collection[str] = (),
        says: Mapping[str, bytes] | None = None,
        pings: Mapping[str, Callable[[], int]] | None = None,
    ) -> None:
        super().__init__({})
        self.asked: list[Asked] = []
        self.files: dict[str, bytes] = {}
        self.files_of: dict[str, dict[str, bytes]] = {}
        self.told: dict[str, Any] = {}
        self._silent = silent
        self._says = says or {}
        self._answer = answer
        self._ping = ping
        self._pings = pings or {}
        self.stopped: list[str] = []
        self._parameters = parameters
        self._ends_at_once = ends_at_once
        self._containers: dict[str, Container] = {}

    @contextmanager
    def serve(self, spec: JobSpec, port: int) -> Iterator[Served]:
        """Listen until this is left."""
        if spec.image in self._missing_images:
            raise ContainerError(f"No such image: {spec.image}", slug="image-not-found", where=spec.image)
        self.specs.append(spec)
        self._look(spec)
        if spec.image in self._says:
            spec.log_path.write_bytes(self._says[spec.image])
        ping = (lambda: 503) if spec.image in self._silent else self._pings.get(spec.image, self._ping)
        container = Container(spec, self._answer, ping, self._parameters, self.asked, self.told)
        if self._ends_at_once:
            container.finish(self._ends_at_once)
        self._containers[spec.name] = container
        with _listening(container) as address:
            container.addresses = ("http://127.0.0.1:9", address)
            try:
                yield container
            finally:
                container.finish(_outcome(stopped=True, exit_code=143))

    @property
    def running(self) -> list[str]:
        """The images of the containers that have not ended."""
        return [each.spec.image for each in self._containers.values() if not each.ended]

    def urls_of(self, image: str) -> list[str]:
        """Where the containers of an image that have not ended answer."""
        found = [each for each in self._containers.values() if each.spec.image == image and not each.ended]
        return [url for each in found for url in each.urls]

    def end(self, name: str, exit_code: int) -> None:
        """The container ends of itself."""
        self._containers[name].finish(_outcome(exit_code=exit_code))

    def stop(self, name: str) -> None:
        """End the container, if it is served."""
        self.stopped.append(name)
        if name in self._containers:
            self._containers[name].finish(_outcome(stopped=True, exit_code=143))

    def _look(self, spec: JobSpec) -> None:
        for mount in spec.mounts:
            for path in mount.source.rglob("*"):
                if path.is_file():
                    name = f"{mount.target}/{path.relative_to(mount.source).as_posix()}"
                    self.files[name] = path.read_bytes()
                    self.files_of.setdefault(spec.image, {})[name] = path.read_bytes()


@contextmanager
def _listening(container: Container) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"container": container}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    """The three paths."""

    protocol_version = "HTTP/1.1"
    # An answer in one piece: in two, each would wait for the acknowledgement of the first.
    wbufsize = -1
    container: Container

    def do_GET(self) -> None:  # the name that the library calls
        """`/ping` and `/execution-parameters`."""
        self._send(
            *(self.container.parameters if "parameters" in self.path else (self.container.ping(), b""))
        )

    def do_POST(self) -> None:  # the name that the library calls
        """`/invocations`."""
        asked = Asked(self._body(), dict(self.headers.items()), self.container.spec.image)
        self.container.asked.append(asked)
        try:
            self._send(*self.container.answer(asked))
        except Dies as end:
            self.container.finish(_outcome(exit_code=end.exit_code))
            self.close_connection = True

    def do_PUT(self) -> None:  # the name that the library calls
        """What the desk of an execution is told."""
        said = self._body()
        self.container.told[self.path] = json.loads(said)
        self._send(200 if self.headers.get("Authorization") else 403, b"")

    def log_message(self, *args: object) -> None:
        """Nothing is printed."""

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline(), 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return body

    def _send(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Type", "text/csv")
        self.end_headers()
        self.wfile.write(body)


def _outcome(*, exit_code: int, stopped: bool = False) -> JobOutcome:
    now = datetime.now(timezone.utc)
    return replace(JobOutcome(exit_code, now, now), stopped=stopped)
