"""Pipelines with batch transform: planned, run in real containers, refused, looked at afterwards."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import ROLE, pipeline, processing, under_prefix, writes

CORPUS = Path(__file__).parents[2] / "corpus"

PREPARE = """
import pathlib
lines = pathlib.Path("/opt/ml/processing/input/rows.csv").read_text().splitlines()
rows = [line.split(",") for line in lines]
train = "".join(f"{int(float(x) > 5)},{x},{y}\\n" for _, x, y in rows)
pathlib.Path("/opt/ml/processing/train/train.csv").write_text(train)
pathlib.Path("/opt/ml/processing/batch/part-0.csv").write_text("".join(line + "\\n" for line in lines[:3]))
pathlib.Path("/opt/ml/processing/batch/part-1.csv").write_text("".join(line + "\\n" for line in lines[-3:]))
"""
REPORT = """
import json, pathlib
found = {}
for path in sorted(pathlib.Path("/opt/ml/processing/scores").iterdir()):
    for line in path.read_text().splitlines():
        name, score = line.split(",")
        found[name] = float(score) > 0.5
pathlib.Path("/opt/ml/processing/report/report.json").write_text(json.dumps(found))
"""


def transform(name: str, model: Any, source: Any, **extra: Any) -> dict[str, Any]:
    """A Transform step that sends each object whole."""
    data = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": source}}
    arguments = {
        "ModelName": model,
        "TransformInput": {"DataSource": data},
        "TransformOutput": {"S3OutputPath": under_prefix("scores")},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        **extra,
    }
    return {"Name": name, "Type": "Transform", "Arguments": arguments}


def model_step(name: str, **container: Any) -> dict[str, Any]:
    """A Model step of the base image."""
    arguments = {"PrimaryContainer": {"Image": "python", **container}, "ExecutionRoleArn": ROLE}
    return {"Name": name, "Type": "Model", "Arguments": arguments}


@pytest.fixture
def scoring(project: Project) -> Project:
    """The project with the SDK's own definition and what it expects in S3."""
    for name, text in {"prepare.py": PREPARE, "report.py": REPORT}.items():
        project.write(name, text)
    project.write("rows.csv", "".join(f"row{n},{n},{n % 3}\n" for n in range(12)))
    project.write("p.json", (CORPUS / "batch-transform" / "definition.json").read_text())
    project.write(
        "seeds.toml",
        '["s3://my-bucket/raw/rows.csv"]\npath = "rows.csv"\n'
        '["s3://my-bucket/code/prepare.py"]\npath = "prepare.py"\n'
        '["s3://my-bucket/code/report.py"]\npath = "report.py"\n',
    )
    return project


def test_a_definition_of_the_sdk_trains_scores_and_reads_its_scores(scoring: Project) -> None:
    planned = {step["name"]: step for step in scoring.json("plan", "p.json")["steps"]}
    assert planned["Score"]["image"].endswith("/sagemaker-xgboost:1.7-1")
    assert planned["Score"]["upstream"] == ["Prepare", "Create-CreateModel"]
    ended = scoring.json("run", "p.json")
    assert ended["status"] == "Succeeded", ended
    assert [found for found in ended["findings"] if found["severity"] != "note"] == []

    outputs = scoring.json("outputs")["step_outputs"]
    scores = outputs["Score"]["transform"]
    assert scores["property_path"] == "TransformOutput.S3OutputPath"
    assert [item["relative_key"] for item in scores["metadata"]["objects"]] == [
        "part-0.csv.out",
        "part-1.csv.out",
    ]
    downloaded = scoring.run("download", "Report.report")
    assert downloaded.returncode == 0, downloaded.stderr
    (report,) = scoring.folder.rglob("report.json")
    expected = {f"row{n}": n > 5 for n in (0, 1, 2, 9, 10, 11)}
    assert json.loads(report.read_text()) == expected

    flows = {
        (entry["from_step"], entry["to_step"], entry["to_input"])
        for entry in scoring.json("lineage")["entries"]
    }
    assert {
        ("Prepare", "Score", "transform"),
        ("Train", "Score", "model"),
        ("Score", "Report", "input-1"),
    } <= flows
    assert "BatchStrategy=MULTI_RECORD" in scoring.run("logs", "Score").stdout
    page = scoring.run("report")
    assert page.returncode == 0, page.stderr


def test_a_model_that_nobody_made_is_refused_with_what_to_write(project: Project) -> None:
    name = project.write(
        "p.json", pipeline(model_step("Create"), transform("Score", "churn-model", "s3://data/in/"))
    )
    refused = project.run("run", name)
    assert refused.returncode == 2
    assert "ST203" in refused.stderr
    assert "'churn-model'" in refused.stderr
    assert '{"Get": "Steps.Create.ModelName"}' in refused.stderr


def test_what_cannot_be_served_is_refused_where_it_stands(project: Project) -> None:
    step = transform("Score", {"Get": "Steps.Create.ModelName"}, "s3://data/in/")
    step["Arguments"]["TransformInput"]["DataSource"]["S3DataSource"]["S3DataType"] = "AugmentedManifestFile"
    refused = project.run(
        "run", project.write("p.json", pipeline(model_step("Create", Mode="MultiModel"), step))
    )
    assert refused.returncode == 2
    assert "a container with many models" in refused.stderr
    assert "data type AugmentedManifestFile" in refused.stderr


def test_local_mode_refuses_it(project: Project) -> None:
    name = project.write(
        "p.json",
        pipeline(
            model_step("Create"), transform("Score", {"Get": "Steps.Create.ModelName"}, "s3://data/in/")
        ),
    )
    refused = project.run("run", name, "--engine", "local-mode")
    assert refused.returncode == 2
    assert "a transform job; processing and training go through local mode here" in refused.stderr


def test_a_container_that_cannot_serve_fails_its_step_and_those_after_it(project: Project) -> None:
    definition = pipeline(
        processing("Make", writes("data", "x"), outputs={"data": under_prefix("made")}),
        model_step("Create"),
        transform(
            "Score",
            {"Get": "Steps.Create.ModelName"},
            {"Get": "Steps.Make.ProcessingOutputConfig.Outputs['data'].S3Output.S3Uri"},
        ),
        processing("After", "pass", inputs={"scores": {"Get": "Steps.Score.TransformOutput.S3OutputPath"}}),
    )
    ended = project.json("run", project.write("p.json", definition))
    assert ended["status"] == "Failed"
    steps = {step["name"]: step for step in ended["steps"]}
    assert "After" not in steps or steps["After"]["status"] != "Succeeded"
    assert steps["Score"]["failure_reason"].startswith("ClientError: AlgorithmError: entrypoint not found")
