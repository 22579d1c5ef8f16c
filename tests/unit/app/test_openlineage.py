"""Telling an execution to a server that really listens, and to a file; no run depends on it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import sleep
from typing import Any

import pytest

from seatrial.app.openlineage import NotToldError, tell, tell_all
from seatrial.app.parts import Parts
from seatrial.dataflow import Flow
from seatrial.errors import RefusedError
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
    words: bytes = b"no such \x1b[31mnamespace"
    pause: float = 0.0


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the name is http.server's
            found.paths.append(self.path)
            found.keys.append(self.headers.get("Authorization"))
            found.events.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            sleep(found.pause)
            self.send_response(found.status)
            self.end_headers()
            self.wfile.write(found.words if found.status >= 300 else b"")

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


@pytest.mark.parametrize(
    "target",
    [
        "localhost:5000",
        "127.0.0.1:5000/api",
        "ftp://there/x",
        "https:/there",
        "http://[there",
        "http://there:http",
    ],
)
def test_a_url_that_is_none_is_refused_and_not_made_a_file(
    target: str, flow: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RefusedError, match="neither a URL nor a file"):
        tell(parts_with([], tmp_path), flow, target)
    assert list(tmp_path.iterdir()) == []


def test_what_is_secret_in_a_url_is_not_repeated(receiver: Receiver, flow: Flow, tmp_path: Path) -> None:
    receiver.status = 401
    said: list[str] = []
    url = receiver.url.replace("http://", "http://crew:hidden@") + "/in?token=hidden"
    tell_all(parts_with(said, tmp_path, url=url), flow)
    (line,) = said
    assert "it answered 401" in line
    assert "hidden" not in line
    assert receiver.paths == ["/in?token=hidden"]


def test_a_server_that_repeats_the_key_does_not_have_it_shown(
    receiver: Receiver, flow: Flow, tmp_path: Path
) -> None:
    receiver.status, receiver.words = 401, b"bad key: s3cr3t"
    with pytest.raises(NotToldError) as refused:
        tell(parts_with([], tmp_path, api_key="s3cr3t"), flow, receiver.url)
    assert "s3cr3t" not in str(refused.value)
    assert "bad key" in refused.value.message


def test_a_slow_server_holds_no_run_up_for_longer_than_all_its_events_may_take(
    receiver: Receiver, flow: Flow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seatrial.app.openlineage.LONGEST_AT_THE_END", 0.3)
    receiver.pause = 0.1
    said: list[str] = []
    tell_all(parts_with(said, tmp_path, url=receiver.url), flow)
    (line,) = said
    assert "too slow" in line
    assert 0 < len(receiver.events) < 6
