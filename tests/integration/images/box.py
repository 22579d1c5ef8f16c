"""One container with files put in before it starts and read back after it ended; no folder of the host."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import docker
from docker.errors import NotFound
from docker.models.containers import Container


@dataclass(frozen=True)
class Ended:
    """How a container ended, and what it left."""

    exit_code: int
    output: str
    container: Container

    def read(self, path: str) -> str | None:
        """The text of a file in the container, None if there is none."""
        try:
            stream, _ = self.container.get_archive(path)
        except NotFound:
            return None
        with tarfile.open(fileobj=io.BytesIO(b"".join(stream))) as archive:
            member = archive.extractfile(archive.getmembers()[0])
            return member.read().decode() if member else None


@contextmanager
def run(
    client: docker.DockerClient,
    image: str,
    *command: str,
    files: Mapping[str, str | bytes],
    **options: object,
) -> Iterator[Ended]:
    """Run the image's command with these files in place; no network, and gone at the end."""
    container = client.containers.create(
        image,
        list(command),
        network_mode="none",
        hostname="algo-1",
        extra_hosts={"algo-1": "127.0.0.1"},
        labels={"seatrial.test": "images"},
        **options,
    )
    try:
        container.put_archive("/", _packed(files))
        container.start()
        code = int(container.wait(timeout=120)["StatusCode"])
        yield Ended(code, container.logs().decode(errors="replace"), container)
    finally:
        container.remove(force=True, v=True)


def training_files(script: str | None, **hyperparameters: str) -> dict[str, str]:
    """What a training job finds under /opt/ml, with the script beside its data."""
    framework = {
        "sagemaker_program": json.dumps("train.py"),
        "sagemaker_submit_directory": json.dumps("/opt/ml/input/data/code"),
    }
    resources = {
        "current_host": "algo-1",
        "current_instance_type": "ml.m5.xlarge",
        "current_group_name": "homogeneousCluster",
        "hosts": ["algo-1"],
        "instance_groups": [
            {
                "instance_group_name": "homogeneousCluster",
                "instance_type": "ml.m5.xlarge",
                "hosts": ["algo-1"],
            }
        ],
        "network_interface_name": "eth0",
    }
    channel = {
        "TrainingInputMode": "File",
        "S3DistributionType": "FullyReplicated",
        "RecordWrapperType": "None",
    }
    given = {**(framework if script else {}), **hyperparameters}
    files = {
        "opt/ml/input/config/hyperparameters.json": json.dumps(given),
        "opt/ml/input/config/inputdataconfig.json": json.dumps({"train": channel}),
        "opt/ml/input/config/resourceconfig.json": json.dumps(resources),
        "opt/ml/input/data/train/data.csv": "0,1.0,5.0\n1,9.0,2.0\n0,2.0,6.0\n1,8.0,1.0\n",
        "opt/ml/model/": "",
        "opt/ml/output/data/": "",
    }
    return {**files, "opt/ml/input/data/code/train.py": script} if script else files


def _packed(files: Mapping[str, str | bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, text in files.items():
            content = text.encode() if isinstance(text, str) else text
            entry = tarfile.TarInfo(name.rstrip("/"))
            entry.type, entry.mode = (
                (tarfile.DIRTYPE, 0o755) if name.endswith("/") else (tarfile.REGTYPE, 0o644)
            )
            entry.size = len(content)
            archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()
