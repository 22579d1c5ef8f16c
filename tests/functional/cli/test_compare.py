"""`seatrial compare`: two real executions that did the same, and one that did not."""

from __future__ import annotations

import pytest

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline, processing, training, under_prefix

WORD = {"Name": "Word", "Type": "String", "DefaultValue": "ahoy"}
SAY = "import os; open('/opt/ml/processing/out/data/said.txt', 'w').write(os.environ['WORD'])"
TRAIN = "open('/opt/ml/model/model.bin', 'w').write('a model')"


@pytest.fixture
def talks(project: Project) -> Project:
    """A project whose pipeline says the word that it is given."""
    say = processing("Say", SAY, outputs={"data": under_prefix("say")})
    say["Arguments"]["Environment"] = {"WORD": {"Get": "Parameters.Word"}}
    project.write("talks.json", pipeline(say, training("Train", TRAIN), parameters=[WORD]))
    return project


def ran(project: Project, *arguments: str) -> str:
    """The id of a new execution that succeeded."""
    result = project.run("run", "talks.json", *arguments)
    assert result.returncode == 0, result.stderr
    [execution] = project.json("status", "latest")["executions"]
    return str(execution["execution_id"])


def test_two_executions_agree_until_a_parameter_changes_what_they_write(talks: Project) -> None:
    first = ran(talks)
    alone = talks.run("compare")
    assert alone.returncode == 2
    assert "none came before it" in alone.stderr

    second = ran(talks)
    same = talks.run("compare")
    assert same.returncode == 0, same.stdout
    assert "they agree: 2 steps, 2 objects" in same.stdout
    assert f"{first}  talks Succeeded, engine native" in same.stdout

    third = ran(talks, "-p", "Word=avast")
    other = talks.run("compare", first, third)
    assert other.returncode == 1
    assert "Say.data said.txt holds something else" in other.stdout
    assert "they differ: 1 difference" in other.stdout

    report = talks.json("compare")
    assert (report["agree"], report["first"]["execution_id"], report["second"]["execution_id"]) == (
        False,
        second,
        third,
    )
    assert [(found["step"], found["kind"]) for found in report["differences"]] == [("Say", "content")]
    assert "engine native" in talks.run("status", third).stdout


def test_an_execution_that_took_its_steps_from_the_other_proves_nothing(project: Project) -> None:
    cached = {"CacheConfig": {"Enabled": True, "ExpireAfter": "PT12H"}}
    say = processing("Say", SAY, outputs={"data": under_prefix("say")}, **cached)
    say["Arguments"]["Environment"] = {"WORD": "ahoy"}
    project.write("talks.json", pipeline(say))
    first = ran(project)
    second = ran(project)

    reused = project.run("compare")

    assert reused.returncode == 1, reused.stdout
    assert f"not run: taken from {first}" in reused.stdout
    assert "lies elsewhere" not in reused.stdout
    assert f"nothing is certain: execution {second} ran no job of its own" in reused.stdout
    ran(project, "--no-cache")
    assert project.run("compare", first).returncode == 2
    assert project.run("compare", first, "latest").returncode == 0
    assert project.run("compare", first, first).returncode == 2
    assert project.run("compare", first, "").returncode == 2
