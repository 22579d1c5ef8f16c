"""A serving engine on parts in memory, with objects and a model in its store."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path
from typing import Any

from seatrial.engines.serving import Parts, ServingEngine
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.ports.storage import S3Uri
from seatrial.settings import Settings
from tests.adapters.clock import StillClock
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_server import MemoryServer
from tests.adapters.memory_store import MemoryStore
from tests.unit.engines.native.requests import ADDRESS, ROLE, Heard

MODEL_DATA = "s3://bucket/model/model.tar.gz"


def model(**members: Any) -> dict[str, Any]:
    """A DescribeModel response."""
    container = {"Image": "image:1", "ModelDataUrl": MODEL_DATA, "Environment": {"OF": "model", "MODEL": "1"}}
    return {"ModelName": "model-1", "PrimaryContainer": container, "ExecutionRoleArn": ROLE, **members}


def transform_parameters(**members: Any) -> dict[str, Any]:
    """A CreateTransformJob request; members of its input and output may be given by their own names."""
    data_type, uri = members.pop("S3DataType", "S3Prefix"), members.pop("S3Uri", "s3://bucket/in/")
    source = {"S3DataSource": {"S3DataType": data_type, "S3Uri": uri}}
    inputs = {
        name: members.pop(name) for name in ("SplitType", "CompressionType", "ContentType") if name in members
    }
    outputs = {name: members.pop(name) for name in ("Accept", "AssembleWith") if name in members}
    return {
        "TransformJobName": "job-1",
        "ModelName": "model-1",
        "TransformInput": {"DataSource": source, **inputs},
        "TransformOutput": {"S3OutputPath": "s3://bucket/out", **outputs},
        "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
        **members,
    }


def packed(**files: str) -> bytes:
    """A `model.tar.gz`; two underscores in a name stand for a dot."""
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w:gz") as archive:
        for name, text in files.items():
            member = tarfile.TarInfo(name.replace("__", "."))
            member.size = len(text)
            archive.addfile(member, io.BytesIO(text.encode()))
    return target.getvalue()


class Bench:
    """An engine whose model is a Python function; `result` is what a run answered."""

    def __init__(
        self,
        folder: Path,
        server: MemoryServer | None = None,
        images: MemoryImages | None = None,
        **settings: Any,
    ) -> None:
        self.folder = folder / "attempt"
        self.server = server or MemoryServer()
        self.store = MemoryStore()
        self.progress = Heard()
        self.settings = Settings(state_dir=folder / "state", cache_dir=folder / "cache", **settings)
        self.engine = ServingEngine(
            Parts(
                self.server,
                self.server,
                self.store,
                ADDRESS,
                images or MemoryImages(everything=True),
                self.settings,
            ),
            StillClock(tick=1.0),
        )
        self.put("model/model.tar.gz", packed(weights__bin="heavy"))

    def put(self, key: str, data: bytes) -> None:
        """Put an object into the bucket."""
        self.store.write(S3Uri("bucket", key), data)

    def put_zipped(self, key: str, data: bytes) -> None:
        """The same, compressed."""
        self.put(key, gzip.compress(data))

    def request(self, described: dict[str, Any] | None, **members: Any) -> JobRequest:
        """The request of an attempt."""
        return JobRequest(
            kind="Transform",
            name="job-1",
            arn="arn:aws:sagemaker:us-east-1:123456789012:transform-job/job-1",
            parameters=transform_parameters(**members),
            execution_id="exec00000001",
            step_name="Step",
            attempt=1,
            folder=self.folder,
            model=described,
        )

    def run(self, described: dict[str, Any] | None = None, **members: Any) -> JobResult:
        """Run a transform of the model."""
        return self.engine.run(self.request(described or model(), **members), self.progress)

    @property
    def written(self) -> dict[str, bytes]:
        """What lies under the output's path, by relative key."""
        found = self.store.list_objects(S3Uri("bucket", "out/"))
        return {item.key.removeprefix("out/"): self.store.read(S3Uri("bucket", item.key)) for item in found}

    @property
    def log(self) -> str:
        """The job's log."""
        return (self.folder / "log.txt").read_text()

    @property
    def bodies(self) -> list[bytes]:
        """What the model was asked, in the order in which it came."""
        return [asked.body for asked in self.server.asked]
