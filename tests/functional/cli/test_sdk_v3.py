"""Definitions that the SDK v3 wrote, run in real containers.

The SDK uploads drivers of its own beside the code of a trainer. What stands in for them here does what they
do as far as the contract goes: made executable where it lies, it reads the job's folders, runs the script.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.functional.cli.conftest import Project

CORPUS = Path(__file__).parents[2] / "corpus"
UPLOADED = "s3://my-bucket/fit/fit-20260101000000/input"
PREPARE = """
import pathlib, shutil
shutil.copytree("/opt/ml/processing/raw", "/opt/ml/processing/train", dirs_exist_ok=True)
"""
PREPARE_TWO = (
    PREPARE + 'shutil.copytree("/opt/ml/processing/raw", "/opt/ml/processing/validation", dirs_exist_ok=True)'
)
DRIVER = """#!/bin/bash
set -e
test "$TRAINING_JOB_NAME"
grep -q current_instance_type /opt/ml/input/config/resourceconfig.json
touch /opt/ml/input/sm_training.env
python3 /opt/ml/input/data/code/train.py
"""
TRAIN = """
import json, pathlib
rows = pathlib.Path("/opt/ml/input/data/train/rows.csv").read_text().splitlines()
depth = json.loads(pathlib.Path("/opt/ml/input/config/hyperparameters.json").read_text())["depth"]
pathlib.Path("/opt/ml/model/model.json").write_text(json.dumps({"rows": len(rows), "depth": depth}))
"""
EVALUATE = """
import json, pathlib, tarfile
with tarfile.open("/opt/ml/processing/model/model.tar.gz") as archive:
    model = json.load(archive.extractfile("model.json"))
report = pathlib.Path("/opt/ml/processing/report/evaluation.json")
report.write_text(json.dumps({"accuracy": model["rows"] / 10, "depth": model["depth"]}))
"""
FILES = {
    "s3://my-bucket/code/prepare.py": PREPARE,
    "s3://my-bucket/code/evaluate.py": EVALUATE,
    f"{UPLOADED}/sm_drivers/sm_train.sh": DRIVER,
    f"{UPLOADED}/code/train.py": TRAIN,
}


@pytest.fixture
def trained(project: Project) -> Project:
    """The project with the definition and all that it expects in S3."""
    project.write("p.json", (CORPUS / "v3-train-and-decide" / "definition.json").read_text())
    (project.folder / "raw").mkdir()
    project.write("raw/rows.csv", "1,2\n3,4\n5,6\n")
    seeds = ['["s3://my-bucket/raw"]\npath = "raw"\n']
    for uri, text in FILES.items():
        name = Path(uri).name
        project.write(name, text)
        seeds.append(f'["{uri}"]\npath = "{name}"\n')
    project.write("seeds.toml", "".join(seeds))
    return project


def test_a_trainer_runs_its_drivers_and_its_pipeline_ends_as_its_report_decides(trained: Project) -> None:
    well = trained.json("run", "p.json", "-p", "Least=0.3", "-p", "Depth=7")
    assert well["status"] == "Succeeded", well
    assert [found for found in well["findings"] if found["severity"] != "note"] == []
    downloaded = trained.run("download", "Evaluate.report")
    assert downloaded.returncode == 0, downloaded.stderr
    (report,) = trained.folder.rglob("evaluation.json")
    assert json.loads(report.read_text()) == {"accuracy": 0.3, "depth": "7"}

    weak = trained.json("run", "p.json", "-p", "Depth=7")
    steps = {step["name"]: step for step in weak["steps"]}
    assert weak["status"] == "Failed"
    assert steps["TooWeak"]["failure_reason"] == "below 0.5 at depth 7"
    assert steps["Prepare"]["reused_as"] == "CacheHitResult"


def test_a_tuner_finds_a_model_that_is_deployed_and_scores(project: Project) -> None:
    project.write("prepare.py", PREPARE_TWO)
    (project.folder / "raw").mkdir()
    project.write("raw/rows.csv", "".join(f"{int(n > 20)},{n},{n % 3}\n" for n in range(40)))
    project.write("tuning.json", (CORPUS / "v3-tuning" / "definition.json").read_text())
    project.write("deploy.json", (CORPUS / "v3-deploy" / "definition.json").read_text())
    seeds = ("--seed", "s3://my-bucket/code/prepare.py=prepare.py", "--seed", "s3://my-bucket/raw=raw")

    tuned = project.json("run", "tuning.json", *seeds)
    assert tuned["status"] == "Succeeded", tuned
    models = project.json("outputs")["step_outputs"]["Tune"]
    best = next(iter(models.values()))
    downloaded = project.run("download", f"Tune.{best['logical_name']}", "best")
    assert downloaded.returncode == 0, downloaded.stderr
    (model,) = project.folder.glob("best/**/model.tar.gz")

    (project.folder / "batch").mkdir()
    project.write("batch/rows.csv", "1,1\n39,0\n")
    deployed = project.json(
        "run",
        "deploy.json",
        "--seed",
        f"s3://my-bucket/models/model.tar.gz={model}",
        "--seed",
        "s3://my-bucket/batch=batch",
    )
    assert deployed["status"] == "Succeeded", deployed
    assert project.run("download", "Score.transform", "scores").returncode == 0
    (scores,) = project.folder.glob("scores/**/rows.csv.out")
    low, high = (float(line) for line in scores.read_text().splitlines())
    assert low < high
