"""The shapes of `--json`: exactly the documented keys, held to a committed schema."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from seatrial.dataflow import Lineage, judge
from seatrial.errors import DefinitionError, ImageError, RefusedError, SeatrialError
from seatrial.outputs import S3OutputPathRegistry
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.images import LocalImage
from seatrial.ports.observation import InputFiles, Observation, S3Call
from seatrial.reports.agreement import AgreementReport
from seatrial.reports.json_report import (
    DownloadReport,
    FindingsReport,
    ReportFiles,
    RunReport,
    StatusReport,
    run_report,
    status_report,
    step_report,
)
from seatrial.reports.plan import PlanReport
from seatrial.reports.portability import PortabilityReport
from seatrial.reports.refusal import refusal_json, refusal_text
from seatrial.reports.schemas import SCHEMAS, schema_text
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import START, Doing, simulate

DOCS = Path(__file__).parents[3] / "docs"


def a_report(**doing: Any) -> dict[str, Any]:
    flow = simulate(pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")})), {"Prep": Doing(**doing)})
    document = json.loads(run_report(flow.record, flow.registry, judge(flow)).as_text())
    assert isinstance(document, dict)
    return document


def test_a_run_has_exactly_the_documented_keys() -> None:
    report = a_report(writes={"a": {}})
    assert list(report) == [
        "execution_arn",
        "status",
        "failure_reason",
        "steps",
        "outputs",
        "findings",
        "substituted_images",
    ]
    assert list(report["steps"][0]) == [
        "name",
        "type",
        "status",
        "failure_reason",
        "exit_message",
        "attempts",
        "seconds",
        "retry_at",
        "reused_as",
        "reused_from",
        "cache",
        "substitute",
        "input_files",
        "input_files_unseen",
        "s3_calls",
        "s3_calls_unseen",
        "earlier_attempts",
    ]
    facts = ["also", "expected", "observed", "suppressed"]
    assert list(report["findings"][0]) == ["code", "severity", "step", "message", "where", "hint", *facts]
    assert set(report["outputs"]) == {"schema_version", "execution_metadata", "step_outputs"}


def test_a_run_that_went_well() -> None:
    report = a_report()
    assert (report["status"], report["failure_reason"]) == ("Succeeded", None)
    assert report["steps"] == [
        {
            "name": "Prep",
            "type": "Processing",
            "status": "Succeeded",
            "failure_reason": None,
            "exit_message": None,
            "attempts": 1,
            "seconds": 30.0,
            "retry_at": None,
            "reused_as": None,
            "reused_from": None,
            "cache": None,
            "substitute": None,
            "input_files": None,
            "input_files_unseen": None,
            "s3_calls": None,
            "s3_calls_unseen": None,
            "earlier_attempts": [],
        }
    ]
    assert report["findings"] == []
    assert report["substituted_images"] == {}


def test_opened_files_are_told_input_by_input() -> None:
    flow = simulate(pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")})))
    (step,) = flow.record.steps
    assert step.result is not None
    seen = Observation(
        inputs=(InputFiles("raw", 2, 1, ("b.csv",)),), files_unseen="piped comes through pipes"
    )
    told = step_report(dataclasses.replace(step, result=dataclasses.replace(step.result, observation=seen)))
    assert [each.model_dump() for each in told.input_files or ()] == [
        {"input": "raw", "files": 2, "opened": 1, "unopened": ("b.csv",)}
    ]
    assert told.input_files_unseen == "piped comes through pipes"


def test_a_step_says_what_its_own_code_called() -> None:
    [step] = simulate(pipeline(processing("Prep"))).record.steps
    assert step.result is not None
    call = S3Call("GetObject", "lookup", "a.csv", 403, START, START, error="AccessDenied")
    seen = Observation(calls=(call,), calls_unseen="2 more calls")
    told = step_report(dataclasses.replace(step, result=dataclasses.replace(step.result, observation=seen)))
    [said] = told.s3_calls or ()
    assert said.model_dump() == {
        "operation": "GetObject",
        "bucket": "lookup",
        "key": "a.csv",
        "status": 403,
        "error": "AccessDenied",
        "first": START,
        "last": START,
        "count": 1,
        "bytes_in": 0,
        "bytes_out": 0,
    }
    assert told.s3_calls_unseen == "2 more calls"


def test_a_run_that_failed_says_why_for_step_and_execution() -> None:
    report = a_report(fails="ClientError: AlgorithmError: , exit code: 1")
    assert report["failure_reason"] == "Step failure: One or multiple steps failed."
    assert report["steps"][0]["failure_reason"] == "ClientError: AlgorithmError: , exit code: 1"


def test_substituted_images_are_named_by_what_the_definition_asks_for() -> None:
    flow = simulate(pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")})))
    (step,) = flow.record.steps
    assert step.result is not None
    image = LocalImage("ecr/a:1", "local/a:2", "sha256:1", "version 2 instead of 1")
    changed = dataclasses.replace(step, result=dataclasses.replace(step.result, image=image))
    record = dataclasses.replace(flow.record, steps=(changed,))
    report = run_report(record, flow.registry, [])
    assert report.substituted_images == {"ecr/a:1": "local/a:2: version 2 instead of 1"}


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RefusedError("bad", slug="bad-parameter", where="-p X", hint="write it so"), "bad-parameter"),
        (ImageError("none", slug="no-image", where="ecr/a", hint="pull it"), "ST302"),
    ],
)
def test_a_refusal_is_one_finding(error: SeatrialError, code: str) -> None:
    document = json.loads(refusal_json(error))
    assert list(document) == ["findings"]
    assert document["findings"] == [
        {
            "code": code,
            "severity": "error",
            "step": None,
            "message": error.message,
            "where": error.where,
            "hint": error.hint,
            **dict.fromkeys(("also", "expected", "observed", "suppressed")),
        }
    ]


def test_a_bad_definition_is_refused_with_every_finding() -> None:
    findings = [
        Finding("ST001", Severity.ERROR, f"problem {n}", f"/Steps/{n}", "repair it") for n in range(3)
    ]
    error = DefinitionError(findings)
    assert [found["where"] for found in json.loads(refusal_json(error))["findings"]] == [
        "/Steps/0",
        "/Steps/1",
        "/Steps/2",
    ]
    assert refusal_text(error).splitlines()[:3] == [
        "error ST001: problem 0",
        "  at /Steps/0",
        "  → repair it",
    ]


def test_a_status_lists_executions_with_their_steps() -> None:
    flow = simulate(pipeline(processing("Prep", outputs={"a": join(PREFIX, "a")})))
    (found,) = json.loads(status_report([flow.record]).as_text())["executions"]
    assert (found["execution_id"], found["status"]) == ("abc123def456", "Succeeded")
    assert found["started_at"] == "2026-03-01T12:00:00Z"


@pytest.mark.parametrize("name", SCHEMAS)
def test_the_committed_schema_is_the_one_of_the_code(name: str) -> None:
    committed = (DOCS / "schema" / f"{name}.json").read_text()
    assert committed == schema_text(name), "run: python -m seatrial.reports.schemas docs/schema"


def test_no_schema_is_committed_that_nobody_knows() -> None:
    assert {path.stem for path in (DOCS / "schema").glob("*.json")} == set(SCHEMAS)


EXAMPLES: dict[str, type[BaseModel]] = {
    "run": RunReport,
    "refusal": FindingsReport,
    "plan": PlanReport,
    "status": StatusReport,
    "outputs": S3OutputPathRegistry,
    "lineage": Lineage,
    "compare": AgreementReport,
    "portability": PortabilityReport,
    "download": DownloadReport,
    "report": ReportFiles,
}


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_examples_of_the_documentation_are_what_the_models_accept(name: str) -> None:
    page = (DOCS / "json.md").read_text()
    found = re.search(rf"<!-- example: {name} -->\s*```json\n(.*?)```", page, re.DOTALL)
    assert found is not None, f"docs/json.md has no example of {name}"
    EXAMPLES[name].model_validate_json(found.group(1))


def test_the_documented_metadata_of_an_output_is_what_a_run_writes() -> None:
    page = (DOCS / "json.md").read_text()
    (info,) = a_report()["outputs"]["step_outputs"]["Prep"].values()
    assert [key for key in info["metadata"] if f"`{key}`" not in page] == []
    example = re.search(r"<!-- example: outputs -->\s*```json\n(.*?)```", page, re.DOTALL)
    assert example is not None
    documented = json.loads(example.group(1))["step_outputs"]["Preprocess"]["train"]
    assert list(documented["metadata"]) == list(info["metadata"])
    assert list(documented["metadata"]["objects"][0]) == list(info["metadata"]["objects"][0])
