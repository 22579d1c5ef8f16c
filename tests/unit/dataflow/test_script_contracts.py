"""Script contracts: what a step gives its script, against what the script expects."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from seatrial.dataflow import Flow, judge, judge_definition
from seatrial.definition import PipelineDefinition
from seatrial.ports.contracts import ScriptContract
from seatrial.ports.findings import Finding, Severity
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate

INPUT = "/opt/ml/processing/input/raw"
OUTPUT = "/opt/ml/processing/train"


def a_step(**more: Any) -> dict[str, Any]:
    outputs = {"train": join(PREFIX, "train")}
    return processing("Prep", inputs={"raw": "s3://data/raw/"}, outputs=outputs, **more)


def found(step: dict[str, Any], **contract: Any) -> list[Finding]:
    """What is found of the step under the contract; it has everything that the step has unless told."""
    whole = {"expected_input_paths": {"raw": INPUT}, "expected_output_paths": {"train": OUTPUT}, **contract}
    findings = judge_definition(
        pipeline(step), scripts={step["Name"]: ScriptContract.model_validate(whole)}.get
    )
    return [each for each in findings if each.code in ("ST118", "ST119")]


def only(findings: list[Finding]) -> Finding:
    (one,) = findings
    return one


def said(findings: list[Finding]) -> list[tuple[str, str]]:
    return [(each.code, each.severity.value) for each in findings]


def test_a_step_that_gives_all_that_is_expected_has_no_finding() -> None:
    assert found(a_step()) == []


def test_without_a_contract_nothing_is_judged() -> None:
    assert judge_definition(pipeline(a_step()), scripts={}.get) == judge_definition(pipeline(a_step()))


class TestPaths:
    def test_an_output_at_another_path_is_an_error_at_its_place(self) -> None:
        one = only(found(a_step(), expected_output_paths={"train": "/opt/ml/processing/output/train"}))
        assert (one.code, one.severity) == ("ST118", Severity.ERROR)
        assert one.where.startswith("/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0")
        assert (one.expected, one.observed) == ("/opt/ml/processing/output/train", OUTPUT)

    def test_so_is_an_input(self) -> None:
        one = only(found(a_step(), expected_input_paths={"raw": "/opt/ml/processing/input"}))
        assert one.code == "ST118"
        assert one.where == "/Steps/0/Arguments/ProcessingInputs/0/S3Input/LocalPath"

    def test_a_file_in_the_folder_that_is_mounted_is_no_other_path(self) -> None:
        assert found(a_step(), expected_input_paths={"raw": f"{INPUT}/orders.csv"}) == []

    def test_a_slash_at_the_end_says_nothing(self) -> None:
        assert found(a_step(), expected_output_paths={"train": f"{OUTPUT}/"}) == []

    def test_what_is_missing_is_said_of_all_at_once(self) -> None:
        paths = {"train": OUTPUT, "test": "/opt/ml/processing/test", "log": "/opt/ml/processing/log"}
        one = only(found(a_step(), expected_output_paths=paths))
        assert (one.code, one.severity) == ("ST119", Severity.ERROR)
        assert "'test' at /opt/ml/processing/test, 'log' at /opt/ml/processing/log" in one.message
        assert one.where == "/Steps/0/Arguments/ProcessingOutputConfig/Outputs"

    def test_another_name_at_the_same_path_is_as_good(self) -> None:
        assert found(a_step(), expected_input_paths={"orders": INPUT}) == []

    def test_what_the_contract_does_not_know_is_a_note(self) -> None:
        assert said(found(a_step(), expected_output_paths={})) == [("ST119", "note")]

    def test_the_scripts_own_code_is_not_in_a_contract(self) -> None:
        step = a_step()
        code = {"S3Uri": "s3://code/run.py", "LocalPath": "/opt/ml/processing/input/code"}
        step["Arguments"]["ProcessingInputs"].append({"InputName": "code", "S3Input": code})
        assert found(step) == []


class TestVariables:
    def test_a_required_one_that_is_not_set_is_an_error(self) -> None:
        step = a_step(environment={"REGION": "EU"})
        one = only(found(step, required_env_vars=["REGION", "LABEL", "ID"]))
        assert (one.code, one.severity) == ("ST119", Severity.ERROR)
        assert "2 variables that its contract requires: LABEL, ID" in one.message
        assert one.where == "/Steps/0/Arguments/Environment"

    def test_an_optional_one_need_not_be_set(self) -> None:
        assert found(a_step(), optional_env_vars={"DEBUG": "0"}) == []

    @pytest.mark.parametrize("name", ["AWS_REGION", "SM_MODEL_DIR", "SAGEMAKER_PROGRAM", "HOME"])
    def test_the_platform_sets_its_own(self, name: str) -> None:
        assert found(a_step(), required_env_vars=[name]) == []


class TestArguments:
    @pytest.mark.parametrize(
        "given", [["--job_type", "training"], ["--job-type=training"], ["x", "--job-type", "training"]]
    )
    def test_one_that_is_passed_however_it_is_written(self, given: list[str]) -> None:
        assert found(a_step(arguments=given), expected_arguments={"job-type": "training"}) == []

    @pytest.mark.parametrize("expected", [["job_type"], {"--job-type": "training"}, {"job_type": None}])
    def test_one_that_is_not(self, expected: Any) -> None:
        one = only(found(a_step(arguments=["--other", "1"]), expected_arguments=expected))
        assert (one.code, one.severity) == ("ST119", Severity.ERROR)
        assert one.where == "/Steps/0/Arguments/AppSpecification/ContainerArguments"

    def test_what_stands_before_the_script_is_the_programs_own(self) -> None:
        step = a_step(script="print()")
        assert step["Arguments"]["AppSpecification"]["ContainerEntrypoint"][1] == "-c"
        assert only(found(step, expected_arguments=["c"])).observed == "none"

    def test_another_script_is_a_warning(self) -> None:
        assert found(a_step(), entry_point="src/run.py") == []
        assert said(found(a_step(), entry_point="preprocess.py")) == [("ST119", "warning")]


class TestTraining:
    CONTRACT: Mapping[str, Any] = {
        "entry_point": "train.py",
        "expected_input_paths": {"input_path": "/opt/ml/input/data"},
        "expected_output_paths": {"model_output": "/opt/ml/model", "evaluation": "/opt/ml/output/data"},
    }

    def test_channels_are_in_the_folder_that_the_contract_names(self) -> None:
        step = training(
            "Train", {"train": "s3://data/a/"}, hyperparameters={"sagemaker_program": '"train.py"'}
        )
        assert found(step, **self.CONTRACT) == []

    def test_code_and_configuration_are_there_without_a_channel(self) -> None:
        paths = {"hyperparameters": "/opt/ml/code/hyperparameters.json", "hosts": "/opt/ml/input/config"}
        assert found(training("Train"), expected_input_paths=paths, expected_output_paths={}) == []

    def test_arguments_are_hyperparameters(self) -> None:
        step = training("Train", {"train": "s3://data/a/"}, hyperparameters={"max_depth": "3"})
        assert found(step, **self.CONTRACT, expected_arguments=["max-depth"]) == []
        one = only(found(step, **self.CONTRACT, expected_arguments=["eta"]))
        assert one.where == "/Steps/0/Arguments/HyperParameters"

    def test_so_are_those_that_its_container_is_called_with(self) -> None:
        called = {
            "TrainingImage": "python",
            "ContainerEntrypoint": ["python3", "train.py"],
            "ContainerArguments": ["--eta", "0.1"],
        }
        step = training("Train", {"train": "s3://data/a/"}, AlgorithmSpecification=called)
        assert found(step, **self.CONTRACT, expected_arguments=["eta"]) == []
        assert only(found(step, **{**self.CONTRACT, "entry_point": "fit.py"})).observed == "train.py"

    def test_channels_that_bring_the_code_are_in_no_contract(self) -> None:
        channels = {name: f"s3://data/{name}/" for name in ("train", "code", "sm_drivers")}
        paths = {"train": "/opt/ml/input/data/train"}
        step = training("Train", channels)
        assert found(step, expected_input_paths=paths, expected_output_paths={}) == []

    def test_a_channel_that_is_not_there(self) -> None:
        paths = {"calibration": "/opt/ml/input/data/calibration"}
        step = training("Train", {"calibration_data": "s3://data/a/"})
        assert said(found(step, expected_input_paths=paths, expected_output_paths={})) == [
            ("ST119", "error"),
            ("ST119", "note"),
        ]


class TestAfterTheRun:
    @staticmethod
    def of(files: dict[str, bytes], path: str) -> list[Finding]:
        contract = ScriptContract(expected_input_paths={"raw": INPUT}, expected_output_paths={"train": path})
        flow = simulate(a_pipeline(), {"Prep": Doing(writes={"train": files})})
        known = Flow(flow.definition, flow.graph, flow.record, flow.registry, scripts={"Prep": contract}.get)
        return [each for each in judge(known) if each.code in ("ST118", "ST119")]

    def test_a_file_that_the_contract_names_and_that_was_not_written_is_an_error(self) -> None:
        one = only(self.of({"other.csv": b"1"}, f"{OUTPUT}/train.csv"))
        assert (one.code, one.severity, one.step) == ("ST119", Severity.ERROR, "Prep")
        assert one.also == f"{OUTPUT}/train.csv"

    def test_one_that_was_written_is_none(self) -> None:
        assert self.of({"train.csv": b"1"}, f"{OUTPUT}/train.csv") == []

    def test_a_folder_is_written_with_what_is_in_it(self) -> None:
        assert self.of({"parts/1.csv": b"1"}, f"{OUTPUT}/parts") == []
        assert said(self.of({"parts-1.csv": b"1"}, f"{OUTPUT}/parts")) == [("ST119", "error")]


def a_pipeline() -> PipelineDefinition:
    return pipeline(a_step())
