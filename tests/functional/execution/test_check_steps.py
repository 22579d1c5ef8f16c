"""Check steps: where the earlier baseline comes from, what a violation means, what others refer to."""

from __future__ import annotations

import json
from typing import Any

import pytest

from seatrial.definition import parse
from seatrial.definition.service_model import named_shape
from seatrial.ports.executions import StepRecord
from seatrial.ports.jobs import JobRequest, JobResult, OutputReceipt
from seatrial.ports.storage import StoredObject
from seatrial.reports.step_listing import listed_steps
from tests.adapters.memory_engine import completed, failed
from tests.functional.execution.documents import get, model, parameter, pipeline, register
from tests.functional.execution.trial import Trial, etag_of, statuses

IMAGE = "156813124566.dkr.ecr.us-east-1.amazonaws.com/sagemaker-model-monitor-analyzer"
OLD = {"Constraints": "s3://old/constraints.json", "Statistics": "s3://old/statistics.json"}
SUPPLIED = {f"SuppliedBaseline{name}": uri for name, uri in OLD.items()}
REPORT = "s3://bucket/out/constraint_violations.json"


def check(
    name: str = "Check", kind: str = "QualityCheck", check_type: str = "DATA_QUALITY", **keys: Any
) -> Any:
    """A check step as the SDK writes it: null where nothing was said."""
    output = {
        "LocalPath": "/opt/ml/processing/output",
        "S3UploadMode": "EndOfJob",
        "S3Uri": "s3://bucket/out",
    }
    source = {
        "S3Uri": "s3://bucket/in/",
        "LocalPath": "/opt/ml/processing/input/baseline_dataset_input",
        "S3DataType": "S3Prefix",
        "S3InputMode": "File",
    }
    cluster = {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 20}
    return {
        "Name": name,
        "Type": kind,
        "Arguments": {
            "ProcessingResources": {"ClusterConfig": cluster},
            "AppSpecification": {"ImageUri": IMAGE},
            "RoleArn": "arn:aws:iam::123456789012:role/pipeline",
            "ProcessingInputs": [{"InputName": "baseline_dataset_input", "S3Input": source}],
            "ProcessingOutputConfig": {"Outputs": [{"OutputName": "result", "S3Output": output}]},
            "Environment": {"dataset_source": "/opt/ml/processing/input/baseline_dataset_input"},
        },
        "CheckType": check_type,
        "ModelPackageGroupName": None,
        "SkipCheck": False,
        "FailOnViolation": True,
        "RegisterNewBaseline": False,
        "SuppliedBaselineConstraints": None,
        **({"SuppliedBaselineStatistics": None} if kind == "QualityCheck" else {}),
        **keys,
    }


def wrote(*names: str) -> Any:
    """A job that wrote these files to its output."""

    def answer(request: JobRequest) -> JobResult:
        objects = tuple(StoredObject("bucket", f"out/{name}", 2, etag_of(b"{}")) for name in names)
        path = "ProcessingOutputConfig.Outputs['result'].S3Output.S3Uri"
        return completed(request, OutputReceipt("result", "s3://bucket/out", "/out", path, "S3Uri", objects))

    return answer


def run(trial: Trial, step: Any, *files: str, before: tuple[Any, ...] = (), **parameters: str) -> StepRecord:
    trial.engine.answers[step["Name"]] = wrote(*(files or ("constraints.json", "statistics.json")))
    record = trial.run(pipeline(*before, step), parameters)
    found = record.step(step["Name"])
    assert found is not None
    return found


def given(trial: Trial) -> dict[str, str]:
    """The inputs of the check's job, beside its data."""
    inputs = trial.request("Check").parameters["ProcessingInputs"]
    return {item["InputName"]: item["S3Input"]["S3Uri"] for item in inputs[1:]}


def approved(baselines: Any, group: str = "churn", **keys: Any) -> Any:
    return register(
        "Approved", "s3://m", group, ModelApprovalStatus="Approved", DriftCheckBaselines=baselines, **keys
    )


def source(uri: str) -> dict[str, str]:
    return {"ContentType": "application/json", "S3Uri": uri}


def test_a_supplied_baseline_is_among_the_inputs_where_a_schedule_has_it(trial: Trial) -> None:
    step = run(trial, check(**SUPPLIED))

    assert step.status.value == "Succeeded"
    request = trial.request("Check")
    assert request.kind == "Processing"
    assert given(trial) == {
        "baseline_constraints": OLD["Constraints"],
        "baseline_statistics": OLD["Statistics"],
    }
    assert request.parameters["Environment"] == {
        "dataset_source": "/opt/ml/processing/input/baseline_dataset_input",
        "check_type": "DATA_QUALITY",
        "skip_check": "false",
        "register_new_baseline": "false",
        "baseline_constraints": "/opt/ml/processing/baseline/constraints/constraints.json",
        "baseline_statistics": "/opt/ml/processing/baseline/statistics/statistics.json",
    }


def test_its_properties_are_the_new_baseline_and_the_one_it_was_held_against(trial: Trial) -> None:
    step = run(trial, check(**SUPPLIED))

    assert step.properties == {
        "CalculatedBaselineConstraints": "s3://bucket/out/constraints.json",
        "CalculatedBaselineStatistics": "s3://bucket/out/statistics.json",
        "BaselineUsedForDriftCheckConstraints": OLD["Constraints"],
        "BaselineUsedForDriftCheckStatistics": OLD["Statistics"],
    }


def test_registering_a_new_baseline_makes_it_the_one_that_is_used(trial: Trial) -> None:
    step = run(trial, check(RegisterNewBaseline=True, **SUPPLIED))

    assert step.properties["BaselineUsedForDriftCheckConstraints"] == "s3://bucket/out/constraints.json"
    assert step.properties["BaselineUsedForDriftCheckStatistics"] == "s3://bucket/out/statistics.json"


def test_a_skipped_check_is_given_no_baseline(trial: Trial) -> None:
    step = run(trial, check(SkipCheck=True, RegisterNewBaseline=True))

    assert given(trial) == {}
    assert step.properties["BaselineUsedForDriftCheckConstraints"] == "s3://bucket/out/constraints.json"


def test_a_skipped_check_passes_the_earlier_baseline_on(trial: Trial) -> None:
    step = run(trial, check(SkipCheck=True, **SUPPLIED))

    assert given(trial) == {}
    assert step.properties["BaselineUsedForDriftCheckConstraints"] == OLD["Constraints"]


def test_without_any_baseline_the_one_used_is_undefined_and_not_empty(trial: Trial) -> None:
    step = run(trial, check(SkipCheck=True))

    assert set(step.properties) == {"CalculatedBaselineConstraints", "CalculatedBaselineStatistics"}


@pytest.mark.parametrize(
    ("check_type", "kind", "baselines", "expected"),
    [
        (
            "DATA_QUALITY",
            "QualityCheck",
            {"ModelDataQuality": {"Constraints": source("s3://a/c"), "Statistics": source("s3://a/s")}},
            {"baseline_constraints": "s3://a/c", "baseline_statistics": "s3://a/s"},
        ),
        (
            "MODEL_QUALITY",
            "QualityCheck",
            {"ModelQuality": {"Constraints": source("s3://b/c"), "Statistics": source("s3://b/s")}},
            {"baseline_constraints": "s3://b/c", "baseline_statistics": "s3://b/s"},
        ),
        (
            "DATA_BIAS",
            "ClarifyCheck",
            {
                "Bias": {
                    "PreTrainingConstraints": source("s3://c/pre"),
                    "PostTrainingConstraints": source("s3://c/no"),
                }
            },
            {"baseline_constraints": "s3://c/pre"},
        ),
        (
            "MODEL_EXPLAINABILITY",
            "ClarifyCheck",
            {"Explainability": {"Constraints": source("s3://d/c")}},
            {"baseline_constraints": "s3://d/c"},
        ),
    ],
)
def test_the_group_s_latest_approved_version_holds_the_baseline(
    trial: Trial, check_type: str, kind: str, baselines: Any, expected: dict[str, str]
) -> None:
    later = {
        **register("Later", "s3://m", "churn", DriftCheckBaselines={"ModelDataQuality": {}}),
        "DependsOn": ["Approved"],
    }
    step = check(kind=kind, check_type=check_type, ModelPackageGroupName="churn", DependsOn=["Later"])
    run(trial, step, before=(approved(baselines), later))

    assert given(trial) == expected


def test_what_is_supplied_wins_over_the_group(trial: Trial) -> None:
    registered = {"ModelDataQuality": {"Constraints": source("s3://a/c"), "Statistics": source("s3://a/s")}}
    step = check(
        ModelPackageGroupName="churn",
        SuppliedBaselineConstraints=OLD["Constraints"],
        DependsOn=["Approved"],
    )
    run(trial, step, before=(approved(registered),))

    assert given(trial) == {"baseline_constraints": OLD["Constraints"], "baseline_statistics": "s3://a/s"}


def test_without_a_baseline_to_check_against_nothing_runs(trial: Trial) -> None:
    step = run(trial, check(ModelPackageGroupName="churn"))

    assert step.status.value == "Failed"
    assert step.failure_reason == (
        "ClientError: Quality check failed. There is no baseline to check against: group churn has no "
        "approved version with a baseline of DATA_QUALITY in its DriftCheckBaselines; run once with "
        "SkipCheck and RegisterNewBaseline, and approve the version"
    )
    assert trial.asked() == []


def test_a_violation_fails_the_step(trial: Trial) -> None:
    trial.objects[REPORT] = json.dumps({"violations": [{"feature_name": "age"}]}).encode()
    step = run(trial, check(**SUPPLIED), "constraints.json", "statistics.json", "constraint_violations.json")

    assert step.status.value == "Failed"
    assert step.failure_reason == f"ClientError: Quality check failed. See violation report {REPORT}"
    assert step.metadata["QualityCheck"]["ViolationReport"] == REPORT


def test_a_violation_of_clarify_is_worded_for_it(trial: Trial) -> None:
    trial.objects[REPORT] = json.dumps({"violations": [{"facet": "age"}]}).encode()
    step = run(
        trial,
        check(
            kind="ClarifyCheck", check_type="DATA_BIAS", SuppliedBaselineConstraints="s3://old/analysis.json"
        ),
        "analysis.json",
        "constraint_violations.json",
    )

    assert step.failure_reason == f"ClientError: Clarify check failed. See violation report {REPORT}"
    assert step.properties == {
        "CalculatedBaselineConstraints": "s3://bucket/out/analysis.json",
        "BaselineUsedForDriftCheckConstraints": "s3://old/analysis.json",
    }


def test_a_violation_that_need_not_fail_is_still_told(trial: Trial) -> None:
    trial.objects[REPORT] = json.dumps({"violations": [{"feature_name": "age"}]}).encode()
    step = run(
        trial, check(FailOnViolation=False, **SUPPLIED), "constraints.json", "constraint_violations.json"
    )

    assert step.status.value == "Succeeded"
    assert step.metadata["QualityCheck"]["ViolationReport"] == REPORT
    assert step.progress == f"1 violation, see {REPORT}"


def test_a_report_without_violations_is_none(trial: Trial) -> None:
    trial.objects[REPORT] = b'{"violations": []}'
    step = run(trial, check(**SUPPLIED), "constraints.json", "constraint_violations.json")

    assert step.status.value == "Succeeded"
    assert "ViolationReport" not in step.metadata["QualityCheck"]


@pytest.mark.parametrize(
    "content", [b"nonsense", b"[]", b"{}", b'{"violations": null}', b'{"violations": 2}', b"\xff"]
)
def test_a_report_that_cannot_be_read_is_no_success(trial: Trial, content: bytes) -> None:
    trial.objects[REPORT] = content
    step = run(trial, check(**SUPPLIED), "constraint_violations.json")

    assert step.status.value == "Failed"
    assert f"the violation report {REPORT} cannot be read" in str(step.failure_reason)


def test_a_job_that_fails_is_the_step_s_failure(trial: Trial) -> None:
    trial.engine.answers["Check"] = lambda request: failed(
        request, "AlgorithmError: no columns, exit code: 1"
    )
    step = trial.run(pipeline(check(**SUPPLIED))).step("Check")

    assert step is not None
    assert step.failure_reason == "ClientError: AlgorithmError: no columns, exit code: 1"
    assert "CalculatedBaselineConstraints" not in step.properties


def test_the_step_is_listed_as_the_service_lists_it(trial: Trial) -> None:
    text = pipeline(check(ModelPackageGroupName="churn", **SUPPLIED))
    trial.engine.answers["Check"] = wrote("constraints.json", "statistics.json")
    record = trial.run(text)

    (listed,) = listed_steps(record, parse(text))
    metadata = listed["Metadata"]["QualityCheck"]
    assert metadata.keys() <= named_shape("QualityCheckStepMetadata").members.keys()
    assert metadata == {
        "CheckType": "DATA_QUALITY",
        "CalculatedBaselineConstraints": "s3://bucket/out/constraints.json",
        "CalculatedBaselineStatistics": "s3://bucket/out/statistics.json",
        "BaselineUsedForDriftCheckConstraints": OLD["Constraints"],
        "BaselineUsedForDriftCheckStatistics": OLD["Statistics"],
        "ModelPackageGroupName": "churn",
        "CheckJobArn": trial.request("Check").arn,
        "SkipCheck": False,
        "RegisterNewBaseline": False,
    }


def test_others_may_refer_to_its_baselines(trial: Trial) -> None:
    after = register("After", get("Steps.Check.CalculatedBaselineStatistics"))
    trial.engine.answers["Check"] = wrote("constraints.json", "statistics.json")
    record = trial.run(pipeline(check(**SUPPLIED), after))

    assert statuses(record) == {"Check": "Succeeded", "After": "Succeeded"}
    step = record.step("After")
    assert step is not None
    (container,) = step.properties["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"] == "s3://bucket/out/statistics.json"


@pytest.mark.parametrize(
    ("text", "asked"), [("true", {}), ("False", {"baseline_constraints": OLD["Constraints"]})]
)
def test_its_switches_may_be_parameters(trial: Trial, text: str, asked: dict[str, str]) -> None:
    step = check(SkipCheck=get("Parameters.Skip"), SuppliedBaselineConstraints=OLD["Constraints"])
    trial.engine.answers["Check"] = wrote("constraints.json")
    record = trial.run(pipeline(step, parameters=[parameter("Skip", "none")]), {"Skip": text})

    assert statuses(record) == {"Check": "Succeeded"}
    assert given(trial) == asked


@pytest.mark.parametrize("key", ["SkipCheck", "FailOnViolation", "RegisterNewBaseline"])
def test_a_switch_that_is_neither_true_nor_false_is_not_taken_for_either(trial: Trial, key: str) -> None:
    step = run(trial, check(**{key: "yes"}, **SUPPLIED))

    assert step.status.value == "Failed"
    assert step.failure_reason == f"ClientError: Quality check failed. {key} is neither true nor false: yes"
    assert trial.asked() == []


def test_a_baseline_that_lies_nowhere_fails_the_step(trial: Trial) -> None:
    step = run(trial, check(SuppliedBaselineConstraints="constraints.json"))

    assert step.status.value == "Failed"
    assert "constraints.json" in str(step.failure_reason)
    assert trial.asked() == []


def test_a_baseline_that_is_passed_on_is_that_of_the_same_question(trial: Trial) -> None:
    cached = {"CacheConfig": {"Enabled": True, "ExpireAfter": "P1D"}, "SkipCheck": True}
    trial.objects["s3://bucket/out/constraints.json"] = b"{}"

    def used(baseline: str) -> str:
        step = run(trial, check(SuppliedBaselineConstraints=baseline, **cached), "constraints.json")
        return str(step.properties["BaselineUsedForDriftCheckConstraints"])

    assert [used(f"s3://{name}/constraints.json") for name in ("a", "a", "b")] == [
        "s3://a/constraints.json",
        "s3://a/constraints.json",
        "s3://b/constraints.json",
    ]
    assert len(trial.asked()) == 2


def test_it_is_cached_only_for_the_same_question(trial: Trial) -> None:
    cached = {"CacheConfig": {"Enabled": True, "ExpireAfter": "P1D"}}

    def ask(**keys: Any) -> None:
        trial.engine.answers["Check"] = wrote("constraints.json")
        trial.objects["s3://bucket/out/constraints.json"] = b"{}"
        trial.run(pipeline(check(**SUPPLIED, **cached, **keys)))

    ask()
    ask()
    assert len(trial.asked()) == 1
    ask(RegisterNewBaseline=True)
    assert len(trial.asked()) == 2


def clarified(**keys: Any) -> Any:
    model_name = get("Steps.Create.ModelName")
    return check(kind="ClarifyCheck", check_type="MODEL_BIAS", SkipCheck=True, ModelName=model_name, **keys)


def test_a_check_of_a_model_has_it_served_on_an_instance_like_its_own(trial: Trial) -> None:
    step = run(trial, clarified(), "analysis.json", before=(model("Create", "s3://bucket/model.tar.gz"),))

    assert step.status.value == "Succeeded"
    request = trial.request("Check")
    name = "pipelines-exec00000001-Create-0000000001"
    assert request.parameters["Environment"]["model_name"] == name
    assert request.endpoint is not None
    (variant,) = request.endpoint.config["ProductionVariants"]
    assert (variant["ModelName"], variant["InstanceType"]) == (name, "ml.m5.large")
    container = request.endpoint.models[variant["VariantName"]]["PrimaryContainer"]
    assert container["ModelDataUrl"] == "s3://bucket/model.tar.gz"


def test_a_model_that_nobody_made_fails_the_check(trial: Trial) -> None:
    step = run(trial, {**clarified(), "ModelName": "churn"})

    assert step.failure_reason == 'ClientError: Clarify check failed. Could not find model "churn".'
    assert trial.asked() == []
