"""A job may do to its inputs what it likes: no other job, no cache and no later run ever sees it.

Under each way in which inputs get into containers: laid over the cache, copied from it, sent as an archive.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import docker
import pytest

from seatrial.engines.native import NativeEngine
from seatrial.images import Images
from seatrial.ports.jobs import JobKind, JobProgress, JobRequest, JobResult
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.runners import DockerRunner
from seatrial.runners.ways import Way
from seatrial.settings import Settings
from seatrial.storage import ContentCache, MinioStore
from tests.adapters.memory_images import MemoryImages, local_image
from tests.conformance.engines import WallClock
from tests.integration.runners.whoever import BEST_WAY, WAYS_HERE
from tests.unit.engines.native.requests import (
    processing_input,
    processing_output,
    processing_parameters,
    training_parameters,
)

FILES = {f"in/{name}": f"given {name}".encode() for name in ("a", "b", "c", "deep/d", "deep/e", "f")}

# In Python's words, for both kinds of job: DATA is where the inputs are.
SPOIL = """
import os, pathlib, shutil
data = pathlib.Path(DATA)
data.joinpath("a").write_text("spoilt")
with data.joinpath("b").open("r+b") as file: file.write(b"SPOILT")
os.utime(data / "c", (1e9, 1e9))
data.joinpath("c").unlink()
data.joinpath("f").chmod(0o600)
os.link(data / "deep" / "d", data / "another")
data.joinpath("another").write_text("spoilt")
shutil.move(data / "deep" / "e", data / "moved")
data.joinpath("moved").write_text("spoilt")
shutil.rmtree(data / "deep")
"""
TELL = """
import os, pathlib
data = pathlib.Path(DATA)
for path in sorted(data.rglob("*")):
    if path.is_file(): print(path.relative_to(data), path.read_text(), sep="=")
"""


@dataclass
class Yard:
    """One cache, one store, one way."""

    engine: NativeEngine
    store: MinioStore
    cache: Path
    bucket: str
    folder: Path

    def process(self, script: str, **members: Any) -> JobResult:
        """A processing job over the inputs."""
        given = processing_input("data", f"s3://{self.bucket}/in/")
        members = {"ProcessingInputs": [given], **members}
        parameters = processing_parameters(**members)
        parameters["AppSpecification"] = {
            "ImageUri": "base",
            "ContainerEntrypoint": ["python3", "-c", f"DATA = '/opt/ml/processing/data'\n{script}"],
        }
        return self._run("Processing", parameters)

    def train(self, script: str, **members: Any) -> JobResult:
        """A training job over the inputs."""
        source = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{self.bucket}/in/"}
        parameters = training_parameters(
            InputDataConfig=[{"ChannelName": "data", "DataSource": {"S3DataSource": source}}], **members
        )
        parameters["OutputDataConfig"] = {"S3OutputPath": f"s3://{self.bucket}/models"}
        parameters["AlgorithmSpecification"] = {
            "TrainingImage": "base",
            "TrainingInputMode": "File",
            "ContainerEntrypoint": ["python3", "-c", f"DATA = '/opt/ml/input/data/data'\n{script}"],
        }
        return self._run("Training", parameters)

    def cached(self) -> dict[str, str]:
        """Each entry of the cache and its content."""
        entries = (path for path in self.cache.glob("entries/*/*"))
        return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in entries}

    def _run(self, kind: JobKind, parameters: dict[str, Any]) -> JobResult:
        name = f"job-{secrets.token_hex(4)}"
        heard: list[JobProgress] = []
        request = JobRequest(
            kind, name, f"arn:{name}", parameters, "exec00000001", "Step", 1, self.folder / name
        )
        result = self.engine.run(request, heard.append)
        assert result.describe[f"{kind}JobStatus"] == "Completed", result.log_tail
        return result


@pytest.fixture(params=WAYS_HERE, ids=lambda way: way.value)
def yard(
    request: pytest.FixtureRequest,
    docker_client: docker.DockerClient,
    store_address: StoreAddress,
    images: Images,
    settings: Settings,
    tmp_path: Path,
) -> Yard:
    """A cold cache under each way."""
    base = images.ensure("base")
    store = MinioStore(store_address, ContentCache(tmp_path / "content"))
    runner = DockerRunner(docker_client, helper_image=lambda: base, way=request.param)
    resolver = MemoryImages({"base": local_image("base", base)})
    engine = NativeEngine(runner, store, store_address, resolver, settings, WallClock())
    bucket = f"yard-{secrets.token_hex(4)}"
    for key, data in FILES.items():
        store.write(S3Uri(bucket, key), data)
    return Yard(engine, store, tmp_path / "content", bucket, tmp_path / "jobs")


AS_GIVEN = tuple(f"{key.removeprefix('in/')}={data.decode()}" for key, data in FILES.items())


def test_a_job_that_spoils_its_inputs_spoils_them_for_itself_alone(yard: Yard) -> None:
    before = {item.key: item for item in yard.store.list_objects(S3Uri(yard.bucket))}
    yard.process(SPOIL)
    cached = yard.cached()
    assert len(cached) == len(FILES)
    yard.train(SPOIL)
    yard.process(SPOIL)
    assert yard.cached() == cached
    assert yard.process(TELL).log_tail == AS_GIVEN
    assert yard.train(TELL).log_tail == AS_GIVEN
    assert {item.key: item for item in yard.store.list_objects(S3Uri(yard.bucket))} == before
    assert {yard.store.read(S3Uri(yard.bucket, key)) for key in FILES} == set(FILES.values())


def test_a_spoilt_input_is_told_of_as_lost_and_an_untouched_one_is_not(yard: Yard) -> None:
    lost = {item.container_path: item.size for item in yard.process(SPOIL).lost_files}
    folder = "/opt/ml/processing/data"
    assert lost == {f"{folder}/{name}": 6 for name in ("a", "another", "moved")} | {f"{folder}/b": 7}


def test_inputs_that_are_moved_to_an_output_are_its_objects(yard: Yard) -> None:
    out = processing_output("out", f"s3://{yard.bucket}/moved")
    move = (
        "import os, shutil; out = '/opt/ml/processing/out'\n"
        "os.rename(DATA + '/a', out + '/a')\n"
        "shutil.move(DATA + '/deep', out + '/deep')\n"
        "os.link(DATA + '/b', out + '/b')\n"
    )
    yard.process(move, ProcessingOutputConfig={"Outputs": [out]})
    written = {
        item.key.removeprefix("moved/"): yard.store.read(S3Uri(yard.bucket, item.key))
        for item in yard.store.list_objects(S3Uri(yard.bucket, "moved/"))
    }
    assert written == {name: FILES[f"in/{name}"] for name in ("a", "b", "deep/d", "deep/e")}
    assert yard.process(TELL).log_tail == AS_GIVEN


@pytest.mark.parametrize("yard", sorted({BEST_WAY, Way.OVERLAY}), indirect=True, ids=lambda way: way.value)
def test_a_folder_of_inputs_is_renamed_as_between_two_disks(yard: Yard) -> None:
    script = (
        "import os\n"
        "try: os.rename(DATA + '/deep', DATA + '/renamed')\n"
        "except OSError as refusal: print(os.strerror(refusal.errno))\n"
        "print(int(os.stat(DATA + '/a').st_mtime))"
    )
    assert yard.process(script).log_tail == ("Invalid cross-device link", "946684800")


def test_an_output_over_an_input_takes_the_inputs_files_along(yard: Yard) -> None:
    over = processing_output("all", f"s3://{yard.bucket}/over", "/opt/ml/processing/data")
    result = yard.process(
        "import pathlib; pathlib.Path(DATA, 'new').write_text('new'); pathlib.Path(DATA, 'a').unlink()",
        ProcessingOutputConfig={"Outputs": [over]},
    )
    keys = sorted(item.key.removeprefix("over/") for item in result.outputs[0].objects)
    assert keys == ["b", "c", "deep/d", "deep/e", "f", "new"]
    assert result.lost_files == ()


def test_checkpoints_go_on_from_where_they_were_and_mirror_their_folder(yard: Yard) -> None:
    where = {"CheckpointConfig": {"S3Uri": f"s3://{yard.bucket}/checkpoints"}}
    count = (
        "import pathlib; folder = pathlib.Path('/opt/ml/checkpoints')\n"
        "number = len(list(folder.iterdir()))\n"
        "(folder / f'{number}').write_text(str(number)); print('had', number)\n"
        "number > 1 and (folder / '0').unlink()\n"
    )
    assert [yard.train(count, **where).log_tail for _ in range(3)] == [("had 0",), ("had 1",), ("had 2",)]
    kept = [item.key for item in yard.store.list_objects(S3Uri(yard.bucket, "checkpoints/"))]
    assert kept == ["checkpoints/1", "checkpoints/2"]
