"""A TCP proxy in front of a store that cuts, spoils or refuses what passes, connection by connection."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from seatrial.ports.storage import StoreAddress


@dataclass(frozen=True)
class Fault:
    """What happens to one connection: bytes that pass each way before it ends, bytes that are spoilt.

    They are spoilt (`spoil` in an answer, `spoil_sent` in a request) once, or every time where the fault is
    that of all connections.
    """

    answer_bytes: int | None = None
    request_bytes: int | None = None
    spoil: bytes | None = None
    spoil_sent: bytes | None = None


HEALTHY = Fault()


class CuttingProxy:
    """Gives the first connections `faults` in turn, and `always` to those after them."""

    def __init__(
        self, target: tuple[str, int], faults: Sequence[Fault] = (), always: Fault = HEALTHY
    ) -> None:
        self._target = target
        self._faults = list(faults)
        self._always = always
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self.port: int = self._listener.getsockname()[1]
        self.connections = 0
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Refuse new connections and end those there are."""
        with suppress(OSError):  # closed before
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread in accept()
        self._listener.close()
        with self._lock:
            for each in self._open:
                _end(each)

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                fault = self._faults.pop(0) if self._faults else self._always
            server = socket.create_connection(self._target)
            with self._lock:
                self._open += [client, server]
            always = fault is self._always
            self._pump(client, server, fault.request_bytes, _spoiler(fault.spoil_sent, always))
            self._pump(server, client, fault.answer_bytes, _spoiler(fault.spoil, always))

    def _pump(
        self, source: socket.socket, sink: socket.socket, budget: int | None, change: Callable[[bytes], bytes]
    ) -> None:
        threading.Thread(target=_move, args=(source, sink, budget, change), daemon=True).start()


@contextmanager
def faulty(
    address: StoreAddress, *faults: Fault, always: Fault = HEALTHY
) -> Iterator[tuple[StoreAddress, CuttingProxy]]:
    """The same store, reached through a proxy with these faults."""
    endpoint = urlsplit(address.endpoint_url)
    proxy = CuttingProxy((str(endpoint.hostname), int(endpoint.port or 80)), faults, always)
    try:
        yield replace(address, endpoint_url=f"http://127.0.0.1:{proxy.port}"), proxy
    finally:
        proxy.close()


def _move(
    source: socket.socket, sink: socket.socket, budget: int | None, change: Callable[[bytes], bytes]
) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            if budget is not None:
                data, budget = data[:budget], budget - len(data)
            sink.sendall(change(data))
            if budget is not None and budget <= 0:
                break
    _end(source)
    _end(sink)


def _spoiler(pattern: bytes | None, always: bool) -> Callable[[bytes], bytes]:
    """Turns the pattern round, each time it comes or only once."""
    left = [pattern] if pattern else []

    def change(data: bytes) -> bytes:
        if left and left[0] in data:
            pattern = left[0] if always else left.pop()
            return data.replace(pattern, pattern[::-1])
        return data

    return change


def _end(end: socket.socket) -> None:
    """End a connection both ways; what was sent before still arrives, so that a cut is where it should be."""
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
