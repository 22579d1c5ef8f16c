"""Where an engine is known to do otherwise than the service: case by case, with the reason.

A member that is listed must really differ, so that a difference that has gone is noticed; what is not listed
must be as expected. `docs/local-mode.md` is written from this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Difference:
    """`members` of `expected.json` that come out otherwise, and why.

    With `only_these` the others depend on the machine, and nothing is asked of them. A job that would not
    end by itself is stopped by the test when its log has `endless_once_log_has`.
    """

    members: tuple[str, ...]
    reason: str
    only_these: bool = False
    endless_once_log_has: str | None = None


@dataclass(frozen=True)
class Refused:
    """The engine says beforehand that it cannot do this; `member` is what it points to first."""

    member: str


@dataclass(frozen=True)
class Unfit:
    """The engine raises an `EnvironmentUnfitError` of this slug: it could, but not on this machine."""

    slug: str


Known = Difference | Refused | Unfit
"""What is known of a case; without an entry it comes out as expected."""

_OWN_WORDS = "`FailureReason` is local mode's own sentence, with Docker Compose's exit code"
_MESSAGE = "`/opt/ml/output/message` is not read"
_UPLOAD_MODE = "/ProcessingOutputConfig/Outputs/1/S3Output/S3UploadMode"
_ALWAYS_PACKED = "both archives are always made; `output.tar.gz` holds all of `/opt/ml/output`"

_PIPE = "/AlgorithmSpecification/TrainingInputMode"
_NO_PIPES = Unfit("pipes-not-shared")

_LOCAL_MODE: Mapping[str, Known] = {
    "processing-app-managed": Refused("/ProcessingOutputConfig/Outputs/0/AppManaged"),
    "processing-arguments-only": Refused("/AppSpecification"),
    "processing-container": Difference(
        ("objects", "progress"),
        "the configuration files have other members, the host another name, the job no phases",
    ),
    "processing-continuous": Refused("/ProcessingOutputConfig/Outputs/0/S3Output/S3UploadMode"),
    "processing-empty-input": Difference(
        ("status", "failure_reason", "outputs", "progress"),
        "an input prefix without objects is an empty folder, and the job runs",
    ),
    "processing-entrypoint-missing": Difference(("failure_reason",), _OWN_WORDS),
    "processing-exit-message": Difference(("exit_message",), _MESSAGE),
    "processing-exit-message-not-text": Difference(("status", "failure_reason", "objects"), _MESSAGE),
    "processing-exit-message-of-failure": Difference(
        ("failure_reason", "exit_message"), f"{_MESSAGE}; {_OWN_WORDS}"
    ),
    "processing-failure": Refused(_UPLOAD_MODE),
    "processing-failure-file": Difference(
        ("failure_reason",), f"`/opt/ml/output/failure` is not read; {_OWN_WORDS}"
    ),
    "processing-failure-keeping-outputs": Refused(_UPLOAD_MODE),
    "processing-instances": Refused("/ProcessingInputs/1/S3Input/S3DataDistributionType"),
    "processing-isolated": Refused("/NetworkConfig/EnableNetworkIsolation"),
    "processing-manifest": Refused("/ProcessingInputs/1/S3Input/S3DataType"),
    "processing-manifest-of-missing": Refused("/ProcessingInputs/1/S3Input/S3DataType"),
    "processing-ordinary-user": Difference(
        ("status", "failure_reason", "objects"),
        "inputs and outputs belong to the caller alone: an image with an ordinary user cannot use them",
    ),
    "processing-outputs": Difference(
        ("status",),
        "links in an output are followed on this machine, whose own files are then uploaded; a named pipe in "
        "an output keeps the job from ever ending",
        only_these=True,
        endless_once_log_has="exited with code 0",
    ),
    "processing-pipe": Refused("/ProcessingInputs/1/S3Input/S3InputMode"),
    "processing-prefixes": Refused("/ProcessingInputs/5/S3Input/S3Uri"),
    "processing-s3-access-old-clients": Difference(
        ("status", "failure_reason", "objects"),
        "an S3 client that knows neither `AWS_ENDPOINT_URL_S3` nor `S3_ENDPOINT_URL` does not find the store",
    ),
    "processing-stopped": Difference(("progress",), "the job has no phases"),
    "processing-timeout": Difference(
        ("status", "failure_reason"),
        "`StoppingCondition` is ignored",
        only_these=True,
        endless_once_log_has="ready",
    ),
    "training-augmented-manifest": Refused(_PIPE),
    "training-arguments-only": Refused("/AlgorithmSpecification"),
    "training-checkpoints": Refused("/CheckpointConfig"),
    "training-container": Difference(
        ("members", "archives", "progress", "transitions", "lost"),
        "links in `/opt/ml/model` are followed on this machine, whose own files are then packed; lost files "
        "are not noticed",
        only_these=True,
    ),
    "training-empty-channel": Difference(
        ("status", "failure_reason", "refusal", "objects"),
        "a channel without objects is an empty folder, and the job runs",
    ),
    "training-entrypoint-missing": Difference(
        ("failure_reason", "objects"), f"{_OWN_WORDS}; the archives of a failed job are uploaded"
    ),
    "training-failure": Difference(
        ("failure_reason", "objects", "outputs", "transitions"),
        f"{_OWN_WORDS}; the archives of a failed job are uploaded",
    ),
    "training-fast-file": Refused("/AlgorithmSpecification/TrainingInputMode"),
    "training-fast-file-partial-prefix": Refused("/InputDataConfig/1/InputMode"),
    "training-manifest": Refused("/InputDataConfig/1/DataSource/S3DataSource/S3DataType"),
    "training-instance-groups": Refused("/EnableNetworkIsolation"),
    "training-instances-failure": Refused("/ResourceConfig/InstanceCount"),
    "training-nothing-written": Difference(("objects", "outputs"), _ALWAYS_PACKED),
    "training-pipe": Refused(_PIPE),
    "training-pipe-not-gzip": Refused(_PIPE),
    "training-pipe-sharded": Refused(_PIPE),
    "training-pipe-shuffled": Refused("/InputDataConfig/1/InputMode"),
    "training-pipe-stopped": Refused(_PIPE),
    "training-pipe-unread": Refused(_PIPE),
    "training-stopped": Difference(
        ("objects", "archives"), "a stopped job is killed, and uploads nothing any more"
    ),
    "training-timeout": Difference(
        ("secondary_status",),
        "`StoppingCondition` is ignored",
        only_these=True,
        endless_once_log_has="... done",
    ),
    "training-uncompressed": Refused("/OutputDataConfig/CompressionType"),
    "training-train-command": Difference(("objects", "archives", "outputs"), _ALWAYS_PACKED),
}

DIFFERENCES: Mapping[str, Mapping[str, Known]] = {
    "native": {},
    "native-archive": {
        "processing-pipe": _NO_PIPES,
        "training-augmented-manifest": _NO_PIPES,
        "training-pipe": _NO_PIPES,
        "training-pipe-not-gzip": _NO_PIPES,
        "training-pipe-sharded": _NO_PIPES,
        "training-pipe-shuffled": _NO_PIPES,
        "training-pipe-stopped": _NO_PIPES,
        "training-pipe-unread": _NO_PIPES,
        "processing-continuous": Difference(
            ("objects", "outputs"),
            "where Docker Engine does not see our files, they come back when the container has ended",
        ),
        "training-fast-file": Difference(
            ("archives", "lost"), "a volume that is filled through the engine can be written to"
        ),
    },
    "local-mode": _LOCAL_MODE,
}
