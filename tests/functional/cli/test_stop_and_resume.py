"""Ctrl-C, kill -9 and `seatrial resume`, in real containers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import docker

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import output_of, pipeline, processing, under_prefix, writes

STEP_LABEL = "seatrial.step"

# Waits until the gate holds `go`. One line, at most 256 characters: the service takes no longer argument.
WAIT = (
    "import os,signal,time;print('waiting',flush=True);"
    "signal.signal(15,lambda*_:(print('got SIGTERM',flush=True),os._exit(0)));"
    "exec('while not os.path.exists(\"/opt/ml/processing/in/gate/go\"):time.sleep(.1)')"
)


def _gated(bucket: str) -> dict[str, object]:
    return pipeline(
        processing("First", writes("data", "kept"), outputs={"data": under_prefix("first")}),
        processing(
            "Second",
            WAIT,
            inputs={"data": output_of("First", "data"), "gate": f"s3://{bucket}/gate/"},
        ),
        processing("Third", "print('last')", DependsOn=["Second"]),
    )


def _wait_for(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.1)


def _running(client: docker.DockerClient, step: str) -> list[object]:
    return client.containers.list(filters={"label": f"{STEP_LABEL}={step}"})


def _staged(project: Project) -> list[Path]:
    return list((project.folder / ".seatrial").glob("executions/*/steps/*/*/stage"))


def _begin(project: Project, client: docker.DockerClient, bucket: str, step: str) -> subprocess.Popen[str]:
    (project.folder / "gate").mkdir()
    (project.folder / "gate" / "closed").touch()
    definition = json.dumps(_gated(bucket)).replace('"Second"', f'"{step}"').replace("Second.", f"{step}.")
    name = project.write("gated.json", definition)
    process = project.start("run", name, "--seed", f"s3://{bucket}/gate/=gate")
    _wait_for(lambda: process.poll() is not None or "waiting" in project.run("logs", step).stdout)
    assert process.poll() is None, process.communicate()
    return process


def _open(project: Project, bucket: str) -> None:
    """Seed the gate's key with another pipeline: what resume reads is what lies in the store."""
    (project.folder / "gate" / "go").touch()
    opener = project.write(
        "open.json", pipeline(processing("Open", "pass", inputs={"g": f"s3://{bucket}/gate/"}))
    )
    assert project.run("run", opener, "--seed", f"s3://{bucket}/gate/=gate").returncode == 0


def test_ctrl_c_stops_cleanly_and_resume_finishes(
    project: Project, docker_client: docker.DockerClient
) -> None:
    process = _begin(project, docker_client, "trial-ctrl-c", "Held")

    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=60)

    assert process.returncode == 1
    assert "seatrial resume" in told
    assert "Traceback" not in told
    [execution] = project.json("status")["executions"]
    states = {step["name"]: step["status"] for step in execution["steps"]}
    assert (execution["status"], states) == ("Stopped", {"First": "Succeeded", "Held": "Stopped"})
    assert "got SIGTERM" in project.run("logs", "Held").stdout
    assert _running(docker_client, "Held") == []

    _open(project, "trial-ctrl-c")
    resumed = project.run("resume", execution["execution_id"], "--json")
    assert resumed.returncode == 0, resumed.stderr
    attempts = {step["name"]: step["attempts"] for step in json.loads(resumed.stdout)["steps"]}
    assert attempts == {"First": 1, "Held": 2, "Third": 1}


def test_a_killed_harness_leaves_what_resume_can_finish(
    project: Project, docker_client: docker.DockerClient
) -> None:
    process = _begin(project, docker_client, "trial-kill", "Orphan")

    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)
    assert _running(docker_client, "Orphan")

    _open(project, "trial-kill")
    execution = project.json("status")["executions"][1]
    assert execution["status"] == "Executing"
    assert "Executing, abandoned" in project.run("status").stdout
    assert (
        f"seatrial resume {execution['execution_id']}"
        in project.run("status", execution["execution_id"]).stdout
    )
    resumed = project.run("resume", execution["execution_id"], "--json")
    assert resumed.returncode == 0, resumed.stderr
    report = json.loads(resumed.stdout)
    assert {step["name"]: step["attempts"] for step in report["steps"]} == {
        "First": 1,
        "Orphan": 2,
        "Third": 1,
    }
    assert report["outputs"]["step_outputs"]["First"]
    label = f"seatrial.execution={execution['execution_id']}"
    assert docker_client.containers.list(all=True, filters={"label": label}) == []
    assert _staged(project) == []


def test_what_has_succeeded_is_not_resumed(project: Project) -> None:
    assert project.run("run", project.write("one.json", pipeline(processing("One", "pass")))).returncode == 0

    refused = project.run("resume")

    assert refused.returncode == 2
    assert "succeeded" in refused.stderr


def test_clean_removes_what_a_killed_harness_left(
    project: Project, docker_client: docker.DockerClient
) -> None:
    process = _begin(project, docker_client, "trial-clean", "Adrift")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)

    removed = project.json("clean")["removed"]
    # Besides, images of older recipes go, if this machine has any.
    assert [line for line in removed if not line.startswith("seatrial/")] == ["1 left-over container"]
    assert _running(docker_client, "Adrift") == []
    assert _staged(project) == []
    assert project.json("status")["executions"]  # no data is lost without being asked for


def test_clean_asks_before_it_removes_executions(project: Project) -> None:
    assert project.run("run", project.write("one.json", pipeline(processing("One", "pass")))).returncode == 0

    refused = project.run("clean", "--state")
    assert (refused.returncode, "--yes" in refused.stderr) == (2, True)  # nobody is there to be asked
    assert project.json("status")["executions"]
    assert project.run("clean", "--state", "--yes").returncode == 0
    assert not (project.folder / ".seatrial").exists()


def test_another_terminal_stops_it(project: Project, docker_client: docker.DockerClient) -> None:
    process = _begin(project, docker_client, "trial-stop", "Elsewhere")

    stopped = project.run("stop")

    assert stopped.returncode == 0, stopped.stderr
    assert ": Stopped" in stopped.stdout
    assert "go on with: seatrial resume" in stopped.stdout
    _, told = process.communicate(timeout=60)
    assert process.returncode == 1, told
    assert "got SIGTERM" in project.run("logs", "Elsewhere").stdout
    assert _running(docker_client, "Elsewhere") == []
    again = project.run("stop")
    assert (again.returncode, "it has ended" in again.stderr) == (2, True)


def test_what_lost_its_process_is_stopped_with_all_that_still_runs(
    project: Project, docker_client: docker.DockerClient
) -> None:
    process = _begin(project, docker_client, "trial-stop-lost", "Ownerless")
    os.kill(process.pid, signal.SIGKILL)
    process.communicate(timeout=60)

    [execution] = project.json("stop", "latest")["executions"]

    assert execution["status"] == "Stopped"
    assert {step["name"]: step["status"] for step in execution["steps"]}["Ownerless"] == "Stopped"
    assert _running(docker_client, "Ownerless") == []
    assert _staged(project) == []
