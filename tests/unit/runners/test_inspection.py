"""What is believed of Docker's record of an ended container, and where it is not enough."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docker.api import APIClient

from seatrial.ports.runners import JobSpec
from seatrial.runners.ending import Exit
from seatrial.runners.inspection import inspect

SPEC = JobSpec("job", "image", Path("log.txt"))


class Engine(APIClient):
    """An engine whose record does not know of what the kernel did; its events tell, some time."""

    def __init__(self, *told: bool, recorded: bool = False) -> None:
        self.told = list(told)
        self.recorded = recorded

    def inspect_container(self, container: Any) -> dict[str, Any]:
        return {"State": {"OOMKilled": self.recorded, "StartedAt": "2026-01-01T00:00:00.5Z"}}

    def events(self, **_: Any) -> Any:
        return iter([b"oom"] if self.told.pop(0) else [])


@pytest.fixture(autouse=True)
def _nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seatrial.runners.inspection.written", lambda *_: ())


def test_a_kill_for_memory_that_the_record_missed_is_learnt_from_the_events() -> None:
    assert inspect(Engine(False, True), "id", Exit(137), SPEC, None).out_of_memory


def test_a_failure_of_another_kind_is_not_waited_for_long() -> None:
    assert not inspect(Engine(False, False), "id", Exit(1), SPEC, None).out_of_memory


def test_where_the_record_knows_or_all_went_well_nothing_more_is_asked() -> None:
    assert inspect(Engine(recorded=True), "id", Exit(137), SPEC, None).out_of_memory
    assert not inspect(Engine(), "id", Exit(0), SPEC, None).out_of_memory
