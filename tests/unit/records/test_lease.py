"""Two processes never drive one execution, and a dead one does not hold it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.errors import RecordError
from seatrial.ports.executions import ExecutionStatus
from seatrial.records import Records
from tests.adapters.clock import StillClock
from tests.unit.records.values import an_execution, starting

DRIVER = """
import sys, time
from pathlib import Path
from seatrial.records import Records
from tests.adapters.clock import StillClock
records = Records(Path(sys.argv[1]), StillClock())
with records.drive("abcdefghijkl") as journal:
    print("holding", flush=True)
    time.sleep(600)
"""

WRITER = """
import sys
from dataclasses import replace
from pathlib import Path
from seatrial.records import Records
from tests.adapters.clock import StillClock
from tests.unit.records.values import starting
records = Records(Path(sys.argv[1]), StillClock())
with records.drive("abcdefghijkl") as journal:
    before = None
    for attempt in range(1, 301):
        after = replace(starting(), attempts=attempt)
        journal.step_changed(before, after)
        before = after
        if attempt == 1:
            print("writing", flush=True)
"""


@contextmanager
def another_process(script: str, path: Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert process.stdout.readline()
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.fixture(autouse=True)
def _an_execution(records: Records) -> None:
    records.create(an_execution())


def test_a_second_process_is_refused_and_told_by_whom_it_is_held(records: Records, path: Path) -> None:
    with another_process(DRIVER, path) as driver:
        with pytest.raises(RecordError, match=f"is being run by process {driver.pid} on ") as caught:
            records.drive("abcdefghijkl")

        assert caught.value.slug == "execution-held"
        assert str(driver.pid) in str(records.driver("abcdefghijkl"))


def test_a_killed_owners_lease_is_taken_over(records: Records, path: Path) -> None:
    with another_process(DRIVER, path) as driver:
        driver.kill()
        driver.wait()
        assert records.driver("abcdefghijkl") is None

        with records.drive("abcdefghijkl") as journal:
            journal.step_changed(None, starting())

    assert records.latest().steps == (starting(),)


def test_the_same_process_is_refused_too(records: Records) -> None:
    with records.drive("abcdefghijkl"), pytest.raises(RecordError, match="is being run by"):
        records.drive("abcdefghijkl")


def test_asking_who_drives_does_not_lose_the_own_lease(records: Records, path: Path) -> None:
    asks = "import sys; from pathlib import Path; from seatrial.records.lease import holder; "
    asks += "print(holder(Path(sys.argv[1])))"
    with records.drive("abcdefghijkl"):
        assert records.driver("abcdefghijkl") is not None
        answer = subprocess.run(
            [sys.executable, "-c", asks, str(path.parent / "leases" / "abcdefghijkl")],
            capture_output=True,
            text=True,
            check=True,
        )

    assert "process" in answer.stdout


def test_a_released_lease_leaves_no_file(records: Records, path: Path) -> None:
    with records.drive("abcdefghijkl"):
        pass

    assert list((path.parent / "leases").iterdir()) == []
    with records.drive("abcdefghijkl"):
        pass


def test_a_lease_that_cannot_be_opened_is_an_error_with_its_place(records: Records, path: Path) -> None:
    (path.parent / "leases").write_text("in the way")

    with pytest.raises(RecordError, match="the lease cannot be opened") as caught:
        records.drive("abcdefghijkl")

    assert caught.value.where == str(path.parent / "leases" / "abcdefghijkl")


def test_who_was_taken_over_can_write_no_more(records: Records, path: Path) -> None:
    with records.drive("abcdefghijkl") as old:
        (path.parent / "leases" / "abcdefghijkl").unlink()  # somebody tidied up by hand
        with another_process(DRIVER, path), pytest.raises(RecordError, match="taken over") as caught:
            old.execution_changed(an_execution(), replace(an_execution(), status=ExecutionStatus.SUCCEEDED))

    assert caught.value.slug == "lease-lost"
    assert records.latest().status is ExecutionStatus.EXECUTING


def test_readers_follow_while_another_process_writes(records: Records, path: Path) -> None:
    seen = [event.sequence for event in records.events("abcdefghijkl")]
    with another_process(WRITER, path):
        deadline = time.monotonic() + 30
        while len(seen) < 301 and time.monotonic() < deadline:
            seen += [event.sequence for event in records.events("abcdefghijkl", after=seen[-1])]
            snapshot = records.latest()
            assert len(snapshot.steps) == 1

    assert seen == list(range(1, 302))


def test_two_processes_may_open_new_records_at_once(tmp_path: Path) -> None:
    opens = "import sys; from pathlib import Path; from seatrial.records import Records; "
    opens += "from tests.adapters.clock import StillClock; Records(Path(sys.argv[1]), StillClock()).list()"
    path = tmp_path / "new" / "records.db"
    processes = [subprocess.Popen([sys.executable, "-c", opens, str(path)]) for _ in range(4)]

    assert [process.wait() for process in processes] == [0, 0, 0, 0]
    with Records(path, StillClock()) as records:
        assert records.list() == []
