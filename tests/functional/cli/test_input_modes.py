"""A definition that the SDK wrote reads its data in every mode, in real containers."""

from __future__ import annotations

import io
import json
import os
import signal
import tarfile
import time
from pathlib import Path
from typing import Any

import docker
import pytest

from seatrial.ports.storage import S3Uri
from seatrial.storage import MinioStore
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import output_of, pipeline, processing, training, under_prefix

PLACE = "s3://seatrial/input-modes"
CORPUS = Path(__file__).parents[2] / "corpus" / "every-input-mode"

INFERENCE = b"""
from sagemaker_containers.beta.framework import worker
def model_fn(model_dir):
    return "scored "
def input_fn(body, content_type):
    return body.decode() if isinstance(body, bytes) else body
def predict_fn(data, model):
    return model + data
def output_fn(prediction, accept):
    return worker.Response(prediction, mimetype="text/csv")
"""
MAKE = """
import gzip, io, json, pathlib, sys, tarfile
place, made = sys.argv[2], pathlib.Path("/opt/ml/processing/made")
for name in ("rows", "packed", "images"):
    (made / name).mkdir()
for number in range(4):
    (made / "rows" / f"{number}.csv").write_text(f"{number},{number}\\n")
for number in range(2):
    (made / "packed" / f"{number}.gz").write_bytes(gzip.compress(f"{number} packed\\n".encode()))
    (made / "images" / f"{number}.bin").write_bytes(bytes([number]) * 5)
code = @code@
with tarfile.open(made / "model.tar.gz", "w:gz") as archive:
    member = tarfile.TarInfo("code/inference.py")
    member.size = len(code)
    archive.addfile(member, io.BytesIO(code))
(made / "rows.manifest").write_text(json.dumps([{"prefix": f"{place}/rows/"}, "3.csv", "1.csv"]))
lines = [{"source-ref": f"{place}/images/{number}.bin", "label": number} for number in range(2)]
(made / "labelled.manifest").write_text("".join(json.dumps(line) + "\\n" for line in lines))
"""
LISTED = """
import json, pathlib
root = pathlib.Path("/opt/ml/processing")
found = {path.name: path.read_text() for path in (root / "rows").iterdir()}
found["packed"] = (root / "packed_0").read_text()
(root / "report" / "report.json").write_text(json.dumps(found))
"""
MOUNTED = """
import json, pathlib
rows = pathlib.Path("/opt/ml/input/data/rows")
try:
    (rows / "0.csv").write_text("other")
    writable = True
except OSError:
    writable = False
report = {"names": sorted(path.name for path in rows.iterdir() if path.read_text()), "writable": writable}
pathlib.Path("/opt/ml/model/report.json").write_text(json.dumps(report))
"""
STREAMED = """
import json, pathlib, struct, time
def epoch(channel, number=0):
    pipe = pathlib.Path(f"/opt/ml/input/data/{channel}_{number}")
    while not pipe.exists():
        time.sleep(0.01)
    return pipe.read_bytes()
def records(stream):
    at = 0
    while at < len(stream):
        length = struct.unpack_from("<I", stream, at + 4)[0]
        yield stream[at + 8 : at + 8 + length].decode("latin-1")
        at += 8 + -(-length // 4) * 4
report = {
    "rows": [epoch("rows", number).decode() for number in range(2)],
    "listed": list(records(epoch("listed"))),
    "packed": epoch("packed").decode(),
    "labelled": list(records(epoch("labelled"))),
    "config": json.loads(pathlib.Path("/opt/ml/input/config/inputdataconfig.json").read_text()),
}
pathlib.Path("/opt/ml/model/report.json").write_text(json.dumps(report))
"""
SCRIPTS = {
    "make": MAKE.replace("@code@", repr(INFERENCE)),
    "listed": LISTED,
    "mounted": MOUNTED,
    "streamed": STREAMED,
}


@pytest.fixture
def reading(project: Project) -> Project:
    """The project with the SDK's own definition and the scripts that it expects in S3."""
    for name, text in SCRIPTS.items():
        project.write(f"{name}.py", text)
    seeds = [f'["s3://my-bucket/code/{name}.py"]\npath = "{name}.py"\n' for name in SCRIPTS]
    project.write("seeds.toml", "".join(seeds))
    project.write("p.json", (CORPUS / "definition.json").read_text())
    return project


def report_of(store: MinioStore, place: str) -> Any:
    """The `report.json` that a step wrote beneath the place, in an archive or alone."""
    found = [S3Uri(item.bucket, item.key) for item in store.list_objects(S3Uri.parse(place))]
    (uri,) = [each for each in found if not each.key.endswith("output.tar.gz")]
    if uri.key.endswith("report.json"):
        return json.loads(store.read(uri))
    with tarfile.open(fileobj=io.BytesIO(store.read(uri))) as archive:
        report = archive.extractfile("report.json")
        assert report is not None
        return json.load(report)


def test_a_definition_of_the_sdk_reads_its_data_in_every_mode(reading: Project, store: MinioStore) -> None:
    ended = reading.json("run", "p.json", "--prefix", PLACE)
    assert ended["status"] == "Succeeded", ended
    assert [found for found in ended["findings"] if found["severity"] != "note"] == []

    rows = [f"{number},{number}\n" for number in range(4)]
    packed = "0 packed\n1 packed\n"
    assert report_of(store, f"{PLACE}/listed/") == {"1.csv": rows[1], "3.csv": rows[3], "packed": packed}
    assert report_of(store, f"{PLACE}/mounted/") == {
        "names": ["0.csv", "1.csv", "2.csv", "3.csv"],
        "writable": False,
    }
    streamed = report_of(store, f"{PLACE}/streamed/")
    assert [sorted(epoch.splitlines(keepends=True)) for epoch in streamed["rows"]] == [rows, rows]
    assert streamed["rows"][0] != streamed["rows"][1]
    assert streamed["listed"] == [rows[3], rows[1]]
    assert streamed["packed"] == packed
    assert streamed["labelled"] == ["\0" * 5, "0", "\1" * 5, "1"]
    told = {
        name: (each["TrainingInputMode"], each["RecordWrapperType"])
        for name, each in streamed["config"].items()
    }
    assert told == {
        "code": ("File", "None"),
        "rows": ("Pipe", "None"),
        "listed": ("Pipe", "RecordIO"),
        "packed": ("Pipe", "None"),
        "labelled": ("Pipe", "RecordIO"),
    }

    answers = store.list_objects(S3Uri.parse(f"{PLACE}/scores/"))
    scores = {item.key.rpartition("/")[2]: store.read(S3Uri.parse(item.uri)).decode() for item in answers}
    assert scores == {"1.csv.out": f"scored {rows[1]}", "3.csv.out": f"scored {rows[3]}"}

    flows = {
        (entry["to_step"], entry["to_input"]): [
            item["uri"].rpartition("made/")[2] for item in entry["objects"]
        ]
        for entry in reading.json("lineage")["entries"]
        if entry["from_step"] == "Make"
    }
    assert flows[("Listed", "rows")] == ["rows.manifest", "rows/3.csv", "rows/1.csv"]
    assert flows[("Streamed", "labelled")] == ["labelled.manifest", "images/0.bin", "images/1.bin"]
    assert flows[("Score", "transform")] == ["rows.manifest", "rows/3.csv", "rows/1.csv"]
    assert flows[("Mounted", "rows")] == [f"rows/{number}.csv" for number in range(4)]

    outputs = reading.json("outputs")["step_outputs"]
    assert outputs["Streamed"]["model"]["property_path"] == "ModelArtifacts.S3ModelArtifacts"
    assert [step["status"] for step in ended["steps"]] == ["Succeeded"] * 6


def test_modes_that_do_not_go_together_are_refused_before_the_run_if_parameters_say_so(
    reading: Project,
) -> None:
    refused = reading.run("run", "p.json", "-p", "StreamMode=FastFile")
    assert refused.returncode == 2
    assert (
        "Cannot use both 'Pipe' and 'FastFile' TrainingInputMode on the same Training Job." in refused.stderr
    )


# The first reader is left in the middle of the stream, which then ends as if that were all.
SLOW = (
    "import time;f=open('/opt/ml/input/data/data_0','rb');n=len(f.read(10));print('reading',flush=True);"
    "time.sleep(1);open('/opt/ml/model/report.json','w').write(str(n+len(f.read())))"
)
BIG = "import pathlib;pathlib.Path('/opt/ml/processing/out/data/big').write_bytes(bytes(1 << 20))"


def test_a_stream_that_was_cut_by_a_killed_harness_is_read_whole_after_resume(
    project: Project, docker_client: docker.DockerClient, store: MinioStore
) -> None:
    stream = training("Stream", SLOW, inputs={"data": output_of("Write", "data")})
    stream["Arguments"]["AlgorithmSpecification"]["TrainingInputMode"] = "Pipe"
    write = processing("Write", BIG, outputs={"data": under_prefix("Write")})
    process = project.start(
        "run", project.write("p.json", pipeline(write, stream)), "--prefix", f"{PLACE}-cut"
    )
    logs = project.folder / ".seatrial" / "executions"
    deadline = time.monotonic() + 60
    while not any("reading" in log.read_text() for log in logs.glob("*/steps/Stream/*/log.txt")):
        assert time.monotonic() < deadline
        assert process.poll() is None, process.communicate()
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()

    assert project.run("resume").returncode == 0
    assert report_of(store, f"{PLACE}-cut/stream/") == 1 << 20
    labels: dict[str, Any] = {"label": "seatrial.step=Stream"}
    assert docker_client.containers.list(all=True, filters=labels) == []
    assert list(logs.glob("*/steps/*/*/stage")) == []
