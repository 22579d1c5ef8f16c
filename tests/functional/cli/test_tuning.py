"""Pipelines with tuning steps that the SDK wrote: planned, run in real containers, looked at afterwards."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from seatrial.app.clock import SystemClock
from seatrial.records import Records
from tests.functional.cli.conftest import Project

CORPUS = Path(__file__).parents[2] / "corpus"

WEIGH = """
import argparse, json, pathlib, tarfile
parser = argparse.ArgumentParser()
parser.add_argument("--best")
parser.add_argument("--status")
asked = vars(parser.parse_args())
for place in ("best", "second"):
    with tarfile.open(f"/opt/ml/processing/{place}/model.tar.gz") as archive:
        asked[place + "_files"] = archive.getnames()
pathlib.Path("/opt/ml/processing/weights/weights.json").write_text(json.dumps(asked))
"""
TRAIN = """
import argparse, pathlib
parser = argparse.ArgumentParser()
parser.add_argument("--kernel")
parser.add_argument("--degree", type=int)
parser.add_argument("--kind")
parser.add_argument("--rate", type=float)
parser.add_argument("--rounds", type=int)
asked = parser.parse_args()
if asked.kernel == "linear" and asked.degree == 2:
    raise SystemExit("no such kernel")
accuracy = asked.rate if asked.kind else asked.degree / 10 + (asked.kernel == "rbf") / 2
pathlib.Path("/opt/ml/model/model.txt").write_text(repr(vars(asked)))
print(f"accuracy={accuracy}")
"""


def properties_of(project: Project, step: str) -> Mapping[str, Any]:
    """What later steps may refer to: the describe response."""
    with Records(project.folder / ".seatrial" / "state.db", SystemClock()) as records:
        found = records.execution("latest").step(step)
    assert found is not None
    return found.properties


def rows(count: int) -> str:
    """A label that depends on the first of two columns, mostly."""
    return "".join(f"{(n % 10 > 4) ^ (n % 7 == 0):d},{n % 10},{n % 3}\n" for n in range(count))


@pytest.fixture
def tuned(project: Project) -> Project:
    """The project with XGBoost's data and what weighs the models."""
    for name, text in {"train.csv": rows(60), "validation.csv": rows(20), "weigh.py": WEIGH}.items():
        project.write(name, text)
    project.write("p.json", (CORPUS / "tuned-xgboost" / "definition.json").read_text())
    project.write(
        "seeds.toml",
        '["s3://my-bucket/train/train.csv"]\npath = "train.csv"\n'
        '["s3://my-bucket/validation/validation.csv"]\npath = "validation.csv"\n'
        '["s3://my-bucket/code/weigh.py"]\npath = "weigh.py"\n',
    )
    return project


def test_the_best_model_of_a_search_reaches_the_steps_that_name_it(tuned: Project) -> None:
    planned = tuned.json("plan", "p.json")
    steps = {step["name"]: step for step in planned["steps"]}
    assert steps["Tune"]["image"].endswith("/sagemaker-xgboost:1.7-1")
    assert steps["Weigh"]["upstream"] == ["Tune"]

    ended = tuned.json("run", "p.json")
    assert ended["status"] == "Succeeded", ended
    assert [found for found in ended["findings"] if found["severity"] != "note"] == []
    properties = properties_of(tuned, "Tune")
    assert properties["HyperParameterTuningJobStatus"] == "Completed"
    assert properties["ObjectiveStatusCounters"] == {"Succeeded": 3, "Pending": 0, "Failed": 0}
    summaries = properties["TrainingJobSummaries"]
    values = [each["FinalHyperParameterTuningJobObjectiveMetric"]["Value"] for each in summaries]
    assert values == sorted(values, reverse=True)
    assert all(each["TunedHyperParameters"].keys() == {"eta", "alpha", "max_depth"} for each in summaries)

    outputs = tuned.json("outputs")["step_outputs"]["Tune"]
    assert [name for name in outputs if name.startswith("model")] == ["model", "model-1", "model-2"]
    assert outputs["model"]["property_path"] == "TrainingJobSummaries[0].TrainingJobName"
    best = outputs["model"]["s3_uri"].split("/")[-3]
    assert best == properties["BestTrainingJob"]["TrainingJobName"] == summaries[0]["TrainingJobName"]

    downloaded = tuned.run("download", "Weigh.weights")
    assert downloaded.returncode == 0, downloaded.stderr
    (weights,) = tuned.folder.rglob("weights.json")
    found = json.loads(weights.read_text())
    assert found == {
        "best": best,
        "status": "Completed",
        "best_files": ["xgboost-model"],
        "second_files": ["xgboost-model"],
    }

    flows = {
        (entry["from_step"], entry["from_output"], entry["to_step"], entry["to_input"])
        for entry in tuned.json("lineage")["entries"]
    }
    assert {
        (None, None, "Tune", "train"),
        ("Tune", "model", "Weigh", "best"),
        ("Tune", "model-1", "Weigh", "second"),
        ("Tune", "model", "Create-CreateModel", "PrimaryContainer.ModelDataUrl"),
    } <= flows
    assert "Bayesian search to maximize validation:auc" in tuned.run("logs", "Tune").stdout
    page = tuned.run("report")
    assert page.returncode == 0, page.stderr


@pytest.fixture
def scripted(project: Project) -> Project:
    """The project with a script of its own in the SDK's archive."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        entry = tarfile.TarInfo("train.py")
        entry.size = len(TRAIN.encode())
        archive.addfile(entry, io.BytesIO(TRAIN.encode()))
    (project.folder / "sourcedir.tar.gz").write_bytes(packed.getvalue())
    project.write("data.csv", "1,2\n")
    project.write("p.json", (CORPUS / "tuned-script" / "definition.json").read_text())
    project.write(
        "seeds.toml",
        '["s3://my-bucket/train/data.csv"]\npath = "data.csv"\n'
        '["s3://my-bucket/code/sourcedir.tar.gz"]\npath = "sourcedir.tar.gz"\n',
    )
    return project


def test_a_grid_and_two_definitions_of_one_script(scripted: Project) -> None:
    ended = scripted.json("run", "p.json", "--prefix", "s3://seatrial/scripted")
    assert ended["status"] == "Succeeded", ended
    grid, both = (properties_of(scripted, name) for name in ("Grid", "Both"))
    tried = [each["TunedHyperParameters"] for each in grid["TrainingJobSummaries"]]
    assert tried == [
        {"kernel": f'"{kernel}"', "degree": f'"{degree}"'}
        for kernel, degree in (("rbf", 2), ("rbf", 1), ("linear", 1), ("linear", 2))
    ]
    assert grid["TrainingJobStatusCounters"]["NonRetryableError"] == 1
    assert "ExecuteUserScriptError" in grid["TrainingJobSummaries"][-1]["FailureReason"]
    assert {each["TrainingJobDefinitionName"] for each in both["TrainingJobSummaries"]} == {"small", "large"}
    assert both["TrainingJobStatusCounters"]["Completed"] == 3

    outputs = scripted.json("outputs")["step_outputs"]
    assert list(outputs["Grid"]) == ["model", "model-1", "model-2"]
    assert "accuracy=0.7, the best so far" in scripted.run("logs", "Grid").stdout
    assert "accuracy=0.7" in scripted.run("logs", "Grid", "--job", "2").stdout
    unknown = scripted.run("logs", "Grid", "--job", "9")
    assert (unknown.returncode, "has no log of a job '9'" in unknown.stderr) == (2, True)
