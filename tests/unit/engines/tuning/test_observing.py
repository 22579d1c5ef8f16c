"""What was seen of a search: of all its training jobs together."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path

from seatrial.engines.tuning import TuningEngine
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.ports.observation import InputFiles, Observation, S3Call
from tests.adapters.clock import StillClock
from tests.adapters.memory_engine import MemoryEngine, completed
from tests.unit.engines.native.requests import Heard
from tests.unit.engines.tuning.bench import config, tuning_parameters, tuning_request

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def call(key: str, minute: int) -> S3Call:
    time = NOON + timedelta(minutes=minute)
    return S3Call("GetObject", "bucket", key, 200, time, time)


def searched(folder: Path, *seen: Observation | None) -> Observation | None:
    """A search whose training jobs were seen to do this, one after another."""
    left = list(seen)

    def answer(request: JobRequest) -> JobResult:
        return replace(completed(request), observation=left.pop(0))

    engine = TuningEngine(MemoryEngine({"Tune": answer}), 1, StillClock(tick=1.0))
    parameters = tuning_parameters(config(jobs=len(seen)))
    return engine.run(tuning_request(folder, parameters), Heard()).observation


def test_the_calls_of_all_jobs_are_one_list(tmp_path: Path) -> None:
    seen = searched(tmp_path, Observation(calls=(call("b", 2),)), Observation(calls=(call("a", 1),)))
    assert seen == Observation(calls=(call("a", 1), call("b", 2)))


def test_one_job_that_was_not_seen_hides_the_others(tmp_path: Path) -> None:
    unseen = Observation(calls_unseen="the trace broke")
    assert searched(tmp_path, Observation(calls=(call("b", 2),)), unseen) == unseen


def test_of_a_channel_the_job_counts_that_opened_most_of_it(tmp_path: Path) -> None:
    few, many = (Observation(inputs=(InputFiles("train", 3, opened),)) for opened in (1, 2))
    assert searched(tmp_path, few, many, few) == many


def test_where_nobody_looked_nothing_is_known(tmp_path: Path) -> None:
    assert searched(tmp_path, None, None) is None
    assert searched(tmp_path, Observation(calls=()), None) is None
