"""The trace followed: whose calls are kept, and when they are not known."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator

import pytest
from urllib3.exceptions import HTTPError

from seatrial.ports.observation import SeenCalls
from seatrial.storage.calls import TracedCalls, Unwatched
from seatrial.storage.calls.stream import BrokenTraceError, NoTraceError
from tests.unit.storage.calls.trace_lines import line


class FakeTrace:
    """A store whose trace tells of marks at once, of other calls when the test makes them."""

    def __init__(self, *, deaf_to_marks: bool = False, refuses: str | None = None) -> None:
        self.opened = 0
        self.deaf_to_marks = deaf_to_marks
        self.refuses = refuses
        self.down = False
        self._told: queue.Queue[bytes | Exception | None] = queue.Queue()

    def lines(self) -> Iterator[bytes | None]:
        self.opened += 1
        if self.refuses is not None:
            raise NoTraceError(self.refuses)
        yield None
        while True:
            try:
                told = self._told.get(timeout=0.01)
            except queue.Empty:
                told = None
            if isinstance(told, Exception):
                raise told
            yield told

    def mark(self, word: str) -> None:
        if self.down:
            raise HTTPError("connection refused")
        if not self.deaf_to_marks:
            self._told.put(line("HeadObject", f"/state/{word}", key="OWN"))

    def tell(self, told: bytes | Exception) -> None:
        self._told.put(told)

    def log(self, **more: float) -> TracedCalls:
        settings = {"patience": 5.0, "idle": 0.05, **more}
        return TracedCalls(self.lines, self.mark, "OWN", most=3, **settings)


@pytest.fixture
def trace() -> Iterator[FakeTrace]:
    trace = FakeTrace()
    yield trace
    trace.tell(BrokenTraceError("the test is over"))


def keys_of(seen: SeenCalls) -> list[str]:
    assert seen.calls is not None
    return [call.key for call in seen.calls]


def test_calls_are_kept_by_the_key_that_signed_them(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("ONE")
    log.expect("TWO")
    for key, path in (("ONE", "/b/1"), ("TWO", "/b/2"), ("OWN", "/b/ours"), ("THREE", "/b/3")):
        trace.tell(line(path=path, key=key))
    assert keys_of(log.calls_of("ONE")) == ["1"]
    assert keys_of(log.calls_of("TWO")) == ["2"]


def test_a_key_in_the_name_of_an_object_makes_nothing_its_own(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("ONE")
    trace.tell(line(path="/b/ONE", key="OWN"))
    trace.tell(line(path="/b/ONE", key=None))
    assert keys_of(log.calls_of("ONE")) == []


def test_all_keys_share_one_trace(trace: FakeTrace) -> None:
    log = trace.log()
    expecting = [threading.Thread(target=log.expect, args=(f"KEY{number}",)) for number in range(8)]
    for thread in expecting:
        thread.start()
    for thread in expecting:
        thread.join()
    assert trace.opened == 1


def test_a_key_that_nobody_expected_was_not_observed(trace: FakeTrace) -> None:
    assert trace.log().calls_of("ONE") == SeenCalls(None, "nobody looked at the calls of this key")
    assert trace.opened == 0


def test_a_forgotten_key_is_not_known_any_more(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("ONE")
    log.forget("ONE")
    log.forget("never expected")
    assert log.calls_of("ONE").calls is None


def test_more_calls_than_are_kept_are_said(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("ONE")
    for number in range(5):
        trace.tell(line(path=f"/b/{number}", key="ONE"))
    seen = log.calls_of("ONE")
    assert keys_of(seen) == ["0", "1", "2"]
    assert seen.unseen == "2 more calls, of other objects than these 3"


def test_a_break_leaves_no_call_of_a_running_job_known(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("ONE")
    trace.tell(line(key="ONE"))
    trace.tell(BrokenTraceError("the store is gone"))
    assert log.calls_of("ONE") == SeenCalls(None, "the store is gone")


def test_the_next_job_opens_a_new_trace(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("ONE")
    trace.tell(BrokenTraceError("the store restarted"))
    assert log.calls_of("ONE").unseen == "the store restarted"
    log.expect("TWO")
    trace.tell(line(path="/b/2", key="TWO"))
    assert keys_of(log.calls_of("TWO")) == ["2"]
    assert log.calls_of("ONE").unseen == "the store restarted"
    assert trace.opened == 2


def test_a_line_that_cannot_be_read_is_a_break(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("ONE")
    trace.tell(b'{"ONE": "and no call"}')
    assert str(log.calls_of("ONE").unseen).startswith("the store's trace cannot be read: KeyError")


def test_a_mark_that_does_not_come_leaves_the_calls_unknown(trace: FakeTrace) -> None:
    log = trace.log(patience=0.2)
    log.expect("ONE")
    trace.deaf_to_marks = True
    trace.tell(line(key="ONE"))
    seen = log.calls_of("ONE")
    assert seen == SeenCalls(None, "the store's trace did not tell of our own call within 0.2 s")


def test_a_store_that_answers_no_more_leaves_the_calls_unknown(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("ONE")
    trace.down = True
    assert log.calls_of("ONE").unseen == "the store did not answer our own call: connection refused"


def test_a_store_without_a_trace_is_asked_once() -> None:
    trace = FakeTrace(refuses="no trace here", deaf_to_marks=True)
    log = trace.log()
    log.expect("ONE")
    log.expect("TWO")
    assert log.calls_of("ONE") == log.calls_of("TWO") == SeenCalls(None, "no trace here")
    assert trace.opened == 1


def test_a_trace_that_never_begins_to_tell_is_waited_for_once() -> None:
    trace = FakeTrace(deaf_to_marks=True)
    log = trace.log(patience=0.1)
    log.expect("ONE")
    log.expect("TWO")
    reason = "the store's trace did not tell of our own call within 0.1 s"
    assert log.calls_of("ONE").unseen == log.calls_of("TWO").unseen == reason
    assert trace.opened == 1


def test_the_stores_own_keys_are_nobodys_alone(trace: FakeTrace) -> None:
    log = trace.log()
    log.expect("OWN")
    assert "store.own_keys_in_jobs" in str(log.calls_of("OWN").unseen)
    assert trace.opened == 0


def test_the_thread_ends_when_nobody_is_of_interest(trace: FakeTrace) -> None:
    log = trace.log()
    before = set(threading.enumerate())
    log.expect("ONE")
    [reader] = set(threading.enumerate()) - before
    log.forget("ONE")
    reader.join(5)
    assert not reader.is_alive()
    log.expect("TWO")
    assert trace.opened == 2


def test_a_store_that_nobody_watches_says_why() -> None:
    log = Unwatched("switched off")
    log.expect("ONE")
    log.forget("ONE")
    assert log.calls_of("ONE") == SeenCalls(None, "switched off")
