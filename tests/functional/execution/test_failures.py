"""What fails, why it says it failed, and what still runs."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import Any

import pytest

from seatrial.errors import ContainerError, ImageError, StorageError
from seatrial.execution import attempt_folder
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepStatus
from seatrial.ports.jobs import JobRequest, JobResult, OutputReceipt
from seatrial.ports.storage import StoredObject
from tests.adapters.memory_engine import MemoryEngine, completed, failed, stopped
from tests.functional.execution.documents import (
    at_least,
    condition,
    fail,
    get,
    join,
    json_get,
    output_of,
    parameter,
    pipeline,
    processing,
    register,
    report,
    training,
)
from tests.functional.execution.trial import Trial, statuses

DIAMOND = pipeline(
    processing("A"),
    processing("B", output_of("A")),
    processing("C"),
    processing("D", output_of("C")),
)


def reason(record: ExecutionRecord, name: str) -> str | None:
    step = record.step(name)
    assert step is not None
    assert step.status is StepStatus.FAILED
    return step.failure_reason


def test_a_failed_jobs_reason_is_the_steps_and_its_message_stands_beside(trial: Trial) -> None:
    trial.engine.answers["A"] = lambda request: failed(
        request, "AlgorithmError: no rows, exit code: 3", ExitMessage="read 0 rows"
    )

    record = trial.run(pipeline(processing("A")))

    assert record.status is ExecutionStatus.FAILED
    assert record.failure_reason == "Step failure: One or multiple steps failed."
    assert reason(record, "A") == "ClientError: AlgorithmError: no rows, exit code: 3"
    step = record.step("A")
    assert step is not None
    assert step.exit_message == "read 0 rows"
    assert trial.history("A") == ["Starting", "Executing", "Failed"]
    assert trial.history() == ["Executing", "Failed"]


def test_a_long_reason_is_cut(trial: Trial) -> None:
    trial.engine.answers["A"] = lambda request: failed(request, "x" * 3000)

    assert len(reason(trial.run(pipeline(processing("A"))), "A") or "") == 1024


def test_dependents_of_a_failed_step_do_not_start_and_independent_steps_do(trial: Trial) -> None:
    trial.jobs = 1
    trial.engine.answers["A"] = failed

    record = trial.run(DIAMOND)

    assert statuses(record) == {"A": "Failed", "C": "Succeeded", "D": "Succeeded"}
    assert record.status is ExecutionStatus.FAILED


def test_independent_steps_that_had_not_started_do_not_where_the_setting_says_so(trial: Trial) -> None:
    trial.jobs = 1
    trial.start_independent_steps = False
    trial.engine.answers["A"] = failed

    assert statuses(trial.run(DIAMOND)) == {"A": "Failed"}


def test_running_steps_end_by_themselves_after_a_failure(trial: Trial) -> None:
    trial.engine = MemoryEngine({"A": failed}, hold=("A", "C"))
    trial.start_independent_steps = False
    wait = trial.run_aside(DIAMOND)
    trial.engine.started["C"].wait(10)
    trial.engine.release("A")
    trial.wait_until("A", "Failed")
    trial.engine.release("C")

    assert statuses(wait()) == {"A": "Failed", "C": "Succeeded"}
    assert trial.engine.stopped == []


class TestFailStep:
    def test_lets_running_steps_finish_and_starts_no_other(self, trial: Trial) -> None:
        trial.engine = MemoryEngine(hold=("Slow",))
        document = pipeline(
            processing("Slow"),
            processing("AfterSlow", output_of("Slow")),
            processing("First"),
            condition("Choose", [at_least(1, 2)], else_steps=[fail("Bad", "no good")]),
        )
        failing = threading.Event()
        trial.engine.answers["First"] = lambda request: _wait_for(failing, request)
        wait = trial.run_aside(document)
        trial.engine.started["Slow"].wait(10)
        failing.set()
        trial.wait_until("Bad", "Failed")
        trial.engine.release("Slow")
        record = wait()

        assert statuses(record) == {
            "Slow": "Succeeded",
            "First": "Succeeded",
            "Choose": "Succeeded",
            "Bad": "Failed",
        }

    def test_without_a_message_gives_no_reason(self, trial: Trial) -> None:
        record = trial.run(pipeline(fail("Bad")))

        step = record.step("Bad")
        assert step is not None
        assert step.failure_reason is None
        assert step.metadata == {"Fail": {"ErrorMessage": ""}}
        assert record.status is ExecutionStatus.FAILED

    def test_writes_numbers_and_booleans_as_the_service_does(self, trial: Trial) -> None:
        message = join(3, True, get("Parameters.Flag"), on=" ")
        record = trial.run(pipeline(fail("Bad", message), parameters=[parameter("Flag", False, "Boolean")]))

        assert reason(record, "Bad") == "3 true false"


def _wait_for(event: threading.Event, request: JobRequest) -> JobResult:
    event.wait(10)
    return completed(request)


class TestCreateCall:
    def test_what_the_service_would_refuse_fails_the_step_before_any_job(self, trial: Trial) -> None:
        record = trial.run(
            pipeline(
                processing("A", arguments=[get("Parameters.Text")]),
                parameters=[parameter("Text", "x")],
            ),
            {"Text": "y" * 300},
        )

        said = reason(record, "A") or ""
        assert said.startswith("ClientError: Failed to invoke sagemaker:CreateProcessingJob. Error Details: ")
        assert "ContainerArguments" in said
        assert trial.asked() == []
        assert trial.history("A") == ["Starting", "Failed"]

    def test_that_the_engine_refuses_is_said_like_one(self, trial: Trial) -> None:
        refusal = "ValidationException: No S3 objects found"
        trial.engine.answers["A"] = lambda request: replace(failed(request, refusal), refusal=refusal)

        assert reason(trial.run(pipeline(processing("A"))), "A") == (
            f"ClientError: Failed to invoke sagemaker:CreateProcessingJob. Error Details: {refusal}"
        )

    def test_a_number_is_no_text(self, trial: Trial) -> None:
        trial.objects["s3://bucket/A/out/evaluation.json"] = b'{"depth": 3}'
        depth = {"depth": json_get("A", "depth")}

        record = trial.run(
            pipeline(
                processing("A", files=[report()]),
                training("B", "s3://bucket/raw", hyperparameters=depth),
            )
        )

        assert (reason(record, "B") or "").startswith(
            "ClientError: Failed to invoke sagemaker:CreateTrainingJob. Error Details: "
        )

    def test_registering_under_a_name_of_its_own_fails(self, trial: Trial) -> None:
        trial.checked = False

        record = trial.run(pipeline(register("Register", "s3://bucket/m.tar.gz", ModelPackageName="Mine")))

        assert reason(record, "Register") == (
            "ClientError: Failed to invoke sagemaker:CreateModelPackage. "
            "Error Details: Unknown Argument member 'ModelPackageName'."
        )
        with trial.records as records:
            assert records.model_registry.packages() == ()

    def test_registering_without_a_group_fails(self, trial: Trial) -> None:
        trial.checked = False
        step = register("Register", "s3://bucket/model.tar.gz")
        del step["Arguments"]["ModelPackageGroupName"]

        assert reason(trial.run(pipeline(step)), "Register") == (
            "ClientError: Failed to invoke sagemaker:CreateModelPackage. "
            "Error Details: ModelPackageGroupName is required."
        )


class TestPropertyFile:
    READING = pipeline(
        processing("Evaluate", files=[report()]),
        condition("Choose", [at_least(json_get("Evaluate", "metrics.auc"), 0.5)], [processing("Then")]),
    )
    FILE = "s3://bucket/Evaluate/out/evaluation.json"

    def test_missing_fails_the_step_that_reads_it_and_says_what_was_written(self, trial: Trial) -> None:
        trial.engine.answers["Evaluate"] = lambda request: completed(request, _receipt("out", "eval.json"))

        record = trial.run(self.READING)

        assert statuses(record) == {"Evaluate": "Succeeded", "Choose": "Failed"}
        assert reason(record, "Choose") == (
            f"ClientError: property file 'Report' of step 'Evaluate' ({self.FILE}) is not there; "
            "the step wrote: eval.json"
        )

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            (b"auc=0.9", "is not JSON: Expecting value"),
            (b"\xff\xfe{", "is not JSON:"),
            (
                b'{"metrics": {"f1": 1}}',
                "has no value for the path: metrics.auc is undefined; there is: f1",
            ),
            (b'{"metrics": {"auc": "high"}}', "a string"),
        ],
        ids=["not JSON", "not text", "no such path", "not a number"],
    )
    def test_of_no_use_fails_the_step_that_reads_it(self, trial: Trial, content: bytes, said: str) -> None:
        trial.objects[self.FILE] = content

        record = trial.run(self.READING)

        failure = reason(record, "Choose") or ""
        assert said in failure
        assert record.step("Then") is None
        if said != "a string":
            assert f"property file 'Report' of step 'Evaluate' ({self.FILE})" in failure

    def test_is_read_when_it_is_used(self, trial: Trial) -> None:
        trial.engine.answers["Later"] = lambda request: _write(trial, self.FILE, request)
        document = pipeline(
            processing("Evaluate", files=[report()]),
            processing("Later", output_of("Evaluate")),
            processing(
                "Reader",
                output_of("Later"),
                arguments=[join(json_get("Evaluate", "metrics.auc"))],
            ),
        )

        assert trial.run(document).status is ExecutionStatus.SUCCEEDED
        specification = trial.request("Reader").parameters["AppSpecification"]
        assert specification["ContainerArguments"] == ["0.75"]

    def test_of_an_s3_uri_is_read_from_there(self, trial: Trial) -> None:
        trial.objects["s3://bucket/exec00000001/x.json"] = b'{"a": [1, {"b": 7}]}'
        uri = join("s3://bucket", get("Execution.PipelineExecutionId"), "x.json", on="/")
        value = {"Std:JsonGet": {"S3Uri": uri, "Path": "a[1].b"}}

        record = trial.run(pipeline(condition("Choose", [at_least(value, 7)], [processing("Then")])))

        assert statuses(record) == {"Choose": "Succeeded", "Then": "Succeeded"}

    def test_of_an_s3_uri_that_is_not_there_is_said_with_its_address(self, trial: Trial) -> None:
        value = {"Std:JsonGet": {"S3Uri": join("s3://bucket/", "x.json"), "Path": "a"}}

        record = trial.run(pipeline(condition("Choose", [at_least(value, 7)])))

        assert reason(record, "Choose") == "ClientError: the JSON object s3://bucket/x.json is not there"


def _receipt(output: str, *names: str) -> OutputReceipt:
    written = tuple(StoredObject("bucket", f"Evaluate/{output}/{name}", 1, "e") for name in names)
    return OutputReceipt(output, f"s3://bucket/Evaluate/{output}", "/opt/ml/processing/out", "", "", written)


def _write(trial: Trial, uri: str, request: JobRequest) -> JobResult:
    trial.objects[uri] = b'{"metrics": {"auc": 0.75}}'
    return completed(request)


def test_a_property_that_the_job_did_not_leave_fails_the_step_that_reads_it(trial: Trial) -> None:
    record = trial.run(pipeline(processing("A"), processing("B", arguments=[get("Steps.A.ExitMessage")])))

    failure = reason(record, "B") or ""
    assert failure.startswith("ClientError: Steps.A.ExitMessage is undefined; ")
    assert statuses(record) == {"A": "Succeeded", "B": "Failed"}


@pytest.mark.parametrize(
    ("describe", "said"),
    [
        (
            {"TrainingJobStatus": "Stopped", "SecondaryStatus": "MaxRuntimeExceeded"},
            "ClientError: the training job ended Stopped (MaxRuntimeExceeded) without a reason",
        ),
        ({}, "ClientError: the training job ended without a status without a reason"),
        (
            {"TrainingJobStatus": "InProgress"},
            "ClientError: the training job ended InProgress without a reason",
        ),
    ],
    ids=["time limit", "no status", "not ended"],
)
def test_only_a_job_that_says_it_completed_has_succeeded(
    trial: Trial, describe: dict[str, Any], said: str
) -> None:
    trial.run_job = lambda request: JobResult(describe=describe)

    assert reason(trial.run(pipeline(training("A", "s3://bucket/raw"))), "A") == said


def test_a_job_that_somebody_else_stopped_has_failed(trial: Trial) -> None:
    trial.engine.answers["A"] = stopped

    assert reason(trial.run(pipeline(processing("A"))), "A") == (
        "ClientError: the processing job ended Stopped without a reason"
    )


class TestTrouble:
    def test_of_the_machine_is_kept_for_the_exit_code(self, trial: Trial) -> None:
        trial.engine.answers["A"] = _raise(
            ContainerError(
                "Docker Engine went away", slug="docker-gone", hint="start it: systemctl start docker"
            )
        )

        record = trial.run(DIAMOND)

        assert statuses(record) == {"A": "Failed", "C": "Succeeded", "D": "Succeeded"}
        assert reason(record, "A") == "Docker Engine went away (start it: systemctl start docker)"
        (finding,) = record.findings
        assert (finding.code, finding.step) == ("ST301", "A")
        assert finding.hint == "start it: systemctl start docker"

    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (ImageError("no image", slug="x"), "ST302"),
            (StorageError("no store", slug="x"), "ST303"),
        ],
        ids=["image", "store"],
    )
    def test_has_a_code_for_each_kind(self, trial: Trial, error: Exception, code: str) -> None:
        trial.engine.answers["A"] = _raise(error)

        assert [finding.code for finding in trial.run(DIAMOND).findings] == [code]

    def test_of_ours_fails_the_step_and_keeps_the_traceback(
        self, trial: Trial, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.ERROR)
        trial.engine.answers["A"] = _raise(ZeroDivisionError("our own mistake"))

        record = trial.run(DIAMOND)

        assert statuses(record) == {"A": "Failed", "C": "Succeeded", "D": "Succeeded"}
        assert reason(record, "A") == "InternalError: ZeroDivisionError: our own mistake"
        folder = attempt_folder(trial.settings, record.execution_id, "A", 1)
        assert "in raising" in (folder / "traceback.txt").read_text()
        assert "our own mistake" in caplog.text

    def test_with_an_answer_that_makes_no_sense_fails_the_step(self, trial: Trial) -> None:
        trial.run_job = lambda request: None  # type: ignore[assignment,return-value]  # what a broken engine does

        record = trial.run(pipeline(processing("A")))

        assert (reason(record, "A") or "").startswith("InternalError: AttributeError")

    def test_with_the_store_while_reading_a_property_file_is_the_machines(self, trial: Trial) -> None:
        trial.objects = _Gone()

        record = trial.run(TestPropertyFile.READING)

        assert reason(record, "Choose") == "the store went away"
        assert [finding.code for finding in record.findings] == ["ST303"]


class _Gone(dict[str, bytes]):
    def __contains__(self, key: object) -> bool:
        raise StorageError("the store went away", slug="store-gone")


def _raise(error: Exception) -> Any:
    def raising(request: JobRequest) -> JobResult:
        raise error

    return raising
