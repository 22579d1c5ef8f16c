"""What is written comes back equal, as of now, and as a history."""

from __future__ import annotations

import itertools
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.errors import RecordError
from seatrial.ports.executions import AttemptRecord, Event, EventKind, ExecutionStatus, StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.records import Records
from seatrial.records.database import Database
from seatrial.records.projections import PROJECTIONS
from tests.adapters.clock import START, StillClock
from tests.unit.records.values import a_request, an_execution, executing, starting, succeeded


def test_an_execution_comes_back_equal(records: Records) -> None:
    records.create(an_execution())

    assert records.execution("abcdefghijkl") == an_execution()
    assert [type(value) for value in records.latest().parameters.values()] == [str, int, float, bool]


def test_a_finished_step_comes_back_equal_with_its_receipts(records: Records) -> None:
    request = a_request()
    records.create(an_execution())
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(request), job=request)
        journal.step_changed(executing(request), succeeded(request))

    assert records.latest().steps == (succeeded(request),)
    assert records.job(request.arn).result == succeeded(request).result
    assert records.job(request.name).parameters == request.parameters


def test_a_step_that_waits_comes_back_with_its_attempts(records: Records) -> None:
    request = a_request()
    first = AttemptRecord(1, "job-1", START, START, "gone", "Step.SERVICE_FAULT", retried=True)
    waiting = replace(
        executing(request),
        status=StepStatus.STARTING,
        attempts=2,
        fault="SageMaker.JOB_INTERNAL_ERROR",
        retry_at=START,
        earlier=(first,),
    )
    records.create(an_execution())
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(request), job=request)
        journal.step_changed(executing(request), waiting)

    assert records.latest().steps == (waiting,)
    records.rebuild()
    assert records.latest().steps == (waiting,)


def test_one_step_is_read_by_itself(records: Records) -> None:
    request = a_request()
    records.create(an_execution())
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(request), job=request)
        journal.step_changed(executing(request), succeeded(request))

    assert records.step("abcdefghijkl", "Train") == succeeded(request)
    assert records.step("abcdefghijkl", "Other") is None
    assert records.step("nowhere", "Train") is None


def test_only_jobs_of_the_same_step_of_the_same_pipeline_that_succeeded_are_successes(
    records: Records,
) -> None:
    for number, (pipeline, status) in enumerate(
        [("Churn", StepStatus.SUCCEEDED), ("Churn", StepStatus.FAILED), ("Fraud", StepStatus.SUCCEEDED)]
    ):
        execution = an_execution(f"execution{number:03}", pipeline)
        request = replace(a_request(attempt=number), execution_id=execution.execution_id)
        records.create(execution)
        with records.drive(execution.execution_id) as journal:
            journal.step_changed(None, starting())
            journal.step_changed(starting(), executing(request), job=request)
            journal.step_changed(executing(request), replace(succeeded(request), status=status))

    (found,) = records.successes("Churn", "Train", "Training", "native")

    assert (found.execution_id, found.ended_at) == ("execution000", START)
    assert found.parameters["HyperParameters"] == {"depth": "5"}
    assert records.successes("Churn", "Train", "Processing", "native") == ()
    assert records.successes("Churn", "Other", "Training", "native") == ()
    assert records.successes("Churn", "Train", "Training", "local-mode") == ()


def test_a_stop_that_was_asked_for_is_heard_once_it_is_new(records: Records) -> None:
    records.create(an_execution())
    assert records.stops_requested("abcdefghijkl") == 0

    asked = records.request_stop("latest")

    assert records.stops_requested("abcdefghijkl") == 1
    assert records.last_sequence("abcdefghijkl") == asked.sequence
    assert records.stops_requested("abcdefghijkl", asked.sequence) == 0


def test_names_and_messages_of_any_bytes_are_kept(records: Records) -> None:
    request = a_request()
    odd = "caf\udce9.csv"
    ended = succeeded(request)
    result = replace(ended.result, log_tail=(odd, "\x00", "日本"))
    records.create(an_execution())
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(request), job=request)
        journal.step_changed(
            executing(request), replace(ended, result=result, failure_reason=odd, properties={odd: odd})
        )

    step = records.latest().steps[0]

    assert step.result == result
    assert step.properties == {odd: odd}
    assert step.failure_reason == "caf\\udce9.csv"


def test_history_holds_every_change_in_order_with_its_time(records: Records) -> None:
    request = a_request()
    records.create(an_execution())
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(request), job=request)
        journal.step_changed(executing(request), succeeded(request))
        journal.execution_changed(
            an_execution(), replace(an_execution(), status=ExecutionStatus.SUCCEEDED, ended_at=START)
        )

    history = records.events("abcdefghijkl")

    assert [(event.sequence, event.kind, event.step, event.detail.get("status")) for event in history] == [
        (1, EventKind.EXECUTION_CREATED, None, "Executing"),
        (2, EventKind.STEP_CHANGED, "Train", "Starting"),
        (3, EventKind.STEP_CHANGED, "Train", "Executing"),
        (4, EventKind.STEP_CHANGED, "Train", "Succeeded"),
        (5, EventKind.EXECUTION_CHANGED, None, "Succeeded"),
    ]
    assert all(one.time < other.time for one, other in itertools.pairwise(history))
    assert records.events("abcdefghijkl", after=3) == history[3:]


def test_the_event_given_to_the_writer_is_the_one_that_readers_get(records: Records) -> None:
    request = a_request()
    records.create(an_execution())
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(request), job=request)
        given = journal.step_changed(executing(request), succeeded(request))

    assert given == records.events("abcdefghijkl")[-1]


def test_a_result_stays_with_the_attempt_that_it_came_from(records: Records) -> None:
    first, second = a_request(attempt=1), a_request(attempt=2)
    records.create(an_execution())
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(first), job=first)
        journal.step_changed(executing(first), succeeded(first))
        again = replace(starting(), attempts=2)
        journal.step_changed(succeeded(first), again)
        assert records.latest().steps == (again,)
        journal.step_changed(again, replace(executing(second), attempts=2), job=second)

    assert records.latest().steps[0].result is None
    assert [(job.attempt, job.result is None) for job in records.jobs("abcdefghijkl")] == [
        (1, False),
        (2, True),
    ]


def test_projections_can_be_derived_from_the_events_again(records: Records) -> None:
    request = a_request()
    records.create(an_execution())
    records.create(an_execution("bbbbbbbbbbbb", "Other"))
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(request), job=request)
        journal.step_changed(executing(request), succeeded(request))
        journal.findings_added([Finding("ST301", Severity.ERROR, "gone")])
    records.model_registry.create_package({"ModelPackageGroupName": "G"}, arn_root="arn:aws:sagemaker:r:1")
    before = records.list(), records.jobs("abcdefghijkl"), records.model_registry.packages()

    records.rebuild()

    assert (records.list(), records.jobs("abcdefghijkl"), records.model_registry.packages()) == before


def test_findings_are_added_once(records: Records) -> None:
    finding = Finding("ST101", Severity.WARNING, "empty output", where="/Steps/0", step="Train")
    records.create(an_execution())

    records.add_findings("abcdefghijkl", [finding])
    records.add_findings("abcdefghijkl", [finding, replace(finding, step="Other")])

    assert records.latest().findings == (finding, replace(finding, step="Other"))


def test_the_newest_judgement_takes_the_place_of_the_one_before(records: Records) -> None:
    lost, other = (Finding(code, Severity.WARNING, code) for code in ("ST112", "ST101"))
    elsewhere = Finding("ST301", Severity.ERROR, "no disk")
    records.create(an_execution())
    records.add_findings("abcdefghijkl", [lost, elsewhere])

    records.judge_findings("abcdefghijkl", [other], {"ST101", "ST112"})

    assert records.latest().findings == (elsewhere, other)
    records.rebuild()
    assert records.latest().findings == (elsewhere, other)
    assert [event.kind for event in records.events("abcdefghijkl")][1:] == ["FindingsAdded", "FindingsJudged"]


def test_a_free_line_of_history_changes_nothing_else(records: Records) -> None:
    records.create(an_execution())

    event = records.append("abcdefghijkl", "OutputsWritten", "Train", {"objects": 3})

    assert records.events("abcdefghijkl")[-1] == event
    assert records.latest() == an_execution()
    with pytest.raises(RecordError, match="method of its own"):
        records.append("abcdefghijkl", EventKind.STEP_CHANGED, "Train", {"status": "Succeeded"})


def test_an_interrupt_in_the_middle_of_a_change_leaves_no_trace(
    records: Records, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(database: Database, event: Event) -> None:
        raise KeyboardInterrupt

    monkeypatch.setitem(PROJECTIONS, EventKind.EXECUTION_CREATED.value, interrupted)
    with pytest.raises(KeyboardInterrupt):
        records.create(an_execution())
    monkeypatch.undo()

    assert records.list() == []
    records.create(an_execution())
    assert records.latest() == an_execution()


def test_an_execution_is_created_once(records: Records) -> None:
    records.create(an_execution())

    with pytest.raises(RecordError):
        records.create(an_execution())

    assert len(records.events("abcdefghijkl")) == 1


class TestLookup:
    @pytest.fixture(autouse=True)
    def _three_executions(self, records: Records) -> None:
        records.create(an_execution("aaaa11111111"))
        records.create(an_execution("aaaa22222222", "Other"))
        records.create(an_execution("bbbb11111111"))

    @pytest.mark.parametrize(
        ("wanted", "found"),
        [
            ("aaaa11111111", "aaaa11111111"),
            ("bb", "bbbb11111111"),
            ("AAAA2", "aaaa22222222"),
            ("latest", "bbbb11111111"),
            (
                "ARN:aws:sagemaker:us-east-1:123456789012:pipeline/other/execution/aaaa22222222",
                "aaaa22222222",
            ),
        ],
        ids=["id", "prefix", "prefix in capitals", "latest", "ARN in another case"],
    )
    def test_finds_by(self, records: Records, wanted: str, found: str) -> None:
        assert records.execution(wanted).execution_id == found

    @pytest.mark.parametrize("wanted", ["zzz", "", "%", "aaaa111111111"])
    def test_an_unknown_one_is_an_error_that_lists_what_there_is(self, records: Records, wanted: str) -> None:
        with pytest.raises(RecordError, match="there is no execution") as caught:
            records.execution(wanted)

        assert caught.value.slug == "unknown-execution"
        assert "bbbb11111111 (Churn, Executing, 2026-01-02T03:04)" in str(caught.value.hint)

    def test_an_ambiguous_beginning_is_an_error_that_lists_what_it_could_be(self, records: Records) -> None:
        with pytest.raises(RecordError, match="beginning of several") as caught:
            records.execution("aaaa")

        assert "aaaa11111111" in str(caught.value.hint)
        assert "bbbb" not in str(caught.value.hint)

    def test_lists_newest_first(self, records: Records) -> None:
        assert [record.execution_id[:5] for record in records.list()] == ["bbbb1", "aaaa2", "aaaa1"]
        assert [record.execution_id[:5] for record in records.list("Churn", limit=1)] == ["bbbb1"]


def test_with_nothing_run_yet_says_how_to_begin(records: Records) -> None:
    with pytest.raises(RecordError) as caught:
        records.latest()

    assert "seatrial run" in str(caught.value.hint)


def test_records_are_there_when_opened_again(path: Path) -> None:
    with Records(path, StillClock()) as records:
        records.create(an_execution())

    with Records(path, StillClock()) as records:
        assert records.latest() == an_execution()


def test_records_of_a_newer_seatrial_are_left_alone(path: Path) -> None:
    Records(path, StillClock()).close()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()

    with pytest.raises(RecordError, match="newer seatrial") as caught:
        Records(path, StillClock())

    assert caught.value.slug == "records-newer"
    assert "state_dir" in str(caught.value.hint)


def test_a_file_that_is_no_database_is_an_error_with_its_name(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("this is not a database, however long it may be" * 100)

    with pytest.raises(RecordError, match="not a database") as caught:
        Records(path, StillClock())

    assert caught.value.where == str(path)


def test_a_change_that_fails_half_way_leaves_no_trace(records: Records) -> None:
    request = a_request()
    records.create(an_execution())
    with records.drive("abcdefghijkl") as journal:
        journal.step_changed(None, starting())
        journal.step_changed(starting(), executing(request), job=request)
        before = records.latest(), records.events("abcdefghijkl")
        with pytest.raises(RecordError):  # a job of that name is already there
            journal.step_changed(
                executing(request), replace(executing(request), status=StepStatus.FAILED), job=request
            )

    assert (records.latest(), records.events("abcdefghijkl")) == before


def test_the_engine_is_kept_and_changes_when_another_takes_over(records: Records) -> None:
    begun = replace(an_execution(), engines=("local-mode",))
    records.create(begun)
    assert records.latest().engines == ("local-mode",)

    with records.drive("abcdefghijkl") as journal:
        journal.execution_changed(begun, replace(begun, engines=("local-mode", "native")))
    records.rebuild()

    assert records.latest().engines == ("local-mode", "native")
