"""seatrial in a container that holds Docker's socket, as in many a CI job: the engine sees no file of it."""

from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path
from typing import Any

import docker
import pytest

from seatrial.images import Images
from tests.functional.cli.definitions import ROLE, pipeline, processing, training, under_prefix
from tests.integration.packaging.conftest import uv

SOCKET = "/var/run/docker.sock"

MAKE = (
    "import pathlib; p = pathlib.Path('/opt/ml/processing'); a = p / 'in/raw/a.txt'; "
    "d = p / 'out/data/deep'; d.mkdir(); (d / 'b.txt').write_text(a.read_text() + ' made'); "
    "a.write_text('spoilt')"
)
LEARN = (
    "import pathlib; p = pathlib.Path('/opt/ml'); b = p / 'input/data/data/deep/b.txt'; "
    "(p / 'model/model.txt').write_text(b.read_text() + ' learnt')"
)
TELL = (
    "import shutil; p = '/opt/ml/processing/'; shutil.move(p + 'in/raw/a.txt', p + 'out/told/told.txt'); "
    "open('/lost.bin', 'w').write('12345')"
)
SERVE = (
    b"def model_fn(model_dir):\n    return open(model_dir + '/word.txt').read()\n"
    b"def input_fn(body, content_type):\n    return body.decode() if isinstance(body, bytes) else body\n"
    b"def predict_fn(text, word):\n    return text + ' ' + word\n"
    b"def output_fn(said, accept):\n    return said, accept\n"
)
SERVING_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"

# What a CI job would type, one line after the other, and what it would look at.
SCRIPT = """
set -e
cp -r /given/. .
python3 -m seatrial run definition.json >&2
python3 -m seatrial download Tell.told ./told >&2
python3 -m seatrial download Learn.model ./model >&2
python3 -m seatrial download Score.transform ./scored >&2
python3 -m seatrial download Shielded.transform ./shielded >&2
cat told/told.txt; echo
tar -xOf model/*.tar.gz model.txt; echo
cat scored/b.txt.out shielded/b.txt.out; echo
python3 -m seatrial check --json
"""
CLEAN = "cd /trial && python3 -m seatrial clean --store --state --yes"


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, distributions: Path) -> Path:
    """The wheel and its locked dependencies for the Python of the base image."""
    folder = tmp_path_factory.mktemp("site")
    locked = folder / "requirements.txt"
    uv("export", "--frozen", "--no-default-groups", "--no-emit-project", "--output-file", locked)
    [wheel] = distributions.glob("*.whl")
    target = ("--target", folder / "site", "--python-version", "3.11")
    uv("pip", "install", *target, "--requirements", locked)
    uv("pip", "install", *target, "--no-deps", wheel)
    return folder / "site"


def scoring(name: str, *, isolated: bool) -> tuple[dict[str, Any], dict[str, Any]]:
    """A model and the step that serves it; isolated, it is on a network of its own, which we have to join."""
    container = {
        "Image": SERVING_IMAGE,
        "ModelDataUrl": "s3://outside/model/model.tar.gz",
        "Environment": {
            "SAGEMAKER_PROGRAM": "inference.py",
            "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code",
        },
    }
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": under_prefix("make", "deep")}}
    model = {
        "PrimaryContainer": container,
        "ExecutionRoleArn": ROLE,
        "EnableNetworkIsolation": isolated,
    }
    transform = {
        "ModelName": {"Get": f"Steps.{name}Model.ModelName"},
        "TransformInput": {"DataSource": source, "ContentType": "text/plain"},
        "TransformOutput": {"S3OutputPath": under_prefix(name.lower()), "Accept": "text/plain"},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
    }
    return (
        {"Name": f"{name}Model", "Type": "Model", "Arguments": model},
        {"Name": name, "Type": "Transform", "Arguments": transform, "DependsOn": ["Make"]},
    )


def put_model(folder: Path) -> None:
    """A model whose script adds a word of its own."""
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        for name, data in {"word.txt": b"scored", "code/inference.py": SERVE}.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))


@pytest.fixture
def definition(tmp_path: Path) -> Path:
    """A folder with a pipeline of every kind of job, its data and its settings."""
    folder = tmp_path / "given"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "a.txt").write_text("given")
    raw = "s3://outside/raw/"
    steps = (
        processing("Make", MAKE, inputs={"raw": raw}, outputs={"data": under_prefix("make")}),
        training("Learn", LEARN, inputs={"data": under_prefix("make")}) | {"DependsOn": ["Make"]},
        processing("Tell", TELL, inputs={"raw": raw}, outputs={"told": under_prefix("told")})
        | {"DependsOn": ["Make"]},
        *scoring("Score", isolated=False),
        *scoring("Shielded", isolated=True),
    )
    put_model(folder)
    (folder / "definition.json").write_text(json.dumps(pipeline(*steps)))
    (folder / "seeds.toml").write_text(
        f'["{raw}"]\npath = "raw"\n["s3://outside/model/model.tar.gz"]\npath = "model.tar.gz"\n'
    )
    (folder / "seatrial.toml").write_text('[images]\npython = "base"\n')
    return folder


def test_a_pipeline_runs_from_within_a_container(
    docker_client: docker.DockerClient, images: Images, site: Path, definition: Path
) -> None:
    images.ensure("scikit-learn-1.2")
    mounts = [f"{SOCKET}:{SOCKET}", f"{site}:/site:ro", f"{definition}:/given:ro"]
    container = docker_client.containers.create(
        images.ensure("base"),
        ["sh", "-c", f"mkdir /trial && cd /trial && ({SCRIPT}); status=$?; {CLEAN} >&2; exit $status"],
        environment={"PYTHONPATH": "/site"},
        volumes=mounts,
        labels={"seatrial.test": "inside"},
    )
    try:
        container.start()
        status = container.wait(timeout=300)["StatusCode"]
        said = container.logs(stdout=True, stderr=False).decode()
        complaints = container.logs(stdout=False, stderr=True).decode()
    finally:
        container.remove(force=True, v=True)
    assert status == 0, complaints
    told, learnt, scored, findings = said.split("\n", 3)
    assert (told, learnt) == ("given", "given made learnt")
    assert scored == "given made scored" * 2
    lost = [found for found in json.loads(findings)["findings"] if found["code"] == "ST112"]
    assert [(found["step"], found["message"].rpartition(" in ")[2]) for found in lost] == [
        ("Make", "/opt/ml/processing/in/raw"),
        ("Tell", "/"),
    ]
