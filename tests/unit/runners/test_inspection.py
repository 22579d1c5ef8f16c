"""What is believed of Docker's record of an ended container, and when it is looked at again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docker.api import APIClient

from seatrial.ports.runners import JobSpec
from seatrial.runners.ending import Exit
from seatrial.runners.inspection import inspect

SPEC = JobSpec("job", "image", Path("log.txt"))


class Record(APIClient):
    """An engine whose record learns late of what the kernel did; it counts how often it was asked."""

    def __init__(self, *killed: bool) -> None:
        self.killed = list(killed)
        self.asked = 0

    def inspect_container(self, container: Any) -> dict[str, Any]:
        self.asked += 1
        return {"State": {"OOMKilled": self.killed.pop(0)}}


@pytest.fixture(autouse=True)
def _nothing_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seatrial.runners.inspection.written", lambda *_: ())


def test_word_of_a_kill_for_memory_may_come_after_the_end() -> None:
    record = Record(False, False, True)
    assert inspect(record, "id", Exit(137), SPEC, None).out_of_memory
    assert record.asked == 3


def test_a_failure_of_another_kind_is_not_waited_for_long() -> None:
    record = Record(False, False, False, False)
    assert not inspect(record, "id", Exit(1), SPEC, None).out_of_memory


def test_success_is_asked_about_once() -> None:
    record = Record(False)
    assert not inspect(record, "id", Exit(0), SPEC, None).out_of_memory
    assert record.asked == 1
