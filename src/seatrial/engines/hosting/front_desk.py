"""Where the endpoints of one execution are asked: InvokeEndpoint over HTTP, on the standard library alone.

Its text is what a container of its own runs, on the network of the jobs: they reach no process of ours.
Whoever has the token says which endpoints there are (`PUT /endpoints/NAME`); everybody may ask them
(`POST /endpoints/NAME/invocations`). A container that ended is told of (`PUT /fallen/ID`): its address may
be another's by then.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import unquote, urlsplit

PORT = 8080
TOKEN = "SEATRIAL_DESK_TOKEN"  # noqa: S105  # the name of a variable
_SECONDS = 60  # the service's own limit for an answer
_PREFIX = "X-Amzn-SageMaker-"
# What of InvokeEndpoint's headers a container is given.
_FORWARDED = (
    "Content-Type",
    "Accept",
    f"{_PREFIX}Custom-Attributes",
    f"{_PREFIX}Session-Id",
    f"{_PREFIX}Target-Model",
)
_NOT_FOR_THE_MIDDLE = "Accept"


class RefusalError(Exception):
    """An answer that is an error of the service's."""

    def __init__(self, status: int, kind: str, message: str, **more: Any) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.more = more


class Desk(ThreadingHTTPServer):
    """Knows the endpoints by name."""

    daemon_threads = True

    def __init__(self, address: tuple[str, int], token: str) -> None:
        super().__init__(address, Handler)
        self.token = token
        self._endpoints: dict[str, list[dict[str, Any]]] = {}
        self._fallen: dict[str, str] = {}
        self._lock = threading.Lock()

    def put(self, name: str, variants: list[dict[str, Any]]) -> None:
        """The endpoint is there, or is another from now on."""
        with self._lock:
            self._endpoints[name] = variants

    def fell(self, container: str, why: str) -> None:
        """Nobody asks this container any more."""
        with self._lock:
            self._fallen[container] = why

    def why_fallen(self, container: str) -> str | None:
        """What was told of its end, if it has ended."""
        with self._lock:
            return self._fallen.get(container)

    def variant(self, name: str, wanted: str | None) -> dict[str, Any]:
        """The one that is asked: the one that the caller wants, else one by weight."""
        with self._lock:
            variants = self._endpoints.get(name)
        if variants is None:
            raise RefusalError(400, "ValidationError", f"Endpoint {name} not found.")
        if wanted is None:
            weights = [variant["weight"] for variant in variants]
            return random.choices(variants, weights if any(weights) else None)[0]  # noqa: S311  # traffic, no secret
        for variant in variants:
            if variant["name"] == wanted:
                return variant
        raise RefusalError(400, "ValidationError", f"Variant {wanted} not found for Endpoint {name}.")


class Handler(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # an answer in one piece
    server: Desk

    def handle_expect_100(self) -> bool:
        """At once: whoever asks for leave to send a body (curl with a megabyte) waits for it."""
        granted = super().handle_expect_100()
        self.wfile.flush()
        return granted

    def do_GET(self) -> None:  # the name that the library calls
        """`/ping`."""
        self._send(200 if self.path == "/ping" else 404, b"")

    def do_PUT(self) -> None:  # the name that the library calls
        """An endpoint, or a container's end."""
        said = self._body()
        if self.headers.get("Authorization") != self.server.token:
            self._send(403, b"")
            return
        name = unquote(self.path.rpartition("/")[2])
        if self.path.startswith("/fallen/"):
            self.server.fell(name, json.loads(said))
        else:
            self.server.put(name, json.loads(said))
        self._send(200, b"")

    def do_POST(self) -> None:  # the name that the library calls
        """InvokeEndpoint."""
        body = self._body()
        try:
            self._invoke(body)
        except RefusalError as refusal:
            said = {"Message": str(refusal), **refusal.more}
            self._send(
                refusal.status,
                json.dumps(said).encode(),
                {"Content-Type": "application/json", "x-amzn-ErrorType": refusal.kind},
            )

    def _invoke(self, body: bytes) -> None:
        _, first, name, last = (*self.path.split("/"), "", "", "")[:4]
        if (first, last) != ("endpoints", "invocations"):
            raise RefusalError(
                400, "ValidationError", "seatrial answers InvokeEndpoint here, and nothing else."
            )
        variant = self.server.variant(unquote(name), self.headers.get(f"{_PREFIX}Target-Variant"))
        containers = self._chosen(variant)
        headers = {each: self.headers[each] for each in _FORWARDED if self.headers.get(each)}
        answer: dict[str, str] = {}
        for number, container in enumerate(containers, start=1):
            sent = dict(headers)
            if number < len(containers):
                sent.pop(_NOT_FOR_THE_MIDDLE, None)
            why = self.server.why_fallen(container["id"])
            if why is not None:
                raise _model_error(container["name"], 0, why)
            body, answer = _ask(container, body, sent)
            headers["Content-Type"] = answer.get("Content-Type", "application/octet-stream")
        told = {**answer, "x-Amzn-Invoked-Production-Variant": variant["name"]}
        self._send(200, body, told)

    def _chosen(self, variant: dict[str, Any]) -> list[dict[str, Any]]:
        """All, one after another; or the one that the caller names where they are asked one by one."""
        containers: list[dict[str, Any]] = variant["containers"]
        wanted = self.headers.get(f"{_PREFIX}Target-Container-Hostname")
        if not variant["direct"] and wanted is None:
            return containers
        if not variant["direct"]:
            text = "TargetContainerHostname is for endpoints whose InferenceExecutionConfig says Direct."
            raise RefusalError(400, "ValidationError", text)
        found = [container for container in containers if container["name"] == wanted]
        if not found:
            raise RefusalError(
                400, "ValidationError", f"No container {wanted}; name one in TargetContainerHostname."
            )
        return found

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length") or 0))
        parts = []
        while size := int(self.rfile.readline().split(b";")[0], 16):
            parts.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(parts)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def _ask(container: dict[str, Any], body: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
    """One container's answer, and what of its headers goes on to the caller."""
    address = urlsplit(container["url"])
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=_SECONDS)
    try:
        connection.request("POST", "/invocations", body, headers)
        response = connection.getresponse()
        said = response.read()
    except (OSError, http.client.HTTPException) as silence:
        raise _model_error(container["name"], 0, f"no answer: {silence}") from silence
    finally:
        connection.close()
    if not 200 <= response.status < 300:
        raise _model_error(container["name"], response.status, said.decode("utf-8", "replace"))
    kept = ("Content-Type", f"{_PREFIX}Custom-Attributes")
    return said, {name: value for name in kept if (value := response.getheader(name))}


def _model_error(name: str, status: int, said: str) -> RefusalError:
    whose = "client" if 400 <= status < 500 else "server"
    text = f'Received {whose} error ({status}) from {name} with message "{said}".'
    return RefusalError(
        424, "ModelError", text, OriginalStatusCode=status, OriginalMessage=said, LogStreamArn=""
    )


def main() -> None:
    """For as long as the container lives."""
    Desk(("0.0.0.0", PORT), os.environ[TOKEN]).serve_forever()  # noqa: S104  # on a network of containers


if __name__ == "__main__":
    main()
