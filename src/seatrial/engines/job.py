"""One job of either kind as this engine runs it; knows neither AWS's request shapes nor Docker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Literal

from seatrial.engines.cluster import Cluster
from seatrial.engines.reading import FILES, Reading
from seatrial.ports.jobs import ArchiveMember, OutputReceipt
from seatrial.ports.storage import S3Uri, StoredObject


@dataclass(frozen=True)
class JobInput:
    """Objects that become a folder, or come through a pipe; `required`: finding none is a failure.

    A `sharded` one is dealt out among the hosts; without it each has all. Hosts of other `groups` than these,
    if any are named, have nothing.
    """

    name: str
    uri: S3Uri
    container_path: str
    required: bool = True
    reading: Reading = FILES
    sharded: bool = False
    groups: tuple[str, ...] = ()

    @property
    def folder(self) -> str:
        """What must be there before the start; pipes lie beside where the folder would be."""
        if self.reading.mode == "Pipe":
            return str(PurePosixPath(self.container_path).parent)
        return self.container_path


@dataclass(frozen=True)
class JobOutput:
    """One folder that becomes objects once the container ended.

    `folder` uploads each file beneath `uri`; `archive` makes one `.tar.gz` at `uri`; `mirror` also
    removes the objects whose files are gone. `always` means: however the job ended, because the
    service would have uploaded while the job ran.
    """

    name: str
    uri: S3Uri
    container_path: str
    property_path: str
    form: Literal["folder", "archive", "mirror"] = "folder"
    data_type: str = "S3Uri"
    always: bool = False

    def receipt(
        self,
        objects: tuple[StoredObject, ...],
        *,
        existing: tuple[StoredObject, ...] = (),
        members: tuple[ArchiveMember, ...] = (),
    ) -> OutputReceipt:
        """What this attempt wrote of it."""
        return OutputReceipt(
            name=self.name,
            s3_uri=str(self.uri),
            container_path=self.container_path,
            property_path=self.property_path,
            data_type=self.data_type,
            objects=objects,
            existing=existing,
            members=members,
        )


@dataclass(frozen=True)
class Metric:
    """One of `MetricDefinitions`."""

    name: str
    regex: str


@dataclass(frozen=True)
class Job:
    """All that is needed to stage one job, run its container and collect what it made.

    `entrypoint` and `command` of None leave the image's own. `mounts` are the container folders that
    come from the staged tree, `folders` those that must exist before the start, `config_files` the
    text of each file by container path, `resource_file` where each host is told of all. `empty_input` is
    how the service answers an input prefix without objects: it refuses to create the job, or the job
    fails. `own_inputs` and `own_outputs` the application itself fetches and sends; nobody stages them.
    """

    image_uri: str
    entrypoint: tuple[str, ...] | None
    command: tuple[str, ...] | None
    environment: Mapping[str, str]
    inputs: tuple[JobInput, ...]
    outputs: tuple[JobOutput, ...]
    mounts: tuple[str, ...]
    folders: tuple[str, ...]
    config_files: Mapping[str, str]
    resource_file: str
    cluster: Cluster
    max_runtime_seconds: int
    isolated: bool
    init: bool
    empty_input: Literal["refused", "failed"]
    role_arn: str = ""
    metrics: tuple[Metric, ...] = field(default=())
    own_inputs: tuple[JobInput, ...] = ()
    own_outputs: tuple[JobOutput, ...] = ()


class RefusedJobError(Exception):
    """The Create* call itself would have failed: nothing runs. The text is AWS's."""


class FailedJobError(Exception):
    """The job ends as Failed with this text as its reason."""
