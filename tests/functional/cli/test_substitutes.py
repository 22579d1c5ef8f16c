"""Pipelines of the SDK with steps that need systems nobody has: planned, refused, run by substitute."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline, processing, under_prefix, writes

CORPUS = Path(__file__).parents[2] / "corpus"

PREPROCESS = """
import pathlib
rows = []
for path in sorted(pathlib.Path("/opt/ml/processing/input/data").rglob("*.csv")):
    rows += path.read_text().splitlines()
pathlib.Path("/opt/ml/processing/output/train/train.csv").write_text("\\n".join(rows) + "\\n")
"""
MOCK = """
import pathlib, sys
found = sorted(path.name for path in pathlib.Path("/opt/ml/processing/in/rows").iterdir())
pathlib.Path("/opt/ml/processing/out/report/report.txt").write_text(" ".join([*found, *sys.argv[1:]]))
"""


def brought(project: Project, case: str) -> str:
    """A case of the corpus with its settings and fixtures, in the project's folder."""
    for item in (CORPUS / case).iterdir():
        copy = shutil.copytree if item.is_dir() else shutil.copy
        copy(item, project.folder / item.name)
    return "definition.json"


@pytest.fixture
def loading(project: Project) -> Project:
    """A pipeline that begins with a loader in an image of somebody's own."""
    brought(project, "internal-loader")
    project.write("preprocess.py", PREPROCESS)
    project.write("seeds.toml", '["s3://my-bucket/code/preprocess.py"]\npath = "preprocess.py"\n')
    return project


def test_a_loader_that_nobody_has_is_replaced_and_everything_behind_it_is_real(loading: Project) -> None:
    planned = loading.run("plan", "definition.json")
    assert planned.stdout.splitlines()[-1] == "runs with substitutes for LoadData (local data for DATA)"

    ran = loading.run("run", "definition.json")
    assert ran.returncode == 0, ran.stderr
    assert "LoadData: Starting, substituted: local data for DATA" in ran.stderr
    assert "substituted LoadData: local data for DATA" in ran.stderr
    assert "data flow: as declared" in ran.stderr

    (execution,) = loading.json("status", "latest")["executions"]
    assert {step["name"]: step["substitute"] for step in execution["steps"]} == {
        "LoadData": "local data for DATA",
        "Preprocess": None,
        "Train": None,
    }
    outputs = loading.json("outputs")["step_outputs"]
    data = outputs["LoadData"]["DATA"]
    assert [item["relative_key"] for item in data["metadata"]["objects"]] == ["part-0.csv"]
    assert data["metadata"]["substitute"] == "local data for DATA"
    assert outputs["Train"]["model"]["metadata"]["members"]
    flows = {
        (flow["from_step"], flow["to_step"]): flow["substituted"]
        for flow in loading.json("lineage")["entries"]
    }
    assert flows[("LoadData", "Preprocess")] is True
    assert flows[("Preprocess", "Train")] is False
    assert "no job ran" in loading.run("logs", "LoadData").stdout
    report = loading.run("report")
    assert report.returncode == 0, report.stderr
    (page,) = loading.folder.rglob("report.html")
    assert "local data for DATA; the step did not run as it is" in page.read_text()

    loading.write("seatrial.toml", "")
    refused = loading.run("run", "definition.json")
    assert refused.returncode == 3
    assert "no local image for 999999999999.dkr.ecr" in refused.stderr
    assert '[substitutes."LoadData"]' in refused.stderr

    replayed = loading.json("run", "definition.json", "--replay-from", execution["execution_id"])
    assert replayed["status"] == "Succeeded", replayed
    said = f"replay of execution {execution['execution_id']}, there local data for DATA"
    assert replayed["steps"][0]["substitute"] == said
    assert replayed["outputs"]["step_outputs"]["LoadData"]["DATA"]["metadata"]["count"] == 1


def test_automl_is_refused_with_what_to_write_and_runs_by_it(project: Project) -> None:
    file = brought(project, "automl-best")
    settings = (project.folder / "seatrial.toml").read_text()
    project.write("rows.csv", "1,2\n")
    project.write("tell.py", "import sys; open('/opt/ml/processing/told/told.txt', 'w').write(sys.argv[2])")
    project.write(
        "seeds.toml",
        '["s3://my-bucket/code/tell.py"]\npath = "tell.py"\n["s3://my-bucket/rows/"]\npath = "rows.csv"\n',
    )
    project.write("seatrial.toml", "")
    refused = project.run("run", file)
    assert refused.returncode == 2
    assert (
        '[substitutes."Search"]\nproperties = { BestCandidate = { InferenceContainers = [{ ' in refused.stderr
    )
    told = project.json("plan", file)["verdict"]
    assert (told["kind"], [reason["code"] for reason in told["reasons"]]) == ("does-not-run", ["ST233"])

    project.write("seatrial.toml", settings)
    ended = project.json("run", file)
    assert ended["status"] == "Succeeded", ended
    (execution,) = project.json("status", "latest")["executions"]
    listed = {step["StepName"]: step["Metadata"] for step in execution["pipeline_execution_steps"]}
    assert "automl-job/" in listed["Search"]["AutoMLJob"]["Arn"]
    objects = ended["outputs"]["step_outputs"]["Search"]
    assert [info["metadata"]["bytes"] > 0 for info in objects.values()] == [True]
    downloaded = project.run("download", "Tell.told")
    assert downloaded.returncode == 0, downloaded.stderr
    (answer,) = project.folder.rglob("told.txt")
    assert answer.read_text().endswith("/automl/insights.json")


def test_a_script_and_a_given_input_stand_in_for_a_step_that_could_not_run(project: Project) -> None:
    step = processing("Report", "raise SystemExit(3)", outputs={"report": under_prefix("report")})
    step["Arguments"]["AppSpecification"]["ContainerArguments"] = ["--fast"]
    step["Arguments"]["ProcessingInputs"] = [
        {
            "InputName": "rows",
            "DatasetDefinition": {
                "LocalPath": "/opt/ml/processing/in/rows",
                "AthenaDatasetDefinition": {
                    "Catalog": "c",
                    "Database": "d",
                    "QueryString": "select 1",
                    "OutputS3Uri": "s3://b/athena",
                    "OutputFormat": "PARQUET",
                },
            },
        }
    ]
    file = project.write("p.json", pipeline(step))
    (project.folder / "rows").mkdir()
    project.write("rows/a.csv", "1\n")
    project.write("mock.py", MOCK)
    project.write("seatrial.toml", '[substitutes."Rep*"]\nscript = "mock.py"\ninputs = { rows = "rows" }\n')
    ended = project.json("run", file)
    assert ended["status"] == "Succeeded", ended
    assert ended["steps"][0]["substitute"] == "script mock.py, local data for the input rows"
    assert project.run("download", "Report.report").returncode == 0
    (report,) = project.folder.rglob("report.txt")
    assert report.read_text() == "a.csv --fast"


def test_what_cannot_be_replayed_is_refused_before_anything_starts(project: Project) -> None:
    first = processing("First", writes("data"), outputs={"data": under_prefix("first")})
    file = project.write("p.json", pipeline(first))
    unknown = project.run("plan", file, "--replay-from", "nothing")
    assert unknown.returncode == 2
    assert "nothing has been run here yet" in unknown.stderr
    assert project.run("plan", file, "--replay", "First").returncode == 2
    ended = project.json("run", file, "--prefix", "s3://seatrial/substitutes-one")
    identity = ended["execution_arn"].rpartition("/")[2]

    project.write("p.json", pipeline({**first, "Name": "Second"}, first))
    absent = project.run("run", file, "--replay-from", identity, "--replay", "Second")
    assert (absent.returncode, "the step did not start there" in absent.stderr) == (2, True)
    near = project.run("plan", file, "--replay-from", identity, "--replay", "Frist")
    assert "did you mean 'First'?" in near.stderr

    again = project.json(
        "run",
        file,
        "--prefix",
        "s3://seatrial/substitutes-two",
        "--replay-from",
        identity,
        "--replay",
        "First",
    )
    assert again["status"] == "Succeeded", again
    assert {step["name"]: step["substitute"] is None for step in again["steps"]} == {
        "Second": True,
        "First": False,
    }
    uri = again["outputs"]["step_outputs"]["First"]["data"]["s3_uri"]
    assert uri == "s3://seatrial/substitutes-two/first"
    assert json.dumps(again["findings"]).count("ST230") == 1
