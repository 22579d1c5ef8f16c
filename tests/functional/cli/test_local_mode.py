"""Whole runs by SageMaker's own local mode: the same commands, the same records, and nothing left behind."""

from __future__ import annotations

import signal
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
import pytest

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import ROLE, output_of, pipeline, processing, under_prefix, writes

OURS = ("com.docker.compose.project", "seatrial")
ENGINE = ("--engine", "local-mode")
TRAIN = (
    "import os, pathlib; text = pathlib.Path('/opt/ml/input/data/train/file.txt').read_text(); "
    "pathlib.Path('/opt/ml/model/model.txt').write_text(text * 2); print('loss=0.25;')"
)


@pytest.fixture
def local(project: Project, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The project, with a folder of its own for whatever is temporary."""
    temporary = tmp_path_factory.mktemp("temporary")
    return replace(project, environment={**project.environment, "TMPDIR": str(temporary)})


def training(name: str, script: str, channel: Any) -> dict[str, Any]:
    """A training step that runs a line of Python; its channel is called `train`."""
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": channel}}
    arguments = {
        "AlgorithmSpecification": {
            "TrainingImage": "python",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["python3", "-c", script],
            "MetricDefinitions": [{"Name": "loss", "Regex": "loss=([0-9.]+);"}],
        },
        "InputDataConfig": [{"ChannelName": "train", "DataSource": source}],
        "OutputDataConfig": {"S3OutputPath": under_prefix("models")},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        "RoleArn": ROLE,
    }
    return {"Name": name, "Type": "Training", "Arguments": arguments}


def assert_nothing_is_left(project: Project, client: docker.DockerClient, execution: str) -> None:
    """No container, no network, no temporary file; of each attempt the log."""
    labels = {"label": f"seatrial.execution={execution}"}
    assert client.containers.list(all=True, filters=labels) == []
    assert [
        made
        for made in client.networks.list(names=["sagemaker-local"])
        if OURS in made.attrs["Labels"].items()
    ] == []
    assert list(Path(project.environment["TMPDIR"]).iterdir()) == []
    steps = project.folder / ".seatrial" / "executions" / execution / "steps"
    assert {path.name for path in steps.glob("*/attempt-*/*")} == {"log.txt"}


def test_processing_and_training_go_through_local_mode(
    local: Project, docker_client: docker.DockerClient
) -> None:
    definition = pipeline(
        processing("Make", writes("data", "ab"), outputs={"data": under_prefix("made")}),
        training("Train", TRAIN, output_of("Make", "data")),
    )
    ended = local.json("run", local.write("p.json", definition), *ENGINE)
    assert ended["status"] == "Succeeded"
    assert local.json("status")["executions"][0]["engines"] == ["local-mode"]
    manifest = local.json("outputs")
    outputs = manifest["step_outputs"]
    assert {step: set(names) for step, names in outputs.items()} == {
        "Make": {"data"},
        "Train": {"model", "output"},
    }
    members = outputs["Train"]["model"]["metadata"]["members"]
    assert [(member["name"], member["size"]) for member in members] == [("model.txt", 4)]
    assert_nothing_is_left(local, docker_client, manifest["execution_metadata"]["execution_id"])


def test_a_failing_job_says_so_in_local_modes_words_and_keeps_what_it_uploaded(
    local: Project, docker_client: docker.DockerClient
) -> None:
    script = f"{writes('part', 'half')}; print('about to fail'); raise SystemExit(3)"
    definition = pipeline(processing("Break", script, outputs={"part": under_prefix("part")}))
    name = local.write("p.json", definition)
    ended = local.run("run", name, *ENGINE)
    assert ended.returncode == 1
    assert "Process exited with code: 3" in ended.stdout + ended.stderr
    assert "about to fail" in local.run("logs", "Break").stdout
    outputs = local.json("outputs")
    written = outputs["step_outputs"]["Break"]["part"]["metadata"]["objects"]
    assert [item["relative_key"] for item in written] == ["file.txt"]
    assert_nothing_is_left(local, docker_client, outputs["execution_metadata"]["execution_id"])


def test_a_run_that_is_stopped_leaves_nothing(local: Project, docker_client: docker.DockerClient) -> None:
    definition = pipeline(processing("Wait", "print('here', flush=True); import time; time.sleep(120)"))
    running = local.start("run", local.write("p.json", definition), *ENGINE)
    log = _wait_for_log(local.folder, "here")
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)
    assert running.returncode != 0
    execution = log.parts[-5]
    assert local.json("status")["executions"][0]["status"] == "Stopped"
    assert_nothing_is_left(local, docker_client, execution)


def test_what_local_mode_cannot_do_is_refused_with_the_list(local: Project) -> None:
    step = processing("Alone", "pass")
    step["Arguments"]["NetworkConfig"] = {"EnableNetworkIsolation": True}
    name = local.write("p.json", pipeline(step))
    refused = local.run("run", name, *ENGINE)
    assert refused.returncode == 2
    assert "ST201" in refused.stderr
    assert "network isolation" in refused.stderr
    assert local.run("plan", name).returncode == 0


def _wait_for_log(folder: Path, text: str) -> Path:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for log in folder.glob(".seatrial/executions/*/steps/*/attempt-1/log.txt"):
            if text in log.read_text(errors="replace"):
                return log
        time.sleep(0.05)
    raise AssertionError("the job never got so far")
