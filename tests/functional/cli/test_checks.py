"""Check steps in definitions that the SDK wrote: baselines found, registered and held against later data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.functional.cli.conftest import Project

CORPUS = Path(__file__).parents[2] / "corpus"
RAW = "s3://my-bucket/raw/"


def take(project: Project, case: str, **seeds: str) -> None:
    """The corpus case as p.json, what compiling uploaded beside it, and a file for each S3 URI."""
    for path in (CORPUS / case).glob("*.json"):
        project.write("p.json" if path.name == "definition.json" else path.name, path.read_text())
    lines = [f'["{uri}"]\npath = "{path}"\n' for uri, path in seeds.items()]
    project.write("seeds.toml", "".join(lines))


def rows(*, grown: int = 0, cities: tuple[str, ...] = ("Kiel", "Bonn")) -> str:
    """Three hundred people, perhaps older, perhaps of other cities."""
    lines = [f"{20 + n % 40 + grown},{cities[n % len(cities)]},{n % 2}" for n in range(300)]
    return "\n".join(["age,city,bought", *lines]) + "\n"


def steps(run: Any) -> dict[str, Any]:
    return {step["name"]: step for step in run["steps"]}


def test_a_registered_baseline_is_held_against_later_data(project: Project) -> None:
    take(project, "data-quality", **{RAW: "raw", "s3://my-bucket/models/model.tar.gz": "model.tar.gz"})
    for name, text in {"raw": rows(), "later": rows(grown=15, cities=("Kiel", "Rom"))}.items():
        (project.folder / name).mkdir()
        project.write(f"{name}/rows.csv", text)
    project.write("model.tar.gz", "a model")

    unknown = project.json("run", "p.json")
    assert unknown["status"] == "Failed"
    assert "group churn has no approved version" in steps(unknown)["CheckData"]["failure_reason"]

    first = project.json(
        "run", "p.json", "-p", "SkipCheck=true", "-p", "RegisterNewBaseline=true", "-p", "Approval=Approved"
    )
    assert first["status"] == "Succeeded", first
    outputs = project.json("outputs")["step_outputs"]["CheckData"]["quality_check_output"]
    written = [item["relative_key"] for item in outputs["metadata"]["objects"]]
    assert written == ["constraints.json", "statistics.json"]

    second = project.json("run", "p.json")
    assert second["status"] == "Succeeded", second
    entries = project.json("lineage")["entries"]
    read = {entry["to_input"]: entry["s3_uri"] for entry in entries}
    assert read["baseline_constraints"] == f"{outputs['s3_uri']}/constraints.json"
    assert read["DriftCheckBaselines.ModelDataQuality.Constraints.S3Uri"] == read["baseline_constraints"]
    assert {entry["to_step"] for entry in entries if entry["from_step"] == "CheckData"} == {
        "Register-RegisterModel"
    }

    third = project.json(
        "run", "p.json", "-p", "InputData=s3://later/raw/", "--seed", "s3://later/raw/=later"
    )
    assert third["status"] == "Failed"
    failed = steps(third)["CheckData"]
    report = failed["failure_reason"].removeprefix("ClientError: Quality check failed. See violation report ")
    assert report.endswith("/data-quality/constraint_violations.json")
    assert "Register-RegisterModel" not in {
        name for name, step in steps(third).items() if step["status"] == "Succeeded"
    }
    project.run("download", "CheckData.quality_check_output", "here")
    (found,) = project.folder.glob("here/**/constraint_violations.json")
    kinds = {
        (violation["feature_name"], violation["constraint_check_type"])
        for violation in json.loads(found.read_text())["violations"]
    }
    assert kinds == {
        ("age", "baseline_drift_check"),
        ("city", "baseline_drift_check"),
        ("city", "categorical_values_check"),
    }
    assert project.run("report").returncode == 0


def test_a_model_that_has_become_worse_fails_its_check(project: Project) -> None:
    baseline = {
        "version": 0.0,
        "binary_classification_constraints": {
            "recall": {"threshold": 0.9, "comparison_operator": "LessThanThreshold"}
        },
    }
    project.write("constraints.json", baseline)
    project.write("statistics.json", {"version": 0.0})
    project.write("scored.csv", "label,prediction,probability\n1,1,0.9\n1,0,0.4\n0,0,0.2\n0,1,0.8\n")
    take(
        project,
        "model-quality",
        **{
            "s3://my-bucket/scored/rows.csv": "scored.csv",
            "s3://my-bucket/baseline/constraints.json": "constraints.json",
            "s3://my-bucket/baseline/statistics.json": "statistics.json",
        },
    )
    inputs = {item["uri"] for item in project.json("plan", "p.json")["inputs"]}
    assert {"s3://my-bucket/baseline/constraints.json", "s3://my-bucket/scored/"} <= inputs

    assert project.json("run", "p.json")["status"] == "Failed"
    assert "Metric recall with 0.5 was LessThanThreshold 0.9" in project.run("logs", "CheckModel").stdout


def test_the_bias_of_a_data_set_is_a_baseline(project: Project) -> None:
    project.write("rows.csv", rows().partition("\n")[2])
    take(
        project,
        "data-bias",
        **{
            f"{RAW}rows.csv": "rows.csv",
            "s3://my-bucket/analysis/analysis_config.json": "analysis_config.json",
        },
    )
    ended = project.json("run", "p.json")
    assert ended["status"] == "Succeeded", ended
    project.run("download", "CheckBias.analysis_result", "here")
    (found,) = project.folder.glob("here/**/analysis.json")
    (group,) = json.loads(found.read_text())["pre_training_bias_metrics"]["facets"]["city"]
    # Half of all are from Kiel, none of whom bought.
    figures = {metric["name"]: metric["value"] for metric in group["metrics"]}
    assert (figures["CI"], figures["DPL"]) == (0.0, 1.0)


@pytest.mark.timeout(240)
def test_a_model_is_asked_while_it_is_checked_and_gone_afterwards(
    project: Project, docker_client: docker.DockerClient
) -> None:
    # Whoever is over forty buys, whatever the visits; XGBoost finds that out.
    people = [(20 + n % 41, n % 5) for n in range(82)]
    project.write("rows.csv", "".join(f"{int(age > 40)},{age},{visits}\n" for age, visits in people))
    take(
        project,
        "model-checks",
        **{
            f"{RAW}rows.csv": "rows.csv",
            "s3://my-bucket/analysis/model-bias/analysis_config.json": "analysis_config-CheckBias.json",
            "s3://my-bucket/analysis/explanations/analysis_config.json": "analysis_config-Explain.json",
        },
    )
    ended = project.json("run", "p.json")
    assert ended["status"] == "Succeeded", ended
    for step in ("CheckBias", "Explain"):
        project.run("download", f"{step}.analysis_result", step)
    (bias,) = project.folder.glob("CheckBias/**/analysis.json")
    (group,) = json.loads(bias.read_text())["post_training_bias_metrics"]["facets"]["age"]
    figures = {metric["name"]: metric["value"] for metric in group["metrics"]}
    assert (figures["DPPL"], figures["AD"]) == (-1.0, 0.0)
    (explained,) = project.folder.glob("Explain/**/analysis.json")
    values = json.loads(explained.read_text())["explanations"]["kernel_shap"]["label0"]["global_shap_values"]
    assert values["age"] > 0.3
    assert values["visits"] == pytest.approx(0, abs=0.01)
    flows = {
        (entry["from_step"], entry["to_step"], entry["to_input"])
        for entry in project.json("lineage")["entries"]
    }
    assert ("Train", "Explain", "model") in flows
    (execution,) = project.json("status")["executions"]
    label = {"label": f"seatrial.execution={execution['execution_id']}"}
    assert docker_client.containers.list(all=True, filters=label) == []


def test_what_a_batch_transform_answers_is_watched(project: Project) -> None:
    project.write("rows.csv", "".join(f"{int(age > 40)},{age}\n" for age in range(20, 60)))
    project.write("batch.csv", "".join(f"{age}\n" for age in range(20, 60)))
    scores = {"name": "_c0", "inferred_type": "Fractional", "completeness": 1.0}
    project.write("constraints.json", {"version": 0.0, "features": [scores]})
    project.write("statistics.json", {"version": 0.0, "features": []})
    take(
        project,
        "monitored-transform",
        **{
            f"{RAW}rows.csv": "rows.csv",
            "s3://my-bucket/batch/batch.csv": "batch.csv",
            "s3://my-bucket/baseline/constraints.json": "constraints.json",
            "s3://my-bucket/baseline/statistics.json": "statistics.json",
        },
    )
    ended = project.json("run", "p.json")
    assert ended["status"] == "Succeeded", ended
    flows = {(entry["from_step"], entry["to_step"]) for entry in project.json("lineage")["entries"]}
    assert ("Watch-transform", "Watch-monitoring") in flows
    project.run("download", "Watch-monitoring.quality_check_output", "here")
    (found,) = project.folder.glob("here/**/statistics.json")
    document = json.loads(found.read_text())
    assert document["dataset"]["item_count"] == 40
    assert [feature["inferred_type"] for feature in document["features"]] == ["Fractional"]


def test_local_mode_serves_no_model_beside_a_job(project: Project) -> None:
    take(project, "model-checks")
    refused = project.run("run", "p.json", "--engine", "local-mode")
    assert refused.returncode == 2
    assert "CheckBias" in refused.stderr
    assert "an endpoint; processing and training go through local mode here" in refused.stderr
