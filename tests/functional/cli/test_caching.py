"""Steps with a CacheConfig, executed twice in real containers."""

from __future__ import annotations

import json
from typing import Any

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import output_of, pipeline, processing, training, under_prefix

CACHED = {"CacheConfig": {"Enabled": True, "ExpireAfter": "PT12H"}}
COPY = "import shutil;shutil.copy('/opt/ml/processing/in/raw/a.txt','/opt/ml/processing/out/data/a.txt')"
LEARN = "import shutil;shutil.copy('/opt/ml/input/data/data/a.txt','/opt/ml/model/a.txt')"
STEPS = pipeline(
    processing(
        "Prepare",
        COPY,
        inputs={"raw": "s3://trial-cache/raw/"},
        outputs={"data": under_prefix("prepare")},
        **CACHED,
    ),
    training("Train", LEARN, inputs={"data": output_of("Prepare", "data")}) | CACHED,
    processing("Last", "pass", DependsOn=["Train"]),
)


def run(project: Project, *more: str) -> dict[str, Any]:
    """Run it, and hand back the steps by name."""
    result = project.run("run", "cached.json", "--seed", "s3://trial-cache/raw/=raw", "--json", *more)
    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    return {**report, "by_name": {step["name"]: step for step in report["steps"]}}


def test_a_step_that_did_the_same_before_is_taken_from_there(project: Project) -> None:
    (project.folder / "raw").mkdir()
    (project.folder / "raw" / "a.txt").write_text("ahoy")
    project.write("cached.json", STEPS)
    first = run(project)
    assert first["by_name"]["Prepare"]["cache"] == {
        "hit": False,
        "reason": "no earlier execution of this pipeline has finished this step",
    }

    second = run(project)

    assert [(name, step["reused_as"]) for name, step in second["by_name"].items()] == [
        ("Prepare", "CacheHitResult"),
        ("Train", "CacheHitResult"),
        ("Last", None),
    ]
    assert second["by_name"]["Train"]["reused_from"] == first["execution_arn"]
    assert second["by_name"]["Train"]["cache"]["hit"] is True
    outputs = [report["outputs"]["step_outputs"] for report in (first, second)]
    assert outputs[1]["Train"]["model"]["s3_uri"] == outputs[0]["Train"]["model"]["s3_uri"]
    assert outputs[1]["Train"]["model"]["metadata"]["reused_from"] == first["execution_arn"]
    assert [found for found in second["findings"] if found["severity"] != "note"] == []
    source = first["execution_arn"].rpartition("/")[2]
    assert f"cached from execution {source}" in project.run("status", "latest").stdout
    page = (project.folder / project.json("report")["html"]).read_text()
    assert f"hit: execution {source} finished it with the same arguments" in page

    (project.folder / "raw" / "a.txt").write_text("other data at the same place")
    third = run(project)
    assert third["by_name"]["Prepare"]["cache"]["hit"] is True
    assert [found["code"] for found in third["findings"] if found["severity"] != "note"] == ["ST115"]
    fourth = run(project, "--no-cache")
    assert {step["reused_as"] for step in fourth["steps"]} == {None}
    assert project.run("download", "Prepare.data", "here").returncode == 0
    assert (project.folder / "here" / "a.txt").read_text() == "other data at the same place"
