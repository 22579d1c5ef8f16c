"""A definition that the SDK wrote, with several instances: run in real containers, looked at afterwards."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import docker
import pytest

from seatrial.app.clock import SystemClock
from seatrial.records import Records
from tests.functional.cli.conftest import Project

DEFINITION = Path(__file__).parents[2] / "corpus" / "several-instances" / "definition.json"

COUNT = """
import json, pathlib, socket, time

root = pathlib.Path("/opt/ml/processing")
resources = json.loads(pathlib.Path("/opt/ml/config/resourceconfig.json").read_text())
host, others = resources["current_host"], len(resources["hosts"]) - 1
own = sum(len(path.read_text().split()) for path in (root / "words").glob("*.txt"))
(root / "counts" / host).write_text(str(own))
if host == "algo-1":
    total = own
    with socket.create_server(("", 7777)) as server:
        for _ in range(others):
            line, _ = server.accept()
            total += int(line.makefile().read())
    (root / "counts" / "total").write_text(str(total))
else:
    for _ in range(200):
        try:
            with socket.create_connection(("algo-1", 7777), timeout=5) as line:
                line.sendall(str(own).encode())
            break
        except OSError:
            time.sleep(0.05)
"""
TRAIN = """
import argparse, json, os, pathlib

parser = argparse.ArgumentParser()
parser.add_argument("--rounds", type=int)
rounds = parser.parse_args().rounds
host, hosts = os.environ["SM_CURRENT_HOST"], json.loads(os.environ["SM_HOSTS"])
total = int((pathlib.Path(os.environ["SM_CHANNEL_COUNTS"]) / "total").read_text())
if host == hosts[0]:
    print(f"total={total}")
model = pathlib.Path(os.environ["SM_MODEL_DIR"])
(model / f"{host}.json").write_text(json.dumps({"hosts": hosts, "rounds": rounds, "total": total}))
"""
PUBLISH = """
import json, pathlib
import boto3

s3 = boto3.client("s3")
root = pathlib.Path("/opt/ml/processing")
job = json.loads(pathlib.Path("/opt/ml/config/processingjobconfig.json").read_text())
words, page = job["ProcessingInputs"][1]["S3Input"], job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]
assert not (root / "words").exists()
bucket, _, prefix = words["S3Uri"].removeprefix("s3://").partition("/")
found = s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]
models = {path.name: json.loads(path.read_text()) for path in sorted((root / "model").iterdir())}
bucket, _, prefix = page["S3Uri"].removeprefix("s3://").partition("/")
body = json.dumps({"words": len(found), "models": models})
s3.put_object(Bucket=bucket, Key=prefix + "/page.json", Body=body.encode())
"""


@pytest.fixture
def counting(project: Project) -> Project:
    """The project with the SDK's own definition and what it expects in S3."""
    for name, text in {"count.py": COUNT, "publish.py": PUBLISH}.items():
        project.write(name, text)
    with tarfile.open(project.folder / "sourcedir.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("train.py")
        member.size = len(TRAIN.encode())
        archive.addfile(member, io.BytesIO(TRAIN.encode()))
    words = project.folder / "words"
    words.mkdir()
    for number in range(3):
        (words / f"{number}.txt").write_text("word " * (number + 1))
    project.write("p.json", DEFINITION.read_text())
    seeds = {
        "s3://my-bucket/words/": "words",
        **{f"s3://my-bucket/code/{name}": name for name in ("count.py", "publish.py", "sourcedir.tar.gz")},
    }
    project.write("seeds.toml", "".join(f'["{uri}"]\npath = "{path}"\n' for uri, path in seeds.items()))
    return project


def described_jobs(project: Project) -> dict[str, Mapping[str, Any]]:
    """The describe response of each step's job in the latest execution."""
    with Records(project.folder / ".seatrial" / "state.db", SystemClock()) as records:
        record = records.execution("latest")
    return {step.name: step.result.describe for step in record.steps if step.result}


def test_hosts_share_the_work_find_one_another_and_leave_one_jobs_outputs(
    counting: Project, docker_client: docker.DockerClient
) -> None:
    ended = counting.json("run", "p.json")
    assert ended["status"] == "Succeeded", ended
    assert [found for found in ended["findings"] if found["severity"] != "note"] == []

    registry = counting.json("outputs")
    outputs = registry["step_outputs"]
    keys = {
        (step, name): [item["relative_key"] for item in info["metadata"]["objects"]]
        for step, infos in outputs.items()
        for name, info in infos.items()
    }
    assert keys == {
        ("Count", "counts"): ["algo-1", "algo-2", "total"],
        ("Train", "model"): ["algo-1.json", "algo-2.json"],
        ("Publish", "page"): ["page.json"],
    }
    model = outputs["Train"]["model"]
    assert model["s3_uri"].endswith("/output/model/")
    assert model["property_path"] == "ModelArtifacts.S3ModelArtifacts"

    described = described_jobs(counting)
    assert described["Train"]["ModelArtifacts"]["S3ModelArtifacts"] == model["s3_uri"]
    assert described["Train"]["ResourceConfig"]["InstanceCount"] == 2
    assert [(m["MetricName"], m["Value"]) for m in described["Train"]["FinalMetricDataList"]] == [
        ("total", 6.0)
    ]
    assert described["Publish"]["ProcessingOutputConfig"]["Outputs"][0]["AppManaged"] is True

    downloaded = counting.run("download", "Publish.page")
    assert downloaded.returncode == 0, downloaded.stderr
    (page,) = counting.folder.rglob("page.json")
    seen = {"hosts": ["algo-1", "algo-2"], "rounds": 3, "total": 6}
    assert json.loads(page.read_text()) == {
        "words": 3,
        "models": {"algo-1.json": seen, "algo-2.json": seen},
    }
    assert "algo-1 | total=6" in counting.run("logs", "Train").stdout
    flows = {(entry["from_step"], entry["to_step"]) for entry in counting.json("lineage")["entries"]}
    assert {("Count", "Train"), ("Train", "Publish")} <= flows
    assert counting.run("report").returncode == 0

    execution = registry["execution_metadata"]["execution_id"]
    mine = {"label": f"seatrial.execution={execution}"}
    assert docker_client.containers.list(all=True, filters=mine) == []
    assert docker_client.networks.list(filters=mine) == []
