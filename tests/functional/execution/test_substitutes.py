"""Whole executions with steps whose work something else does, over jobs that run nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app.substitution import chosen_substitutes
from seatrial.app.wishes import Wishes
from seatrial.definition import parse
from seatrial.engines.substitutes import SubstitutingEngine
from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.jobs import JobRequest, JobResult, OutputReceipt
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from seatrial.storage.seeds import parse_toml
from tests.adapters.memory_engine import completed, failed
from tests.adapters.memory_store import MemoryStore
from tests.adapters.plausible_parts import plausible_parts
from tests.functional.execution.documents import (
    condition,
    fail,
    get,
    model,
    output_of,
    pipeline,
    processing,
    training,
)
from tests.functional.execution.trial import Trial, statuses

CORPUS = Path(__file__).parents[2] / "corpus"
AUTO_ML = {
    "Name": "Search",
    "Type": "AutoML",
    "Arguments": {
        "InputDataConfig": [
            {
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/rows"}},
                "TargetAttributeName": "y",
            }
        ],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/automl"},
        "RoleArn": "arn:aws:iam::123456789012:role/Pipeline",
    },
}
BEST = {
    "BestCandidate": {
        "CandidateName": "best",
        "InferenceContainers": [{"ModelDataUrl": "s3://bucket/best.tar.gz"}],
    }
}


class Substituting:
    """A trial whose jobs go through the engine of substitutes, over a store in memory."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.store = MemoryStore()
        engine = SubstitutingEngine(trial.engine, self.store, trial.clock)
        trial.run_job = lambda request: engine.run(request, trial.control.progress)

    def local(self, name: str) -> str:
        path = self.trial.folder / "local" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
        return str(path)

    def run(self, document: str, **substitutes: Substitute) -> ExecutionRecord:
        return self.trial.run(document, substitutes=substitutes)

    def run_case(self, case: str) -> ExecutionRecord:
        """A definition of the corpus with the substitutes that its settings name."""
        text = (CORPUS / case / "definition.json").read_text()
        parts = plausible_parts(
            self.trial.folder, **parse_toml((CORPUS / case / "seatrial.toml").read_text())
        )
        chosen = chosen_substitutes(parts, Wishes(case, text, "definition.json"), parse(text))
        return self.trial.run(text, prefix="s3://bucket/run", substitutes=chosen.by_step)


@pytest.fixture
def bench(trial: Trial) -> Substituting:
    return Substituting(trial)


def test_a_loader_that_nobody_has_gives_what_the_rest_reads(bench: Substituting) -> None:
    document = pipeline(
        processing("Load", outputs=("DATA",)), processing("Prepare", output_of("Load", "DATA"))
    )
    record = bench.run(document, Load=Substitute(outputs={"DATA": bench.local("rows.csv")}))

    assert statuses(record) == {"Load": "Succeeded", "Prepare": "Succeeded"}
    assert bench.trial.asked() == ["Prepare"]
    load, prepare = record.steps
    assert (load.substitute, prepare.substitute) == ("local data for DATA", None)
    assert load.properties["ProcessingJobStatus"] == "Completed"
    assert load.metadata == {"ProcessingJob": {"Arn": load.properties["ProcessingJobArn"]}}
    declared = load.properties["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"]
    assert bench.trial.request("Prepare").parameters["ProcessingInputs"][0]["S3Input"]["S3Uri"] == declared


def test_automl_is_what_its_substitute_says_and_what_its_request_decides(bench: Substituting) -> None:
    url = "Steps.Search.BestCandidate.InferenceContainers[0].ModelDataUrl"
    record = bench.run(
        pipeline(AUTO_ML, model("Create", get(url))),
        Search=Substitute(properties=BEST, objects={"s3://bucket/best.tar.gz": bench.local("best.tar.gz")}),
    )

    search, create = record.steps
    assert statuses(record) == {"Search": "Succeeded", "Create": "Succeeded"}
    assert search.properties["AutoMLJobStatus"] == "Completed"
    assert len(search.properties["AutoMLJobName"]) <= 32
    assert search.properties["OutputDataConfig"] == {"S3OutputPath": "s3://bucket/automl"}
    assert search.metadata == {"AutoMLJob": {"Arn": search.properties["AutoMLJobArn"]}}
    assert create.properties["PrimaryContainer"]["ModelDataUrl"] == "s3://bucket/best.tar.gz"
    assert search.result is not None
    assert [receipt.name for receipt in search.result.outputs] == ["best.tar.gz"]


def test_an_emr_step_is_listed_as_the_service_lists_it(bench: Substituting) -> None:
    emr = {"Name": "Spark", "Type": "EMR", "Arguments": {"ClusterId": "j-1", "StepConfig": {}}}
    record = bench.run(pipeline(emr), Spark=Substitute(properties={"Id": "s-1"}))
    assert record.steps[0].metadata == {"EMR": {"ClusterId": "j-1", "StepId": "s-1"}}


def test_a_component_of_an_endpoint_is_in_service_without_a_word(bench: Substituting) -> None:
    component = {
        "Name": "Deploy",
        "Type": "InferenceComponent",
        "Arguments": {
            "InferenceComponentName": "churn",
            "EndpointName": "shared",
            "Specification": {"ModelName": "m"},
        },
    }
    follow = fail("Stop", get("Steps.Deploy.InferenceComponentArn"))
    deploy, stop = bench.run(pipeline(component, follow), Deploy=Substitute()).steps
    assert deploy.properties["InferenceComponentStatus"] == "InService"
    assert deploy.metadata == {"InferenceComponent": {"Arn": stop.failure_reason}}
    assert str(stop.failure_reason).endswith(":inference-component/churn")


def test_a_type_that_nobody_knows_has_what_its_substitute_says(bench: Substituting) -> None:
    bench.trial.checked = False
    unknown = {"Name": "New", "Type": "QuantumJob", "Arguments": {"Item": {"Get": "ForEach.CurrentItem"}}}
    follow = fail("Stop", get("Steps.New.Answer"))
    record = bench.run(pipeline(unknown, follow), New=Substitute(properties={"Answer": "42"}))
    assert record.steps[0].properties == {"Answer": "42"}
    assert record.steps[1].failure_reason == "42"


def test_a_type_that_runs_by_substitute_alone_fails_without_one(bench: Substituting) -> None:
    record = bench.run(pipeline(AUTO_ML))
    assert statuses(record) == {"Search": "Failed"}
    assert "run here by a substitute only" in (record.steps[0].failure_reason or "")


def test_placeholders_stand_for_what_the_execution_has(bench: Substituting) -> None:
    emr = {"Name": "Spark", "Type": "EMR", "Arguments": {"ClusterId": "j-1", "StepConfig": {}}}
    given = Substitute(
        properties={"Id": "{execution_id}", "Name": "{unknown}"},
        objects={"s3://bucket/{pipeline_name}/{execution_id}": bench.local("a.csv")},
    )
    (step,) = bench.run(pipeline(emr), Spark=given).steps
    assert step.properties["Id"] == "exec00000001"
    assert step.properties["Name"] == "{unknown}"
    assert [*bench.store.contents["bucket"]] == ["Churn/exec00000001"]


def test_a_lambda_that_is_not_called_has_its_outputs(bench: Substituting) -> None:
    bench.trial.checked = False
    step = {
        "Name": "Ask",
        "Type": "Lambda",
        "FunctionArn": "arn:aws:lambda:us-east-1:123456789012:function:ask",
        "OutputParameters": [{"OutputName": "rows", "OutputType": "Integer"}],
        "Arguments": {},
    }
    decide = condition(
        "Decide",
        [{"Type": "Equals", "LeftValue": get("Steps.Ask.OutputParameters['rows']"), "RightValue": 24}],
    )
    record = bench.run(pipeline(step, decide), Ask=Substitute(properties={"OutputParameters": {"rows": 24}}))
    assert statuses(record) == {"Ask": "Succeeded", "Decide": "Succeeded"}
    assert record.steps[1].properties == {"Outcome": True}
    assert record.steps[0].metadata["Lambda"]["OutputParameters"] == [{"Name": "rows", "Value": "24"}]


def test_data_that_cannot_be_read_fails_the_step_with_the_reason(bench: Substituting) -> None:
    record = bench.run(pipeline(AUTO_ML), Search=Substitute(objects={"s3://bucket/x": "/nowhere/at/all"}))
    assert record.steps[0].failure_reason == (
        "ClientError: ClientError: Failed to read the substitute's data. There is no /nowhere/at/all"
    )


def test_a_recorded_training_is_given_again_under_the_name_of_the_new_job(bench: Substituting) -> None:
    stored = bench.store.write(S3Uri("bucket", "old/model.tar.gz"), b"model")
    kept = OutputReceipt(
        "model", "s3://bucket/old", "", "ModelArtifacts.S3ModelArtifacts", "S3Uri", (stored,)
    )
    metrics = [{"MetricName": "auc", "Value": 0.9}]
    bench.trial.engine.answers["Train"] = lambda request: completed(
        request, kept, FinalMetricDataList=metrics
    )
    document = pipeline(training("Train", "s3://bucket/rows"))
    first = bench.run(document)
    again = bench.run(document, Train=Substitute(execution=first.execution_id))

    (step,) = again.steps
    assert bench.trial.asked() == ["Train"]
    assert step.substitute == f"replay of execution {first.execution_id}"
    uri = step.properties["ModelArtifacts"]["S3ModelArtifacts"]
    assert uri == f"s3://bucket/models/{step.job_name}/output/model.tar.gz"
    assert bench.store.read(S3Uri.parse(uri)) == b"model"
    assert step.properties["FinalMetricDataList"] == metrics


def test_a_replay_says_that_what_it_repeats_was_no_work_of_the_step_either(bench: Substituting) -> None:
    document = pipeline(processing("Load", outputs=("DATA",)), processing("Prepare"))
    first = bench.run(document, Load=Substitute(outputs={"DATA": bench.local("rows.csv")}))
    wishes = Wishes("Churn", document, "p.json", replay_from="latest", replay=("Load", "Prepare"))
    chosen = chosen_substitutes(plausible_parts(bench.trial.folder), wishes, parse(document))

    again = bench.trial.run(document, substitutes=chosen.by_step)

    replay = f"replay of execution {first.execution_id}"
    assert [step.substitute for step in again.steps] == [f"{replay}, there local data for DATA", replay]


def test_a_recorded_automl_keeps_its_names_in_the_listing(bench: Substituting) -> None:
    document = pipeline(AUTO_ML)
    first = bench.run(document, Search=Substitute(properties=BEST))
    again = bench.run(document, Search=Substitute(execution=first.execution_id))
    assert again.steps[0].properties == first.steps[0].properties
    assert again.steps[0].metadata == first.steps[0].metadata


def test_what_a_substitute_gave_is_never_taken_for_what_the_step_does(bench: Substituting) -> None:
    step = training("Train", "s3://bucket/rows")
    step["CacheConfig"] = {"Enabled": True, "ExpireAfter": "P1D"}
    document = pipeline(step)
    mocked = bench.run(document, Train=Substitute(outputs={"model": bench.local("m")}))
    real = bench.run(document)
    mocked_again = bench.run(document, Train=Substitute(outputs={"model": bench.local("m")}))

    assert mocked.steps[0].cache is None
    assert real.steps[0].cache is not None
    assert real.steps[0].cache.hit is False
    assert mocked_again.steps[0].reuse is None


def test_an_execution_keeps_its_substitutes_until_it_is_resumed(bench: Substituting) -> None:
    bench.trial.engine.answers["First"] = failed
    document = pipeline(processing("First"), processing("Load", outputs=("DATA",), depends_on=("First",)))
    broken = bench.run(document, Load=Substitute(outputs={"DATA": bench.local("rows.csv")}))
    assert statuses(broken) == {"First": "Failed"}

    del bench.trial.engine.answers["First"]
    record = bench.trial.resume()
    assert statuses(record) == {"First": "Succeeded", "Load": "Succeeded"}
    assert record.step("Load") is not None
    assert [step.substitute for step in record.steps] == [None, "local data for DATA"]
    assert bench.trial.asked() == ["First", "First"]


def test_what_was_stopped_before_its_turn_gave_nothing_and_did_not_succeed(bench: Substituting) -> None:
    engine = SubstitutingEngine(bench.trial.engine, bench.store, bench.trial.clock)

    def stop_at_once(request: JobRequest) -> JobResult:
        bench.trial.control.stop()
        bench.trial.wait_until("Search", "Stopping")
        return engine.run(request, lambda progress: engine.stop(request.name))

    bench.trial.run_job = stop_at_once
    given = Substitute(properties=BEST, objects={"s3://bucket/best": bench.local("best")})
    record = bench.run(pipeline(AUTO_ML), Search=given)

    assert statuses(record) == {"Search": "Stopped"}
    assert bench.store.contents == {}


def test_a_script_leaves_the_request_and_its_answer_as_they_were(bench: Substituting) -> None:
    document = pipeline(processing("Evaluate"))
    record = bench.run(document, Evaluate=Substitute(script=bench.local("mock.py")))

    asked = bench.trial.request("Evaluate").parameters
    (step,) = record.steps
    assert asked["AppSpecification"]["ImageUri"] == "seatrial/base"
    assert step.properties["AppSpecification"]["ContainerEntrypoint"] == ["python3", "run.py"]
    assert step.substitute == "script mock.py"


def test_a_check_that_is_not_made_has_the_baselines_that_are_given(bench: Substituting) -> None:
    bench.trial.checked = False
    check = {**processing("Check"), "Type": "QualityCheck", "CheckType": "DATA_QUALITY"}
    given = {"CalculatedBaselineConstraints": "s3://bucket/constraints.json"}
    record = bench.run(pipeline(check), Check=Substitute(properties=given))
    assert record.steps[0].properties == given
    assert record.steps[0].metadata == {"QualityCheck": given}


def test_a_search_that_is_not_made_has_the_best_job_that_is_given(bench: Substituting) -> None:
    bench.trial.checked = False
    trial_job = training("T", "s3://bucket/rows")["Arguments"]
    limits = {"MaxNumberOfTrainingJobs": 2, "MaxParallelTrainingJobs": 1}
    tuning = {
        "Name": "Search",
        "Type": "Tuning",
        "Arguments": {
            "HyperParameterTuningJobConfig": {"Strategy": "Random", "ResourceLimits": limits},
            "TrainingJobDefinition": {
                **{name: value for name, value in trial_job.items() if name != "HyperParameters"},
            },
        },
    }
    best = {"TrainingJobName": "best", "TrainingJobArn": "arn:aws:sagemaker:us-east-1:1:training-job/best"}
    follow = fail("Stop", get("Steps.Search.BestTrainingJob.TrainingJobName"))
    record = bench.run(pipeline(tuning, follow), Search=Substitute(properties={"BestTrainingJob": best}))
    search, stop = record.steps
    assert search.properties["HyperParameterTuningJobStatus"] == "Completed"
    assert "hyper-parameter-tuning-job/" in search.metadata["TuningJob"]["Arn"]
    assert stop.failure_reason == "best"


@pytest.mark.parametrize("case", sorted(path.parent.name for path in CORPUS.glob("*/seatrial.toml")))
def test_a_definition_of_the_sdk_runs_to_its_end_with_the_substitutes_beside_it(
    bench: Substituting, case: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CORPUS / case)
    record = bench.run_case(case)
    assert set(statuses(record).values()) == {"Succeeded"}
    given = [step for step in record.steps if step.substitute is not None]
    assert given
    for step in given:
        assert step.result is not None
        assert len(step.metadata) == 1
        for receipt in step.result.outputs:
            assert receipt.property_path
