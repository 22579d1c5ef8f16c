"""Steps with a CacheConfig: what is taken from an earlier execution, and why something is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from seatrial.errors import StorageError
from seatrial.ports.executions import ExecutionRecord, Reuse, ReuseKind, StepRecord
from seatrial.ports.jobs import JobRequest, JobResult, OutputReceipt
from seatrial.ports.storage import S3Uri, StoredObject
from tests.adapters.clock import START
from tests.adapters.memory_engine import MemoryEngine, completed, failed
from tests.functional.execution.documents import (
    get,
    join,
    output_of,
    parameter,
    pipeline,
    processing,
    training,
)
from tests.functional.execution.trial import Trial, etag_of, statuses

PREFIX = parameter("EXECUTION_S3_PREFIX", "s3://bucket/default")


def cached(step: dict[str, Any], expire_after: str | None = "P1D", *, enabled: bool = True) -> dict[str, Any]:
    config = {"Enabled": enabled, **({"ExpireAfter": expire_after} if expire_after else {})}
    return {**step, "CacheConfig": config}


def in_prefix(step: dict[str, Any], name: str) -> dict[str, Any]:
    """The step with its output under the prefix, which holds the execution's id unless one is given."""
    (output,) = step["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    output["S3Output"]["S3Uri"] = join(get("Parameters.EXECUTION_S3_PREFIX"), name, on="/")
    return step


CHAIN = pipeline(
    cached(in_prefix(processing("A", "s3://bucket/raw", arguments=[get("Parameters.Rows")]), "a")),
    cached(training("B", output_of("A"))),
    parameters=[parameter("Rows", "10"), PREFIX],
)


@pytest.fixture
def trial(trial: Trial) -> Trial:
    """Processing steps write a file to their output, and say so."""
    trial.engine.answers["A"] = lambda request: writing(trial, request)
    return trial


def writing(trial: Trial, request: JobRequest) -> JobResult:
    receipts = []
    for output in request.parameters["ProcessingOutputConfig"]["Outputs"]:
        place = S3Uri.parse(output["S3Output"]["S3Uri"])
        content = f"{request.name} wrote this".encode()
        trial.objects[str(place.child("part"))] = content
        stored = StoredObject(place.bucket, f"{place.key}/part", len(content), etag_of(content))
        path = f"ProcessingOutputConfig.Outputs['{output['OutputName']}'].S3Output.S3Uri"
        receipts.append(
            OutputReceipt(
                output["OutputName"], str(place), "/opt/ml/processing/out", path, "S3Uri", (stored,)
            )
        )
    return completed(request, *receipts)


def again(trial: Trial, document: str, parameters: dict[str, str] | None = None) -> ExecutionRecord:
    """Another execution, on an engine that remembers only its own requests."""
    answers = trial.engine.answers
    trial.engine = MemoryEngine(answers)
    return trial.run(document, parameters)


def step(record: ExecutionRecord, name: str = "A") -> StepRecord:
    found = record.step(name)
    assert found is not None
    return found


def reason(record: ExecutionRecord, name: str = "A") -> str:
    lookup = step(record, name).cache
    assert lookup is not None
    assert not lookup.hit
    return lookup.reason


class TestHit:
    def test_a_step_has_the_outcome_of_the_job_that_did_the_same(self, trial: Trial) -> None:
        first = trial.run(CHAIN)

        second = again(trial, CHAIN)

        assert statuses(second) == {"A": "Succeeded", "B": "Succeeded"}
        assert trial.asked() == []
        for name in "AB":
            now, before = step(second, name), step(first, name)
            assert now.reuse == Reuse(ReuseKind.CACHE, first.arn)
            assert (now.job_name, now.metadata) == (before.job_name, before.metadata)
            assert (now.properties, now.result) == (before.properties, before.result)
            assert now.cache is not None
            assert now.cache.hit
            assert now.cache.reason.startswith(f"execution {first.execution_id} finished it with the same")
        with trial.records as records:
            records.rebuild()
            assert records.execution(second.execution_id) == second

    def test_outputs_of_another_prefix_make_no_difference_and_the_chain_hits(self, trial: Trial) -> None:
        first = trial.run(CHAIN)
        second = again(trial, CHAIN, {"EXECUTION_S3_PREFIX": "s3://bucket/elsewhere"})

        assert first.prefix != second.prefix
        assert trial.asked() == []
        uri = step(second).properties["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
        assert uri == f"{first.prefix}/a"

    def test_a_hit_leads_to_the_execution_that_ran_the_job_and_not_to_another_hit(self, trial: Trial) -> None:
        first = trial.run(CHAIN)
        again(trial, CHAIN)
        third = again(trial, CHAIN)

        assert step(third).reuse == Reuse(ReuseKind.CACHE, first.arn)

    def test_of_two_executions_the_newest_counts(self, trial: Trial) -> None:
        trial.run(CHAIN)
        trial.step_cache = False
        second = again(trial, CHAIN)
        assert trial.asked() == ["A", "B"]
        trial.step_cache = True

        assert step(again(trial, CHAIN)).reuse == Reuse(ReuseKind.CACHE, second.arn)

    def test_a_step_of_a_failed_execution_counts_as_well(self, trial: Trial) -> None:
        trial.engine.answers["B"] = failed
        first = trial.run(CHAIN)
        del trial.engine.answers["B"]

        second = again(trial, CHAIN)

        assert trial.asked() == ["B"]
        assert step(second).reuse == Reuse(ReuseKind.CACHE, first.arn)


class TestMiss:
    def test_when_nothing_has_run_yet(self, trial: Trial) -> None:
        assert reason(trial.run(CHAIN)) == "no earlier execution of this pipeline has finished this step"

    def test_when_an_argument_differs_says_which(self, trial: Trial) -> None:
        first = trial.run(CHAIN)

        second = again(trial, CHAIN, {"Rows": "20"})

        assert trial.asked() == ["A", "B"]
        assert reason(second) == (
            'AppSpecification.ContainerArguments[0] is "20", and was "10" in execution ' + first.execution_id
        )

    def test_downstream_of_a_step_that_ran_anew_under_another_prefix_tells_of_the_prefix(
        self, trial: Trial
    ) -> None:
        trial.run(CHAIN)

        second = again(trial, CHAIN, {"Rows": "20"})

        said = reason(second, "B")
        assert said.startswith('InputDataConfig[0].DataSource.S3DataSource.S3Uri is "s3://seatrial/Churn/')
        assert said.endswith("; it holds this execution's prefix (the same --prefix gives the same)")

    def test_downstream_of_a_step_that_ran_anew_under_the_same_prefix_hits(self, trial: Trial) -> None:
        prefix = {"EXECUTION_S3_PREFIX": "s3://bucket/fixed"}
        trial.run(CHAIN, prefix)

        again(trial, CHAIN, {"Rows": "20", **prefix})

        assert trial.asked() == ["A"]  # as on the service: it is the location that is compared

    def test_when_the_latest_is_too_old(self, trial: Trial) -> None:
        first = trial.run(CHAIN)
        trial.clock.sleep(timedelta(days=1, hours=2).total_seconds())

        said = reason(again(trial, CHAIN))

        assert said.startswith(
            f"execution {first.execution_id}, the latest with the same arguments, finished"
        )
        assert "1 day, 2:00:00 ago; ExpireAfter is P1D" in said

    def test_when_an_output_has_left_the_store(self, trial: Trial) -> None:
        first = trial.run(CHAIN)
        del trial.objects[f"{first.prefix}/a/part"]

        assert reason(again(trial, CHAIN)).endswith(
            f"but {first.prefix}/a/part of its output 'out' is no longer in the store"
        )

    def test_when_an_output_was_overwritten(self, trial: Trial) -> None:
        prefix = {"EXECUTION_S3_PREFIX": "s3://bucket/fixed"}
        trial.run(CHAIN, prefix)
        trial.objects["s3://bucket/fixed/a/part"] = b"somebody else's"

        assert reason(again(trial, CHAIN, prefix)).endswith("of its output 'out' is overwritten since")

    def test_where_the_newest_lost_its_outputs_an_older_one_will_do(self, trial: Trial) -> None:
        first = trial.run(CHAIN)
        trial.step_cache = False
        second = again(trial, CHAIN)
        trial.step_cache = True
        del trial.objects[f"{second.prefix}/a/part"]

        assert step(again(trial, CHAIN)).reuse == Reuse(ReuseKind.CACHE, first.arn)

    def test_in_another_pipeline(self, trial: Trial) -> None:
        trial.run(CHAIN, name="Other")

        assert reason(again(trial, CHAIN)) == "no earlier execution of this pipeline has finished this step"

    def test_where_nobody_can_look_into_the_outputs(
        self, trial: Trial, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        trial.run(CHAIN)

        def refuse(*_: object) -> None:
            raise StorageError("AccessDenied", slug="store-access-denied")

        monkeypatch.setattr("seatrial.execution.caching.StepCache._lost", refuse)
        assert "cannot be looked into: AccessDenied" in reason(again(trial, CHAIN))

    def test_where_the_step_failed_then(self, trial: Trial) -> None:
        trial.engine.answers["A"] = failed
        trial.run(CHAIN)
        trial.engine.answers["A"] = lambda request: writing(trial, request)

        assert reason(again(trial, CHAIN)) == "no earlier execution of this pipeline has finished this step"


@pytest.mark.parametrize(
    "document",
    [
        pipeline(cached(processing("A"), enabled=False)),
        pipeline(processing("A")),
    ],
    ids=["disabled", "no CacheConfig"],
)
def test_a_step_that_asks_for_no_cache_always_runs(trial: Trial, document: str) -> None:
    trial.run(document)

    second = again(trial, document)

    assert trial.asked() == ["A"]
    assert step(second).cache is None


def test_without_an_expiry_nothing_expires(trial: Trial) -> None:
    document = pipeline(cached(processing("A"), None))
    trial.run(document)
    trial.clock.sleep(timedelta(days=5000).total_seconds())

    again(trial, document)

    assert trial.asked() == []
    assert trial.clock.now() - START > timedelta(days=5000)


def test_a_failed_step_looks_again_when_it_is_resumed(trial: Trial) -> None:
    trial.engine.answers["A"] = failed
    first = trial.run(CHAIN)
    trial.engine.answers["A"] = lambda request: writing(trial, request)
    second = again(trial, CHAIN)
    trial.engine = MemoryEngine()

    resumed = trial.resume(first.execution_id)

    assert trial.asked() == []
    assert step(resumed).reuse == Reuse(ReuseKind.CACHE, second.arn)
    assert [attempt.number for attempt in step(resumed).earlier] == [1]
