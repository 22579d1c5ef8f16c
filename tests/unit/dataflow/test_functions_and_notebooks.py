"""What the judge of the flow sees of the SDK's functions and notebooks."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from seatrial.dataflow import Flow, external_inputs, judge, judge_definition
from seatrial.definition import parse
from seatrial.outputs import registry_of_definition
from seatrial.ports.findings import Severity
from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX as UNDER
from tests.adapters.pipelines import join, pipeline, training
from tests.adapters.simulated_run import PREFIX, Doing, simulate
from tests.unit.dataflow.reading import codes, only
from tests.unit.definition.documents import CORPUS

FUNCTIONS = parse((CORPUS / "functions" / "definition.json").read_bytes())
NOTEBOOK = parse((CORPUS / "notebook-job" / "definition.json").read_bytes())
BOOTSTRAP = "sagemaker_remote_function_bootstrap"
DEPENDENCIES = "pre_exec_script_and_dependencies"
RESULTS = f"{PREFIX}/results"
WORKSPACE = "/sagemaker_remote_function_workspace"


def test_payloads_must_be_there_before_the_run() -> None:
    found = {item.text: item for item in external_inputs(FUNCTIONS)}
    names = {text.rpartition("/")[2] for text, item in found.items() if item.readers == ("Make",)}
    assert names == {DEPENDENCIES, "function", "arguments"}
    assert all(item.kind == "code" for item in found.values())


def test_what_a_function_returned_is_no_external_input() -> None:
    assert not any(text.endswith("/results") for text in (item.text for item in external_inputs(FUNCTIONS)))


def test_a_notebook_is_code_that_its_job_reads() -> None:
    (found,) = [item for item in external_inputs(NOTEBOOK) if item.readers == ("Report",)]
    assert found.kind == "code"


def test_functions_have_results_and_notebooks_an_archive() -> None:
    functions, notebook = registry_of_definition(FUNCTIONS), registry_of_definition(NOTEBOOK)
    assert functions.get_step_output_path("Make", "results") == (
        "s3://my-bucket/functions/{Execution.PipelineExecutionId}/Make/results"
    )
    assert functions.get_step_output_path("Make", "model") is None
    archive = notebook.get_step_output_path("Report", "output")
    assert archive is not None
    assert archive.endswith("/Report/{job name}/output/output.tar.gz")


@pytest.mark.parametrize("definition", [FUNCTIONS, NOTEBOOK], ids=["functions", "notebook"])
def test_nothing_is_wrong_with_what_the_sdk_wrote(definition: object) -> None:
    assert judge_definition(definition) == []  # type: ignore[arg-type]  # one of the two above


def function_flow(*keys: str) -> Flow:
    """A function that ran and left these objects, among them some of another attempt."""
    step = training(
        "Make",
        {BOOTSTRAP: "s3://bucket/boot", DEPENDENCIES: "s3://bucket/deps"},
        output=join(UNDER, "results"),
    )
    step["Arguments"]["AlgorithmSpecification"]["ContainerArguments"] = ["--s3_base_uri", "s3://bucket"]
    store = MemoryStore()
    store.write(S3Uri("bucket", "deps/requirements.txt"), b"lightgbm")
    store.write(S3Uri("bucket", "boot/job_driver.sh"), b"#!/bin/bash")
    lost = (f"{WORKSPACE}/requirements.txt", f"{WORKSPACE}/table.csv")
    flow = simulate(pipeline(step), {"Make": Doing(lost=lost)}, store=store)
    (record,) = flow.record.steps
    assert record.result is not None
    path = "OutputDataConfig.S3OutputPath"
    left = [store.write(S3Uri.parse(key), b"pickled") for key in keys]
    results = OutputReceipt("results", RESULTS, "", path, "S3Uri", tuple(left))
    exception = OutputReceipt("exception", "s3://bucket/exception", "", path, "S3Uri", ())
    result = replace(record.result, outputs=(results, exception))
    return replace(flow, record=replace(flow.record, steps=(replace(record, result=result),)))


def test_what_the_sdk_copies_beside_a_function_is_not_lost_data_and_what_it_writes_is() -> None:
    found = only(judge(function_flow(f"{RESULTS}/payload.pkl")), "ST112")
    assert "table.csv" in str(found.observed)
    assert "requirements.txt" not in str(found.observed)


def test_where_the_sdk_puts_results_is_no_error_of_the_pipelines_author() -> None:
    raw = json.loads(FUNCTIONS.text)
    raw["Parameters"].append({"Name": "EXECUTION_S3_PREFIX", "Type": "String", "DefaultValue": "s3://mine"})
    found = [each for each in judge_definition(parse(json.dumps(raw).encode())) if each.code == "ST104"]
    severities = {each.step: each.severity for each in found}
    assert severities["Make"] is Severity.WARNING
    assert severities["Write"] is not Severity.WARNING


def test_a_function_is_judged_by_its_own_results() -> None:
    assert codes(judge(function_flow(f"{RESULTS}/payload.pkl"))) == ["ST112"]
    found = only(judge(function_flow()), "ST101")
    assert f"no file in {RESULTS}" in found.message
    assert found.expected == "files in the store"
