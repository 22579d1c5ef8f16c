"""Functions of `@step` and notebook jobs, compiled by the SDK and run in real containers."""

from __future__ import annotations

import json
import pickle
import tarfile
from pathlib import Path
from typing import Any

import pytest

from seatrial.images import Images
from seatrial.records import Records
from tests.adapters.clock import StillClock
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import ROLE

ROOT = Path(__file__).parents[3]
DISTRIBUTION = "885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:3.2.0-cpu"

CORPUS_PIPELINE = """
from sagemaker.workflow.pipeline_context import PipelineSession
from tests.corpus.sdk_v2.functions import functions
pipeline = functions(PipelineSession())
"""
WRITE = """
import argparse, json, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--total")
told = json.loads(pathlib.Path("/opt/ml/processing/results/results.json").read_text())
said = {"argument": parser.parse_args().total, "file": told["Result"]}
pathlib.Path("/opt/ml/processing/report/report.json").write_text(json.dumps(said))
"""
FAILING_PIPELINE = f"""
from sagemaker.workflow.function_step import step
from sagemaker.workflow.notebook_job_step import NotebookJobStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession

session = PipelineSession()
options = dict(image_uri="{DISTRIBUTION}", role="{ROLE}")
name = ParameterString("Name", "Ada")
report = NotebookJobStep(
    name="Report", notebook_job_name="nightly-report", input_notebook="report.ipynb", kernel_name="python3",
    initialization_script="init.sh", additional_dependencies=["lib"],
    parameters={{"rows": "21", "name": name}}, **options,
)
broken = NotebookJobStep(name="Broken", input_notebook="broken.ipynb", kernel_name="python3", **options)

@step(name="Fails", instance_type="ml.m5.large", **options)
def fails(prefix, notebook):
    raise ValueError(f"cannot read {{notebook}}")

failing = fails(report.properties.NotebookJobOutputLocationPrefix, report.properties.OutputNotebookName)
pipeline = Pipeline("failing", parameters=[name], steps=[report, broken, failing], sagemaker_session=session)
"""


def cells(*sources: str) -> str:
    """A notebook; its first cell holds the parameters."""
    tags: list[list[str]] = [["parameters"], *([] for _ in sources[1:])]
    return json.dumps(
        {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{number}",
                    "metadata": {"tags": tags[number]},
                    "execution_count": None,
                    "outputs": [],
                    "source": source,
                }
                for number, source in enumerate(sources)
            ],
            "metadata": {"language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
    )


@pytest.fixture
def compiling(project: Project, images: Images) -> Project:
    """The project, where a pipeline's code may import the corpus."""
    images.ensure("base-python")
    return Project(project.folder, {**project.environment, "PYTHONPATH": str(ROOT)})


def described(project: Project) -> dict[str, Any]:
    """The describe response of each step's job in the latest execution."""
    with Records(project.folder / ".seatrial" / "state.db", StillClock()) as records:
        record = records.execution("latest")
    return {step.name: step.result.describe for step in record.steps if step.result}


def test_functions_hand_on_what_they_return(compiling: Project) -> None:
    compiling.write("pipeline.py", CORPUS_PIPELINE)
    compiling.write("write.py", WRITE)
    seed = ("--seed", "s3://my-bucket/code/write.py=write.py")
    ended = compiling.json("run", "pipeline.py", *seed)
    assert ended["status"] == "Succeeded", ended
    assert [found for found in ended["findings"] if found["severity"] != "note"] == []

    outputs = compiling.json("outputs")["step_outputs"]
    assert {
        name: [item["relative_key"] for item in results["results"]["metadata"]["objects"]]
        for name, results in outputs.items()
        if "results" in results
    } == {
        "Make": ["metadata.json", "payload.pkl", "results.json"],
        "Total": ["metadata.json", "payload.pkl", "results.json"],
        "Read": ["metadata.json", "payload.pkl"],
    }
    assert outputs["Total"]["results"]["property_path"] == "OutputDataConfig.S3OutputPath"

    compiling.run("download", "Total.results", "total")
    total = {"total": 10, "doubled": 10, "rows": [0, 1, 2, 3, 4]}
    (payload,) = (compiling.folder / "total").rglob("payload.pkl")
    assert pickle.loads(payload.read_bytes()) == total  # noqa: S301  # what this test's own function returned
    compiling.run("download", "Write.report", "report")
    (report,) = (compiling.folder / "report").rglob("report.json")
    assert json.loads(report.read_text()) == {"argument": "10", "file": total}

    job = described(compiling)["Total"]
    assert job["TrainingJobStatus"] == "Completed"
    assert job["OutputDataConfig"]["S3OutputPath"] == outputs["Total"]["results"]["s3_uri"]
    assert job["AlgorithmSpecification"]["ContainerEntrypoint"][0] == "/bin/bash"


def test_what_a_function_or_a_notebook_raises_is_told_as_the_service_does(compiling: Project) -> None:
    compiling.write("pipeline.py", FAILING_PIPELINE)
    compiling.write("init.sh", "export GREETING=hello\n")
    (compiling.folder / "lib").mkdir()
    compiling.write("lib/helper.py", "def twice(number):\n    return 2 * int(number)\n")
    compiling.write(
        "report.ipynb",
        cells(
            "rows = '1'\nname = 'nobody'",
            "import os, sys\nsys.path.insert(0, 'lib')\nimport helper",
            "print(os.environ['GREETING'], name, helper.twice(rows))",
        ),
    )
    compiling.write("broken.ipynb", cells("rows = 0", "raise ValueError('no good rows')"))
    ended = compiling.json("run", "pipeline.py")
    assert ended["status"] == "Failed"
    reasons = {step["name"]: step.get("failure_reason") for step in ended["steps"]}
    assert reasons["Report"] is None
    assert reasons["Broken"].startswith("ClientError: AlgorithmError: [SM-111] Error with executing notebook")
    assert reasons["Fails"] == (
        "ClientError: AlgorithmError: ValueError('cannot read nightly-report.ipynb'), exit code: 1"
    )

    outputs = compiling.json("outputs")["step_outputs"]
    assert set(outputs["Fails"]) == {"exception"}
    archive = outputs["Report"]["output"]
    assert archive["s3_uri"].endswith("/output/output.tar.gz")
    assert {member["name"] for member in archive["metadata"]["members"]} == {
        "nightly-report.ipynb",
        "report.ipynb",
        "sagemaker_job_execution.log",
    }
    compiling.run("download", "Report.output", "notebooks")
    (packed,) = (compiling.folder / "notebooks").rglob("output.tar.gz")
    with tarfile.open(packed) as files:
        executed = files.extractfile("nightly-report.ipynb")
        assert executed is not None
        assert "hello Ada 42" in executed.read().decode()
    job = described(compiling)["Report"]
    assert job["HyperParameters"] == {"rows": "21", "name": "Ada"}
    assert job["Environment"]["SM_KERNEL_NAME"] == "python3"
    assert job["TrainingJobName"].startswith("nightly-report-")


# What the SDK's own driver does at the least: look at the Python and its SDK, then call the function.
DRIVER = """
set -eu
grep -q current_host /opt/ml/input/config/resourceconfig.json
python -m sagemaker.core.remote_function.invoke_function "$@"
"""


def test_what_the_sdk_3_signed_runs_as_well(compiling: Project) -> None:
    case = ROOT / "tests" / "corpus" / "v3-functions"
    compiling.write("p.json", (case / "definition.json").read_text())
    compiling.write("job_driver.sh", DRIVER)
    root = "s3://my-bucket/v3-functions"
    seeds = {f"{root}/sagemaker_remote_function_bootstrap/job_driver.sh": "job_driver.sh"}
    for name in ("Make", "Total"):
        seeds[f"{root}/{name}/"] = str(case / "objects" / "my-bucket" / "v3-functions" / name)
    ended = compiling.json("run", "p.json", *(f"--seed={uri}={path}" for uri, path in seeds.items()))
    assert ended["status"] == "Succeeded", ended
    results = compiling.json("outputs")["step_outputs"]["Total"]["results"]
    assert "/v3-functions/Total/20260101000000/" in results["s3_uri"]
    compiling.run("download", "Total.results", "total")
    (payload,) = (compiling.folder / "total").rglob("payload.pkl")
    assert pickle.loads(payload.read_bytes()) == 10  # noqa: S301  # what this test's own function returned
