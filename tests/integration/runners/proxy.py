"""A socket in front of Docker Engine's own that can cut connections, as a dying daemon does."""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from pathlib import Path
from types import TracebackType

ENGINE = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock").removeprefix("unix://")


class Proxy:
    """Passes bytes both ways; a connection is known by the request that it carries."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.denied: str | None = None
        """Words of requests that are cut instead of passed on."""
        self._seen = threading.Condition()
        self._requests: list[str] = []
        self._connections: list[_Connection] = []
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(path))
        self._listener.listen(64)
        self._accepting = threading.Thread(target=self._accept, daemon=True)

    def __enter__(self) -> Proxy:
        self._accepting.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of everything."""
        _shut(self._listener)  # wakes `accept`
        self._accepting.join()
        self.die()
        for connection in self._connections:
            connection.join()

    def die(self) -> None:
        """Cut everything and let nothing through any more: the engine is gone."""
        self.denied = ""
        self.cut("")

    def wait_for(self, request: str) -> None:
        """Until a request with these words was passed on."""
        with self._seen:
            assert self._seen.wait_for(lambda: any(request in line for line in self._requests), 20)

    def cut(self, request: str) -> None:
        """Cut every connection that carries such a request now."""
        for connection in self._connections:
            if request in connection.request:
                connection.cut()

    def saw(self, request: str) -> None:
        """Note a request that was passed on."""
        with self._seen:
            self._requests.append(request)
            self._seen.notify_all()

    def _accept(self) -> None:
        with self._listener:
            while True:
                try:
                    client, _ = self._listener.accept()
                except OSError:
                    return
                self._connections.append(_Connection(client, self))


class _Connection:
    def __init__(self, client: socket.socket, proxy: Proxy) -> None:
        self.request = ""
        self._proxy = proxy
        self._client = client
        self._engine = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._engine.connect(ENGINE)
        self._threads = [
            threading.Thread(target=self._pass_requests, daemon=True),
            threading.Thread(target=self._pass_answers, daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def cut(self) -> None:
        """End it on both sides at once."""
        _shut(self._client)
        _shut(self._engine)

    def join(self) -> None:
        """Wait until both ways have ended, and let go of the sockets."""
        for thread in self._threads:
            thread.join()
        self._client.close()
        self._engine.close()

    def _pass_requests(self) -> None:
        with suppress(OSError):
            while data := self._client.recv(1 << 16):
                line = data.split(b"\r\n", 1)[0].decode("latin-1")
                if self._proxy.denied is not None and self._proxy.denied in line:
                    break
                self._engine.sendall(data)
                if line.endswith("HTTP/1.1"):
                    self.request = line
                    self._proxy.saw(line)
        self.cut()

    def _pass_answers(self) -> None:
        with suppress(OSError):
            while data := self._engine.recv(1 << 16):
                self._client.sendall(data)
        _shut(self._client)


def _shut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
