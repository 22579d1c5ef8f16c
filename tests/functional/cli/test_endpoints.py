"""An endpoint whose process is interrupted, then killed: nothing stays of it, and resume ends well."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import tarfile
import time
from pathlib import Path

import docker

from seatrial.ports.storage import S3Uri
from seatrial.storage import MinioStore
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline, processing, under_prefix
from tests.functional.cli.test_transform import model_step

BUCKET = "endpoint-trial"
SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
ENVIRONMENT = {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}
SHOUT = """
def model_fn(model_dir):
    return str.upper

def input_fn(body, content_type):
    return body.decode() if isinstance(body, bytes) else body

def predict_fn(data, model):
    return model(data)

def output_fn(prediction, accept):
    return prediction
"""
ASK = """
import os, pathlib, signal, time, urllib.request

signal.signal(signal.SIGTERM, lambda *_: os._exit(0))
url = os.environ["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"] + "/endpoints/loud/invocations"
question = urllib.request.Request(url, b"ahoy", {"Content-Type": "text/plain"})
pathlib.Path("/opt/ml/processing/out/said/said.txt").write_bytes(urllib.request.urlopen(question).read())
print("asked", flush=True)
while not pathlib.Path(__file__).with_name("go").exists():
    time.sleep(0.1)
"""
RUN = "import runpy;runpy.run_path('/opt/ml/processing/in/ask/ask.py')"
VARIANT = {
    "VariantName": "A",
    "ModelName": {"Get": "Steps.Create.ModelName"},
    "InstanceType": "ml.m5.large",
    "InitialInstanceCount": 1,
}
NAMED = {"EndpointName": "loud", "EndpointConfigName": {"Get": "Steps.Config.EndpointConfigName"}}
DEFINITION = pipeline(
    model_step("Create", Image=SKLEARN, ModelDataUrl=f"s3://{BUCKET}/model.tar.gz", Environment=ENVIRONMENT),
    {
        "Name": "Config",
        "Type": "EndpointConfig",
        "Arguments": {"EndpointConfigName": "loud", "ProductionVariants": [VARIANT]},
    },
    {"Name": "Deploy", "Type": "Endpoint", "Arguments": NAMED},
    processing(
        "Ask",
        RUN,
        inputs={"ask": f"s3://{BUCKET}/ask/"},
        outputs={"said": under_prefix("said")},
        DependsOn=["Deploy"],
    ),
)


def test_whoever_ends_the_process_the_endpoint_goes_and_resume_deploys_it_again(
    project: Project, docker_client: docker.DockerClient, store: MinioStore
) -> None:
    store.ensure_bucket(BUCKET)
    store.write(S3Uri(BUCKET, "model.tar.gz"), _archive())
    store.write(S3Uri(BUCKET, "ask/ask.py"), ASK.encode())

    interrupted = project.start("run", project.write("p.json", DEFINITION))
    _wait_until_asked(project, interrupted, attempt=1)
    [execution] = (path.name for path in (project.folder / ".seatrial" / "executions").iterdir())
    interrupted.send_signal(signal.SIGINT)
    interrupted.communicate(timeout=60)
    assert _left(docker_client, execution) == []

    killed = project.start("resume", execution)
    _wait_until_asked(project, killed, attempt=2)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=60)
    assert len(_left(docker_client, execution)) == 3  # the model's, the desk's and the job's

    store.write(S3Uri(BUCKET, "ask/go"), b"")
    resumed = project.json("resume", execution)
    assert resumed["status"] == "Succeeded", resumed
    attempts = {step["name"]: step["attempts"] for step in resumed["steps"]}
    assert attempts == {"Create": 1, "Config": 1, "Deploy": 3, "Ask": 3}
    assert project.run("download", "Ask.said", "said").returncode == 0
    assert [path.read_text() for path in project.folder.glob("said/**/said.txt")] == ["AHOY"]
    assert _left(docker_client, execution) == []
    assert list(project.folder.glob(".seatrial/executions/*/steps/*/*/stage")) == []


def _archive() -> bytes:
    body, text = io.BytesIO(), SHOUT.encode()
    with tarfile.open(fileobj=body, mode="w:gz") as archive:
        member = tarfile.TarInfo("code/inference.py")
        member.size = len(text)
        archive.addfile(member, io.BytesIO(text))
    return body.getvalue()


def _wait_until_asked(project: Project, process: subprocess.Popen[str], *, attempt: int) -> None:
    log = f".seatrial/executions/*/steps/Ask/attempt-{attempt}/log.txt"
    deadline = time.monotonic() + 60
    while not any("asked" in Path(found).read_text() for found in project.folder.glob(log)):
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < deadline, "it never came about"
        time.sleep(0.05)


def _left(client: docker.DockerClient, execution: str) -> list[str]:
    """Containers and networks of the execution."""
    labelled = {"label": f"seatrial.execution={execution}"}
    containers = client.containers.list(all=True, filters=labelled)
    return [each.name for each in (*containers, *client.networks.list(filters=labelled))]
