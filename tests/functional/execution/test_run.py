"""An execution from its start to its end, over a job engine that runs nothing."""

from __future__ import annotations

import json
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from multiprocessing import get_context
from typing import Any

import pytest

from seatrial.errors import DefinitionError, RefusedError
from seatrial.execution import Control, execution_folder, run_execution
from seatrial.ports.executions import Event, ExecutionStatus
from seatrial.ports.jobs import JobRequest, JobResult
from tests.adapters.memory_engine import MemoryEngine, completed, failed
from tests.functional.execution.documents import (
    at_least,
    condition,
    fail,
    get,
    join,
    json_get,
    model,
    model_of,
    output_of,
    parameter,
    pipeline,
    processing,
    register,
    report,
    training,
)
from tests.functional.execution.trial import Trial, statuses

WHOLE = pipeline(
    processing("Preprocess", "s3://bucket/raw"),
    training("Train", output_of("Preprocess")),
    processing("Evaluate", model_of("Train"), files=[report()]),
    condition(
        "Good",
        [at_least(json_get("Evaluate", "metrics.auc"), get("Parameters.Threshold"))],
        [register("Register", model_of("Train")), model("Create", model_of("Train"))],
        [fail("Bad", join("auc below ", get("Parameters.Threshold")))],
    ),
    parameters=[parameter("Threshold", 0.8, "Float")],
)
REPORT = "s3://bucket/Evaluate/out/evaluation.json"


class SameThread(Executor):
    """Runs the job at once, in the thread that hands it over."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001  # an executor keeps it for whoever asks
            future.set_exception(error)
        return future


def run_anywhere(request: JobRequest) -> JobResult:
    """Found by name in another process."""
    return completed(request)


@pytest.fixture
def good(trial: Trial) -> Trial:
    trial.objects[REPORT] = b'{"metrics": {"auc": 0.9}}'
    return trial


def test_a_whole_pipeline_runs_to_a_registered_model(good: Trial) -> None:
    record = good.run(WHOLE)

    assert record.status is ExecutionStatus.SUCCEEDED
    assert record.failure_reason is None
    assert statuses(record) == dict.fromkeys(
        ["Preprocess", "Train", "Evaluate", "Good", "Register", "Create"], "Succeeded"
    )
    assert good.history() == ["Executing", "Succeeded"]
    assert good.history("Train") == ["Starting", "Executing", "Succeeded"]
    assert good.history("Good") == ["Starting", "Succeeded"]
    assert good.history("Bad") == []
    with good.records as records:
        assert [p["ModelPackageArn"] for p in records.model_registry.packages()] == [
            "arn:aws:sagemaker:us-east-1:123456789012:model-package/ChurnModels/1"
        ]


def test_the_branch_not_taken_never_appears(trial: Trial) -> None:
    trial.objects[REPORT] = b'{"metrics": {"auc": 0.7}}'

    record = trial.run(WHOLE)

    assert record.status is ExecutionStatus.FAILED
    assert record.failure_reason == "Step failure: One or multiple steps failed."
    bad = record.step("Bad")
    assert bad is not None
    assert bad.failure_reason == "auc below 0.8"
    assert dict(bad.metadata) == {"Fail": {"ErrorMessage": "auc below 0.8"}}
    assert record.step("Register") is None
    assert record.step("Create") is None
    assert trial.history("Bad") == ["Starting", "Failed"]


def test_a_condition_says_its_outcome_in_two_ways(good: Trial) -> None:
    document = pipeline(
        condition("Choose", [at_least(2, 1)]),
        processing("After", arguments=[join("went ", get("Steps.Choose.Outcome"))]),
    )

    record = good.run(document)

    choose = record.step("Choose")
    assert choose is not None
    assert choose.metadata == {"Condition": {"Outcome": "True"}}
    assert choose.properties == {"Outcome": True}
    assert good.request("After").parameters["AppSpecification"]["ContainerArguments"] == ["went true"]


def test_what_waits_for_a_branch_not_taken_does_not_appear_either(trial: Trial) -> None:
    record = trial.run(
        pipeline(
            condition("Choose", [at_least(1, 2)], [processing("If")], [processing("Else")]),
            processing("AfterIf", output_of("If")),
            processing("AfterElse", output_of("Else")),
        )
    )

    assert record.status is ExecutionStatus.SUCCEEDED
    assert statuses(record) == dict.fromkeys(["Choose", "Else", "AfterElse"], "Succeeded")


def test_a_request_is_resolved_named_and_given_a_folder(trial: Trial) -> None:
    record = trial.run(
        pipeline(
            processing("First_step_with_a_long_name", "s3://bucket/raw"),
            processing("Second", output_of("First_step_with_a_long_name")),
        )
    )

    first, second = trial.engine.requests
    assert first.name == "pipelines-exec00000001-First-step-with-a-lo-0000000001"
    assert first.arn == f"arn:aws:sagemaker:us-east-1:123456789012:processing-job/{first.name}"
    assert first.parameters["ProcessingJobName"] == first.name
    assert second.parameters["ProcessingInputs"][0]["S3Input"]["S3Uri"] == (
        "s3://bucket/First_step_with_a_long_name/out"
    )
    folder = execution_folder(trial.settings, record.execution_id)
    assert second.folder == folder / "steps" / "Second" / "attempt-1"
    assert (second.folder / "log.txt").read_text() == "Second attempt 1\n"
    step = record.step("Second")
    assert step is not None
    assert step.metadata == {"ProcessingJob": {"Arn": second.arn}}
    assert step.job_name == second.name


def test_a_step_of_its_own_job_name_prefix_keeps_it(trial: Trial) -> None:
    trial.run(
        pipeline(
            processing("A", ProcessingJobName=get("Parameters.Prefix")),
            training("B", "s3://bucket/raw", TrainingJobName="my_" + "x" * 70),
            parameters=[parameter("Prefix", "hpo-job")],
        )
    )

    assert trial.request("A").name == "hpo-job-exec00000001-0000000001"
    assert trial.request("B").name == "my-" + "x" * 36 + "-exec00000001-0000000002"
    assert len(trial.request("B").name) == 63


def test_execution_variables_are_those_of_the_execution_and_the_step(trial: Trial) -> None:
    names = ["PipelineName", "PipelineExecutionId", "PipelineArn", "PipelineExecutionArn"]
    names += ["StartDateTime", "ProcessingJobName"]
    record = trial.run(pipeline(processing("A", arguments=[get(f"Execution.{name}") for name in names])))

    request = trial.request("A")
    assert request.parameters["AppSpecification"]["ContainerArguments"] == [
        "Churn",
        record.execution_id,
        record.pipeline_arn,
        f"{record.pipeline_arn}/execution/{record.execution_id}",
        record.started_at.isoformat(),
        request.name,
    ]


@pytest.mark.parametrize("same_thread", [True, False], ids=["same thread", "processes"])
def test_any_executor_gives_the_same_execution(good: Trial, same_thread: bool) -> None:
    good.run_job = run_anywhere
    if same_thread:
        record = good.run(WHOLE, executor=SameThread())
    else:
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as processes:
            record = good.run(WHOLE, executor=processes)

    assert record.status is ExecutionStatus.SUCCEEDED
    assert list(statuses(record)) == ["Preprocess", "Train", "Evaluate", "Good", "Register", "Create"]


def test_no_more_jobs_run_at_once_than_there_are_slots(trial: Trial) -> None:
    trial.jobs = 2
    names = ["A", "B", "C"]
    trial.engine = type(trial.engine)(hold=tuple(names))

    wait = trial.run_aside(pipeline(*(processing(name) for name in names)))
    trial.engine.started["A"].wait(10)
    trial.engine.started["B"].wait(10)
    assert not trial.engine.started["C"].wait(0.2)
    for name in names:
        trial.engine.release(name)

    assert wait().status is ExecutionStatus.SUCCEEDED
    assert trial.asked()[2] == "C"


@pytest.mark.parametrize("stale", [("A", 0), ("A", 2), ("Unknown", 1)], ids=str)
def test_the_end_of_another_attempt_is_not_taken_for_this_ones(trial: Trial, stale: tuple[str, int]) -> None:
    trial.engine = MemoryEngine(hold=("A",))
    wait = trial.run_aside(pipeline(processing("A"), processing("B", output_of("A"))))
    trial.engine.started["A"].wait(10)
    older: Future[JobResult] = Future()
    older.set_result(failed(trial.request("A")))

    trial.control.ended(*stale, older)
    trial.control.ended(*stale, older)
    trial.engine.release("A")

    assert statuses(wait()) == {"A": "Succeeded", "B": "Succeeded"}
    assert trial.history("A") == ["Starting", "Executing", "Succeeded"]


def test_listeners_hear_each_event_after_it_was_committed(good: Trial) -> None:
    heard: list[Event] = []

    def listen(event: Event) -> None:
        with good.records as reader:
            assert reader.events(event.execution_id)[-1] == event
        heard.append(event)

    good.run(WHOLE, listener=listen)

    with good.records as records:
        history = records.events(records.latest().execution_id)
    # The records themselves tell of the beginning and of what the model registry took in.
    told = [event for event in history if not event.kind.startswith(("ExecutionCreated", "Model"))]
    assert heard == told


def test_a_listener_that_fails_does_not_end_the_execution(
    trial: Trial, caplog: pytest.LogCaptureFixture
) -> None:
    def listen(event: Event) -> None:
        raise ValueError("a listener's own trouble")

    record = trial.run(pipeline(processing("A")), listener=listen)

    assert record.status is ExecutionStatus.SUCCEEDED
    assert "a listener's own trouble" in caplog.text


def test_an_execution_runs_once(trial: Trial) -> None:
    record = trial.run(pipeline(processing("A")))

    with trial.records as records, pytest.raises(RefusedError, match="has been run before"):
        run_execution(record.execution_id, trial.services(records), control=Control())


class TestStart:
    PREFIXED = pipeline(
        processing("A", arguments=[get("Parameters.EXECUTION_S3_PREFIX")]),
        parameters=[parameter("EXECUTION_S3_PREFIX", "s3://prod/here")],
    )

    def test_copies_definition_and_parameters(self, trial: Trial) -> None:
        document = pipeline(processing("A"), parameters=[parameter("Count", 3, "Integer")])

        record = trial.start(document, {"Count": "5"})

        assert record.parameters == {"Count": 5}
        assert record.definition == document
        folder = execution_folder(trial.settings, record.execution_id)
        assert json.loads((folder / "definition.json").read_text()) == json.loads(document)
        with trial.records as records:
            assert records.latest() == record

    def test_writes_below_a_prefix_of_its_own_by_default(self, trial: Trial) -> None:
        record = trial.start(self.PREFIXED)

        assert record.prefix == f"s3://seatrial/Churn/{record.execution_id}"
        assert record.parameters == {"EXECUTION_S3_PREFIX": record.prefix}

    @pytest.mark.parametrize("given", ["s3://bucket/mine", "s3://bucket/mine/"])
    def test_takes_the_prefix_that_is_given(self, trial: Trial, given: str) -> None:
        assert trial.start(self.PREFIXED, prefix=given).prefix == "s3://bucket/mine"
        assert trial.start(self.PREFIXED, {"EXECUTION_S3_PREFIX": given}).prefix == "s3://bucket/mine"

    @pytest.mark.parametrize(
        ("document", "parameters", "prefix", "slug"),
        [
            (pipeline(processing("A")), {}, "s3://b/x", "prefix-without-parameter"),
            (PREFIXED, {"EXECUTION_S3_PREFIX": "s3://b/y"}, "s3://b/x", "two-prefixes"),
            (PREFIXED, {}, "/tmp/x", "invalid-prefix"),  # noqa: S108  # a mistake to be refused
        ],
        ids=["no parameter", "two", "not S3"],
    )
    def test_refuses_a_prefix_that_cannot_be(
        self, trial: Trial, document: str, parameters: dict[str, str], prefix: str, slug: str
    ) -> None:
        with pytest.raises(RefusedError) as caught:
            trial.start(document, parameters, prefix)

        assert caught.value.slug == slug
        with trial.records as records:
            assert records.list() == []

    def test_has_no_prefix_where_the_definition_has_no_such_parameter(self, trial: Trial) -> None:
        assert trial.start(pipeline(processing("A"))).prefix is None

    @pytest.mark.parametrize("name", ["", "my_pipeline", "-a", "a/b", "x" * 257])
    def test_refuses_a_name_that_no_pipeline_can_have(self, trial: Trial, name: str) -> None:
        with pytest.raises(RefusedError, match="cannot be the name of a pipeline"):
            trial.start(pipeline(processing("A")), name=name)

        assert not trial.settings.state_dir.joinpath("executions").exists()

    def test_refuses_parameters_that_do_not_fit_and_leaves_nothing(self, trial: Trial) -> None:
        with pytest.raises(DefinitionError):
            trial.start(pipeline(processing("A")), {"Unknown": "1"})

        assert not execution_folder(trial.settings, "exec00000001").exists()
