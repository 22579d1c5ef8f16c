"""One step at a time where the execution says so, in real containers."""

from __future__ import annotations

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline, processing


def test_the_pipelines_own_limit_holds_besides_the_slots(project: Project) -> None:
    name = project.write("two.json", pipeline(processing("One", "pass"), processing("Two", "pass")))

    told = project.run("run", name, "--jobs", "4", "--max-parallel", "1").stderr

    assert told.index("One: Succeeded") < told.index("Two: Starting")
    [execution] = project.json("status")["executions"]
    assert (execution["status"], execution["max_parallel_steps"]) == ("Succeeded", 1)
