"""SageMaker's seam: a Create* request goes in, a Describe* response with receipts comes out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from seatrial.ports.endpoints import EndpointPlan
from seatrial.ports.functions import FunctionCode
from seatrial.ports.images import LocalImage
from seatrial.ports.observation import Observation
from seatrial.ports.storage import StoredObject
from seatrial.ports.substitutes import Substitute

JobKind = Literal[
    "Processing", "Training", "Transform", "Tuning", "Lambda", "Callback", "Endpoint", "Substitute"
]


@dataclass(frozen=True)
class JobRequest:
    """One job as the service would be asked for it.

    `parameters` is the Create* request, expressions resolved, job name included. `folder` belongs to
    this attempt alone: the engine writes `log.txt` there and whatever it stages (removed at the end).
    `model` is the DescribeModel response of the model that a transform job names. `substitute` does the
    work in the job's place; `recorded` is what a replayed job was, its properties as `describe`. A job of
    the kind `Substitute` is of a step type that runs no other way. `function` is what a Lambda step calls,
    `endpoint` what an Endpoint step deploys, or a processing job has for itself. `parents` are the
    properties of the tuning jobs that a warm start names and that are known.
    """

    kind: JobKind
    name: str
    arn: str
    parameters: Mapping[str, Any]
    execution_id: str
    step_name: str
    attempt: int
    folder: Path
    model: Mapping[str, Any] | None = None
    substitute: Substitute | None = None
    recorded: JobResult | None = None
    function: FunctionCode | None = None
    endpoint: EndpointPlan | None = None
    parents: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class InputReceipt:
    """What one input or channel held when the job started; `required` unless it may well hold nothing."""

    name: str
    s3_uri: str
    container_path: str
    objects: tuple[StoredObject, ...]
    required: bool = True


MemberKind = Literal["file", "hard link", "symbolic link", "device"]


@dataclass(frozen=True)
class ArchiveMember:
    """One file inside an archive that was written (`model.tar.gz`, `output.tar.gz`); `sha256` in hex.

    A hard link has the size and digest of what it leads to within the archive; where there is no
    content, the digest is empty. `target` is where a link leads.
    """

    name: str
    size: int
    sha256: str
    kind: MemberKind = "file"
    target: str | None = None


@dataclass(frozen=True)
class OutputReceipt:
    """What this attempt wrote for one declared output.

    `name` is the logical name (`OutputName`; `model` and `output` for a training job's archives).
    `property_path` is how a definition refers to it. `existing` are objects found under `s3_uri`
    that this attempt did not write. `members` lists an archive's content.
    """

    name: str
    s3_uri: str
    container_path: str
    property_path: str
    data_type: str
    objects: tuple[StoredObject, ...]
    existing: tuple[StoredObject, ...] = ()
    members: tuple[ArchiveMember, ...] = ()


@dataclass(frozen=True)
class LostFile:
    """Data that a container wrote where no output covers it, gone with it; `size` in bytes, -1 unknown."""

    container_path: str
    size: int


@dataclass(frozen=True)
class Denial:
    """What the service was not allowed to do for the job in its role: `s3:GetObject`, and of what."""

    action: str
    uri: str


@dataclass(frozen=True)
class JobResult:
    """How the job ended, and what it really read and wrote.

    `describe` is the Describe* response (AWS's own shape, statuses and failure texts included;
    timestamps as ISO 8601 text). `seconds` is wall time by phase: `stage_in`, `container`, `stage_out`.
    `refusal` is the error of the Create* call itself, where the service would not have made the job
    (`ValidationException: …`); nothing ran then, and FailureReason repeats it. `note` is what a person
    should know of a job that goes on doing something. `stopped` is for an answer that has no status.
    `observation` is what its own code was seen to do; None where nobody looked. `denied` is what the
    execution's role kept the service from: inputs it may not read, outputs it may not write.
    """

    describe: Mapping[str, Any]
    inputs: tuple[InputReceipt, ...] = ()
    outputs: tuple[OutputReceipt, ...] = ()
    lost_files: tuple[LostFile, ...] = ()
    image: LocalImage | None = None
    log_tail: tuple[str, ...] = ()
    seconds: Mapping[str, float] | None = None
    refusal: str | None = None
    note: str | None = None
    stopped: bool = False
    observation: Observation | None = None
    denied: tuple[Denial, ...] = ()


UPLOADING = "Uploading"
"""The status of a job whose container has ended, and that only sends its outputs."""


@dataclass(frozen=True)
class JobProgress:
    """News of a running job: its secondary status, and bytes moved so far."""

    job_name: str
    status: str
    bytes_in: int = 0
    bytes_out: int = 0


class JobListener(Protocol):
    """Hears of progress; called from the thread that runs the job."""

    def __call__(self, progress: JobProgress) -> None: ...


class JobEngine(Protocol):
    """Does what SageMaker does for one job."""

    def unsupported(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What of this (perhaps unresolved) request this engine cannot do: JSON pointers with a reason."""

    def without_effect(self, kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
        """What of this (perhaps unresolved) request changes nothing here: JSON pointers with a reason."""

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        """Block until the job reached a terminal status. A failing job is a result, not an exception."""

    def stop(self, job_name: str) -> None:
        """Stop the job as Stop*Job does: `run` then returns with status Stopped; unknown names do nothing."""

    def release(self, execution_id: str) -> None:
        """The execution has ended: stop what its jobs left running for others, as endpoints do."""
