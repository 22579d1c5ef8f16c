"""`seatrial check --portability`: a pipeline run twice, in two buckets, as a user asks for it."""

from __future__ import annotations

import json

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import PREFIX, pipeline, processing, under_prefix

LEAVE = "import os; p = os.environ['OUT']; open('/opt/ml/processing/out/data/a.txt', 'w').write('1')"


def test_a_place_that_was_frozen_into_the_pipeline_is_found_and_kept_with_the_second_run(
    project: Project,
) -> None:
    step = processing("Leave", LEAVE, outputs={"data": under_prefix("data")})
    step["Arguments"]["Environment"] = {"OUT": "s3://seatrial/cli-portability/here/metrics"}
    project.write("leave.json", pipeline(step))
    here = ("--prefix", "s3://seatrial/cli-portability/here")

    found = project.run("check", "leave.json", "--portability", *here, "--second-region", "eu-west-1")

    assert found.returncode == 1, found.stderr
    assert "error ST142  First prefix in the second run" in found.stdout
    assert "Environment.OUT of Leave names the first prefix" in found.stdout
    assert "1 step and 1 object compared" in found.stdout
    assert "run under s3://seatrial/cli-portability/here\n" in found.stderr
    assert "Leave: Succeeded" in found.stderr
    second, first = project.json("status")["executions"]
    assert first["status"] == second["status"] == "Succeeded"
    assert ":eu-west-1:" in second["execution_arn"]
    assert "ST142" in {each["code"] for each in project.json("check", second["execution_id"])["findings"]}
    again = project.run("check", "leave.json", "--portability", *here)
    assert again.returncode == 2
    assert "something lies under" in again.stderr


def test_a_pipeline_that_follows_its_prefix_is_told_so_as_json_too(project: Project) -> None:
    step = processing("Leave", LEAVE, outputs={"data": under_prefix("data")})
    step["Arguments"]["Environment"] = {"OUT": PREFIX}
    project.write("leave.json", pipeline(step))

    done = project.run("check", "leave.json", "--portability", "--thorough", "--json")

    told = json.loads(done.stdout)
    assert done.returncode == 0, done.stderr
    first, second = (run["prefix"] for run in told["runs"])
    assert first.startswith("s3://seatrial/portability/")
    assert second.startswith("s3://seatrial-elsewhere/")
    assert (told["varied"], told["steps"], told["objects"], told["excepted"]) == (["prefix"], 1, 1, [])
    assert [each for each in told["findings"] if each["code"].startswith("ST1")] == []


def test_a_pipeline_without_a_prefix_is_refused_with_what_to_do(project: Project) -> None:
    project.write("fixed.json", {**pipeline(processing("Leave", "pass")), "Parameters": []})
    refused = project.run("check", "fixed.json", "--portability")
    assert refused.returncode == 2
    assert "no parameter EXECUTION_S3_PREFIX" in refused.stderr
    assert "declare the String parameter EXECUTION_S3_PREFIX" in refused.stderr
