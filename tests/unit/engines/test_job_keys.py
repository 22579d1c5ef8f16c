"""Each container has keys of its own, and what is called with any of them is the job's."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from seatrial.engines.job_keys import JobKeys
from seatrial.ports.observation import S3Call, SeenCalls
from tests.adapters.memory_calls import MemoryCalls, seen
from tests.adapters.memory_store import MemoryStore

HOUR = timedelta(hours=1)
NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def call(key: str, minute: int) -> S3Call:
    time = NOON + timedelta(minutes=minute)
    return S3Call("GetObject", "bucket", key, 200, time, time)


def test_a_key_is_expected_before_the_container_has_it() -> None:
    log = MemoryCalls()
    given = JobKeys(MemoryStore(), log).for_a_container(HOUR)
    assert log.expected == [given.access_key]


def test_the_calls_of_several_containers_are_one_list_in_order_of_time() -> None:
    log = MemoryCalls(seen(call("b", 2)), seen(call("a", 1), call("c", 3)))
    keys = JobKeys(MemoryStore(), log)
    for _ in range(2):
        keys.for_a_container(HOUR)
    assert [each.key for each in keys.calls().calls or ()] == ["a", "b", "c"]


def test_one_container_that_was_not_seen_hides_the_others() -> None:
    keys = JobKeys(MemoryStore(), MemoryCalls(seen(call("b", 2)), SeenCalls(None, "the trace broke")))
    for _ in range(2):
        keys.for_a_container(HOUR)
    assert keys.calls() == SeenCalls(None, "the trace broke")


def test_what_is_missing_from_the_calls_is_said_with_them() -> None:
    keys = JobKeys(MemoryStore(), MemoryCalls(SeenCalls((call("a", 1),), "2 more calls")))
    keys.for_a_container(HOUR)
    assert keys.calls() == SeenCalls((call("a", 1),), "2 more calls")


def test_a_job_without_keys_called_nothing() -> None:
    assert JobKeys(MemoryStore(), MemoryCalls()).calls() == SeenCalls(())


def test_where_nobody_looks_nothing_is_known_and_nothing_is_missed() -> None:
    keys = JobKeys(MemoryStore())
    keys.for_a_container(HOUR)
    assert keys.calls() == SeenCalls()
    keys.forget()


def test_keys_are_forgotten_once() -> None:
    log = MemoryCalls()
    keys = JobKeys(MemoryStore(), log)
    keys.for_a_container(HOUR)
    keys.forget()
    keys.forget()
    assert log.forgotten == log.expected
