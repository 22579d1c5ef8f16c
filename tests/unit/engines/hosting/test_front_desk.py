"""The desk: InvokeEndpoint over HTTP, asked as boto3 asks."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError
from urllib3 import PoolManager

from seatrial.engines.hosting.front_desk import Desk, Handler


class Echo(BaseHTTPRequestHandler):
    """A container: it answers with what it was asked and its own name, or with a status of that name."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1
    name = ""
    heard: list[tuple[str, dict[str, str]]]

    def do_POST(self) -> None:  # the name that the library calls
        """`/invocations`."""
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.heard.append((self.name, dict(self.headers.items())))
        refuses = self.name.isdigit()
        self.send_response(int(self.name) if refuses else 200)
        said = b"no\nway" if refuses else body + self.name.encode()
        self.send_header("Content-Type", "text/" + self.name)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *args: object) -> None:
        """Nothing is printed."""


class Quay:
    """A desk and containers in this process."""

    def __init__(self) -> None:
        self._servers: list[ThreadingHTTPServer] = []
        self.heard: list[tuple[str, dict[str, str]]] = []
        quiet = type("Quiet", (Handler,), {"log_message": Echo.log_message})
        self.desk = Desk(("127.0.0.1", 0), "secret")
        self.desk.RequestHandlerClass = quiet
        self.url = self._serve(self.desk)
        self.runtime = boto3.client(
            "sagemaker-runtime",
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="none",
            aws_secret_access_key="none",
            config=Config(retries={"max_attempts": 0}),
        )

    def container(self, name: str) -> dict[str, Any]:
        """One that answers."""
        handler = type("Handler", (Echo,), {"name": name, "heard": self.heard})
        return {"name": name, "id": name, "url": self._serve(ThreadingHTTPServer(("127.0.0.1", 0), handler))}

    def put(self, endpoint: str, *variants: dict[str, Any], key: str = "secret") -> int:
        """Announce an endpoint; the desk's status."""
        answer = PoolManager().request(
            "PUT",
            f"{self.url}/endpoints/{endpoint}",
            body=json.dumps(variants),
            headers={"Authorization": key},
        )
        return answer.status

    def close(self) -> None:
        """Nobody answers any more."""
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _serve(self, server: ThreadingHTTPServer) -> str:
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        self._servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"


@pytest.fixture
def quay() -> Iterator[Quay]:
    made = Quay()
    yield made
    made.runtime.close()
    made.close()


def variant(
    name: str, *containers: dict[str, Any], weight: float = 1, direct: bool = False
) -> dict[str, Any]:
    return {"name": name, "weight": weight, "direct": direct, "containers": list(containers)}


def asked(quay: Quay, **more: Any) -> tuple[bytes, dict[str, Any]]:
    answer = quay.runtime.invoke_endpoint(EndpointName="e", Body=b"x", **more)
    return answer["Body"].read(), answer


def test_boto3_asks_and_is_answered(quay: Quay) -> None:
    quay.put("e", variant("A", quay.container("one")))
    body, answer = asked(quay, ContentType="text/plain", Accept="text/x", CustomAttributes="trace=1")

    assert body == b"xone"
    assert (answer["ContentType"], answer["InvokedProductionVariant"]) == ("text/one", "A")
    ((_, headers),) = quay.heard
    assert (headers["Content-Type"], headers["Accept"]) == ("text/plain", "text/x")
    assert headers["X-Amzn-SageMaker-Custom-Attributes"] == "trace=1"
    assert "Authorization" not in headers


def test_containers_in_a_row_answer_one_another(quay: Quay) -> None:
    quay.put("e", variant("A", quay.container("one"), quay.container("two")))
    body, answer = asked(quay, ContentType="text/plain", Accept="text/x")

    assert (body, answer["ContentType"]) == (b"xonetwo", "text/two")
    (_, first), (_, second) = quay.heard
    assert "Accept" not in first
    assert (second["Content-Type"], second["Accept"]) == ("text/one", "text/x")


def test_a_variant_is_chosen_by_name_or_by_weight(quay: Quay) -> None:
    quay.put("e", variant("A", quay.container("one"), weight=0), variant("B", quay.container("two")))

    assert {asked(quay)[0] for _ in range(8)} == {b"xtwo"}
    assert asked(quay, TargetVariant="A")[0] == b"xone"
    with pytest.raises(ClientError, match="Variant C not found for Endpoint e"):
        asked(quay, TargetVariant="C")


def test_containers_that_are_asked_one_by_one_are_named(quay: Quay) -> None:
    quay.put("e", variant("A", quay.container("one"), quay.container("two"), direct=True))

    assert asked(quay, TargetContainerHostname="two")[0] == b"xtwo"
    with pytest.raises(ClientError, match="No container None"):
        asked(quay)


@pytest.mark.parametrize(("status", "whose"), [("415", "client"), ("500", "server")])
def test_an_error_of_a_container_is_a_model_error(quay: Quay, status: str, whose: str) -> None:
    quay.put("e", variant("A", quay.container("one"), quay.container(status)))
    with pytest.raises(ClientError, match=f"Received {whose} error \\({status}\\) from {status}") as caught:
        asked(quay)
    response = caught.value.response
    assert response["Error"]["Code"] == "ModelError"
    assert response["ResponseMetadata"]["HTTPStatusCode"] == 424
    assert (response["OriginalStatusCode"], response["OriginalMessage"]) == (int(status), "no\nway")


def test_a_container_that_is_gone_is_a_model_error_too(quay: Quay) -> None:
    quay.put("e", variant("A", {"name": "primary", "id": "gone", "url": "http://127.0.0.1:9"}))
    with pytest.raises(ClientError, match=r"server error \(0\) from primary"):
        asked(quay)


def test_a_container_that_has_fallen_is_asked_no_more(quay: Quay) -> None:
    """Whoever listens at its address by now is another one."""
    quay.put("e", variant("A", {**quay.container("stranger"), "name": "primary", "id": "job-1"}))
    told = PoolManager().request(
        "PUT", f"{quay.url}/fallen/job-1", body=b'"it has ended"', headers={"Authorization": "secret"}
    )
    assert told.status == 200
    with pytest.raises(ClientError, match=r'server error \(0\) from primary with message "it has ended"'):
        asked(quay)
    assert quay.heard == []


def test_what_is_not_there_is_said(quay: Quay) -> None:
    with pytest.raises(ClientError, match="Endpoint e not found") as caught:
        asked(quay)
    assert caught.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError, match="answers InvokeEndpoint here, and nothing else"):
        quay.runtime.invoke_endpoint_async(EndpointName="e", InputLocation="s3://bucket/key")


def test_only_the_holder_of_the_token_announces(quay: Quay) -> None:
    assert quay.put("e", variant("A", quay.container("one")), key="guess") == 403
    with pytest.raises(ClientError, match="Endpoint e not found"):
        asked(quay)


def test_who_waits_for_leave_to_send_a_body_gets_it_at_once(quay: Quay) -> None:
    quay.put("e", variant("A", quay.container("one")))
    desk = ("127.0.0.1", urlsplit(quay.url).port or 0)
    with socket.create_connection(desk, timeout=5) as caller:
        asked_first = "POST /endpoints/e/invocations HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n"
        caller.sendall(f"{asked_first}Expect: 100-continue\r\nConnection: close\r\n\r\n".encode())
        assert caller.recv(100).startswith(b"HTTP/1.1 100 ")
        caller.sendall(b"x")
        assert b"xone" in b"".join(iter(lambda: caller.recv(4096), b""))
