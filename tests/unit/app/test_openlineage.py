"""Telling an execution to a server that really listens, and to a file; no run depends on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from seatrial.app.openlineage import NotToldError, tell, tell_all
from seatrial.app.parts import Parts
from seatrial.dataflow import Flow
from seatrial.settings import OpenLineageSettings, Settings
from tests.adapters.openlineage import hold
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.test_clean_pipelines import seeded, train_evaluate_register


@dataclass
class Receiver:
    """What arrived, and what is answered."""

    url: str
    status: int = 201
    events: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    keys: list[str | None] = field(default_factory=list)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is http.server's
            found.paths.append(self.path)
            found.keys.append(self.headers.get("Authorization"))
            found.events.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(found.status)
            self.end_headers()
            self.wfile.write(b"no such \x1b[31mnamespace" if found.status >= 300 else b"")

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    found = Receiver(f"http://127.0.0.1:{server.server_port}")
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def flow() -> Flow:
    return simulate(train_evaluate_register(), store=seeded())


def parts_with(said: list[str], tmp_path: Path, **wanted: Any) -> Parts:
    settings = Settings(state_dir=tmp_path, openlineage=OpenLineageSettings(**wanted))
    return Parts(settings, said.append)


def test_every_event_arrives_in_order_and_fits_the_specification(
    receiver: Receiver, flow: Flow, tmp_path: Path
) -> None:
    parts = parts_with([], tmp_path, namespace="crew")
    assert tell(parts, flow, receiver.url) == len(receiver.events) == 12
    for event in receiver.events:
        hold(event)
    assert set(receiver.paths) == {"/api/v1/lineage"}
    assert {event["job"]["namespace"] for event in receiver.events} == {"crew"}
    assert [event["eventTime"] for event in receiver.events] == sorted(
        e["eventTime"] for e in receiver.events
    )


def test_a_path_in_the_url_is_kept_and_the_key_is_sent(
    receiver: Receiver, flow: Flow, tmp_path: Path
) -> None:
    tell(parts_with([], tmp_path, api_key="secret"), flow, f"{receiver.url}/elsewhere")
    assert set(receiver.paths) == {"/elsewhere"}
    assert set(receiver.keys) == {"Bearer secret"}


def test_a_server_that_refuses_is_said_with_its_words_and_does_not_fail_the_run(
    receiver: Receiver, flow: Flow, tmp_path: Path
) -> None:
    receiver.status = 422
    said: list[str] = []
    tell_all(parts_with(said, tmp_path, url=receiver.url), flow)
    (line,) = said
    assert "it answered 422: no such namespace" in line
    assert f"seatrial lineage abc123def456 --openlineage {receiver.url}" in line
    assert len(receiver.events) == 1


def test_a_server_that_is_away_is_said_and_the_file_is_written_all_the_same(
    flow: Flow, tmp_path: Path
) -> None:
    said: list[str] = []
    file = tmp_path / "events" / "all.jsonl"
    tell_all(parts_with(said, tmp_path, url="http://127.0.0.1:1", file=file, api_key="secret"), flow)
    assert len(said) == 1
    assert "secret" not in said[0]
    assert len(file.read_text().splitlines()) == 12


def test_a_file_grows_by_each_execution(flow: Flow, tmp_path: Path) -> None:
    file = tmp_path / "all.jsonl"
    for _ in range(2):
        tell(parts_with([], tmp_path), flow, str(file))
    lines = file.read_text().splitlines()
    assert len(lines) == 24
    assert lines[:12] == lines[12:]


def test_a_file_that_cannot_be_written_is_said_with_what_to_do(flow: Flow, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(NotToldError, match="cannot write the events"):
        tell(parts_with([], tmp_path), flow, str(tmp_path / "file" / "below.jsonl"))
