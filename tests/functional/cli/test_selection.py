"""A part of a pipeline on what an earlier execution left, in real containers."""

from __future__ import annotations

import json

from seatrial.ports.storage import S3Uri
from seatrial.storage import MinioStore
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import output_of, pipeline, processing, under_prefix, writes

READ = "print(open('/opt/ml/processing/in/data/file.txt').read())"
STEPS = pipeline(
    processing("First", writes("data", "ahoy"), outputs={"data": under_prefix("first")}),
    processing("Second", READ, inputs={"data": output_of("First", "data")}),
    processing("Third", "pass", DependsOn=["Second"]),
)


def test_a_step_runs_alone_on_what_an_earlier_execution_wrote(project: Project) -> None:
    name = project.write("three.json", STEPS)
    refused = project.run("run", name, "--only", "Second")
    assert refused.returncode == 2
    assert "The selected steps [Second] have dependencies on [First]" in refused.stderr
    assert project.run("run", name).returncode == 0
    [source] = project.json("status")["executions"]

    planned = {step["name"]: step for step in project.json("plan", name, "--only", "Second")["steps"]}
    assert [each for each in planned if planned[each]["selected"]] == ["Second"]
    assert planned["First"]["reused_from"] == source["execution_arn"]
    assert planned["Third"]["reused_from"] is None
    result = project.run("run", name, "--only", "Second", "--json")

    assert result.returncode == 0, result.stderr
    report = json.loads(result.stdout)
    assert [(step["name"], step["reused_from"]) for step in report["steps"]] == [
        ("First", source["execution_arn"]),
        ("Second", None),
    ]
    assert project.run("logs", "Second").stdout.strip() == "ahoy"
    no_log = project.run("logs", "First")
    assert f"seatrial logs First {source['execution_id']}" in no_log.stderr
    data = project.json("outputs")["step_outputs"]["First"]["data"]
    assert source["execution_id"] in data["s3_uri"]
    assert data["metadata"]["reused_from"] == source["execution_arn"]
    assert project.json("lineage")["entries"][0]["from_step"] == "First"
    assert project.run("check", "--fail-on", "warning").returncode == 0
    [latest, *_] = project.json("status")["executions"]
    assert (latest["selected_steps"], latest["source_execution_arn"]) == (
        ["Second"],
        source["execution_arn"],
    )
    shown = project.run("status", "latest").stdout
    assert f"taken over from execution {source['execution_id']}" in shown
    assert "Third" not in shown
    page = (project.folder / project.json("report")["html"]).read_text()
    assert f"taken over from execution {source['execution_id']}" in page
    assert "Not selected" in page


def test_outputs_that_have_left_the_store_are_told_before_anything_starts(
    project: Project, store: MinioStore
) -> None:
    name = project.write("left.json", STEPS)
    assert project.run("run", name, "--prefix", "s3://trial-left/x").returncode == 0
    store.delete([S3Uri("trial-left", "x/first/file.txt")])

    refused = project.run("run", name, "--only", "Second")

    assert refused.returncode == 2
    assert "ST103: First.data, which Second reads, has left the store since execution" in refused.stderr
    assert "select First too" in refused.stderr
    planned = project.json("plan", name, "--only", "Second")
    assert "ST103" in {found["code"] for found in planned["findings"]}
    assert planned["outputs"]["step_outputs"] == {}
    shown = project.run("plan", name, "--only", "Second")
    assert (shown.returncode, "\nruns" in shown.stdout) == (0, False)
    assert "does not run because" in " ".join(shown.stdout.split())

    store.write(S3Uri("trial-left", "x/first/file.txt"), b"other words")
    replaced = project.run("run", name, "--only", "Second")
    assert replaced.returncode == 2
    assert "ST103: First.data, which Second reads, was replaced since execution" in replaced.stderr
    assert "--only First" in replaced.stderr


def test_a_source_without_a_selection_is_wrong_use(project: Project) -> None:
    refused = project.run("run", project.write("three.json", STEPS), "--source", "latest")

    assert refused.returncode == 2
    assert "--source goes with --only or --from" in refused.stderr
