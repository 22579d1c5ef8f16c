"""Whatever engine does a job, what its containers called is in the result, by keys that they alone had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from seatrial.ports.jobs import JobResult
from seatrial.ports.observation import S3Call, SeenCalls
from tests.adapters.memory_calls import MemoryCalls, seen
from tests.unit.engines.functions import bench as functions
from tests.unit.engines.hosting import bench as hosting
from tests.unit.engines.local_mode import bench as local_mode
from tests.unit.engines.native.requests import Bench as Native
from tests.unit.engines.native.requests import job_request, processing_parameters
from tests.unit.engines.serving import bench as serving

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)
CALL = S3Call("GetObject", "bucket", "key", 200, NOON, NOON)


def calls_of(result: JobResult) -> SeenCalls:
    assert result.observation is not None
    return SeenCalls(result.observation.calls, result.observation.calls_unseen)


def watched(engine: Any, log: MemoryCalls) -> Any:
    """The engine of a bench, with its calls watched."""
    engine._parts = replace(engine._parts, calls=log)
    return engine


def native(folder: Path, log: MemoryCalls) -> JobResult:
    bench = Native(folder)
    request = job_request(bench.folder, "Processing", processing_parameters())
    result: JobResult = watched(bench.engine(), log).run(request, bench.progress)
    return result


def transform(folder: Path, log: MemoryCalls) -> JobResult:
    bench = serving.Bench(folder)
    bench.put("in/a.csv", b"1\n")
    watched(bench.engine, log)
    return bench.run(serving.model())


def function(folder: Path, log: MemoryCalls) -> JobResult:
    bench = functions.Bench(folder, functions.answers({}))
    watched(bench.engine, log)
    return bench.call()


def endpoint(folder: Path, log: MemoryCalls) -> JobResult:
    bench = hosting.Bench(folder)
    watched(bench.engine, log)
    result = bench.run(hosting.plan(hosting.variant("all")))
    bench.engine.release(hosting.EXECUTION)
    return result


def sdk(folder: Path, log: MemoryCalls) -> JobResult:
    bench = local_mode.Bench(folder)
    watched(bench.engine, log)
    return bench.process()


ENGINES = pytest.mark.parametrize("run", [native, transform, function, endpoint, sdk])
Run = Callable[[Path, MemoryCalls], JobResult]


@ENGINES
def test_what_was_called_is_in_the_result(run: Run, tmp_path: Path) -> None:
    log = MemoryCalls(seen(CALL))
    assert calls_of(run(tmp_path, log)) == seen(CALL)
    assert len(log.expected) == 1
    assert log.forgotten == log.expected


@ENGINES
def test_what_was_not_seen_is_said_so(run: Run, tmp_path: Path) -> None:
    broke = SeenCalls(None, "the trace broke")
    assert calls_of(run(tmp_path, MemoryCalls(broke))) == broke


def test_a_job_that_is_refused_has_called_nothing(tmp_path: Path) -> None:
    log = MemoryCalls(seen(CALL))
    bench = functions.Bench(tmp_path, functions.answers({}))
    watched(bench.engine, log)
    assert calls_of(bench.call(function=None)) == seen()
    assert log.expected == []
