"""kill -9 at random moments, in real containers: the end is that of a run that nobody disturbed."""

from __future__ import annotations

import os
import random
import signal
import subprocess
from contextlib import suppress

import docker

from seatrial.ports.executions import Event
from seatrial.records import Records
from tests.adapters.clock import StillClock
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import output_of, pipeline, processing, training, under_prefix, writes

KILLS = 10
COPY = "import shutil;shutil.copy('/opt/ml/processing/in/data/file.txt','/opt/ml/processing/out/data/')"
LEARN = "import shutil;shutil.copy('/opt/ml/input/data/data/file.txt','/opt/ml/model/')"


def copying(name: str, source: str) -> dict[str, object]:
    return processing(
        name, COPY, inputs={"data": output_of(source, "data")}, outputs={"data": under_prefix(name)}
    )


SIX_STEPS = pipeline(
    processing("Write", writes("data", "ahoy"), outputs={"data": under_prefix("Write")}),
    copying("Left", "Write"),
    copying("Right", "Write"),
    training("Train", LEARN, inputs={"data": output_of("Left", "data")}),
    copying("Further", "Right"),
    processing("Last", "pass", DependsOn=["Train", "Further"]),
)


def test_whatever_the_moment_resume_ends_as_an_undisturbed_run(
    project: Project, docker_client: docker.DockerClient
) -> None:
    name = project.write("six.json", SIX_STEPS)
    undisturbed = project.run("run", name)
    assert undisturbed.returncode == 0, undisturbed.stderr
    [reference] = executions(project, ended=True)
    moments = random.Random(10)  # noqa: S311  # moments, not secrets
    killed = 0
    while killed < KILLS:
        words = ("resume", open_[0]) if (open_ := executions(project, ended=False)) else ("run", name)
        killed += lived_less_than(moments.uniform(0.6, 2.6), project.start(*words))
    for execution in executions(project, ended=False):
        assert project.run("resume", execution).returncode == 0

    disturbed = [each for each in executions(project, ended=True) if each != reference]
    assert disturbed
    for execution in disturbed:
        compared = project.run("compare", reference, execution)
        assert compared.returncode == 0, compared.stdout
        assert_nothing_that_succeeded_ran_again(project, execution)
        label = f"seatrial.execution={execution}"
        assert docker_client.containers.list(all=True, filters={"label": label}) == []
    assert list(project.folder.glob(".seatrial/executions/*/steps/*/*/stage")) == []


def executions(project: Project, *, ended: bool) -> list[str]:
    with records_of(project) as records:
        known = records.list()
    return [each.execution_id for each in known if (each.ended_at is not None) is ended]


def records_of(project: Project) -> Records:
    return Records(project.folder / ".seatrial" / "state.db", StillClock())


def lived_less_than(seconds: float, process: subprocess.Popen[str]) -> bool:
    """Kill the process after that time; whether it was still alive."""
    with suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=seconds)
        return False
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    return True


def assert_nothing_that_succeeded_ran_again(project: Project, execution: str) -> None:
    with records_of(project) as records:
        events = records.events(execution)
        assert {step.status.value for step in records.execution(execution).steps} == {"Succeeded"}
    histories: dict[str, list[Event]] = {}
    for event in events:
        if event.step is not None and "status" in event.detail:
            histories.setdefault(event.step, []).append(event)
    assert len(histories) == 6
    for step, history in histories.items():
        statuses = [event.detail["status"] for event in history]
        assert statuses.index("Succeeded") == len(statuses) - 1, (step, statuses)
