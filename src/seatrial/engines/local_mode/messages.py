"""What the job's own process is told, and what it answers: JSON, whole or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from seatrial.ports.jobs import JobKind
from seatrial.ports.storage import Credentials, S3Uri

ANSWER = "answer.json"


class LostAnswerError(Exception):
    """The process ended without saying how the job did; the text says what is known."""


@dataclass(frozen=True)
class Order:
    """One call to the SDK's local client: `members` are its keyword arguments.

    `s3_url` is where containers reach the store and what the SDK is given; this machine reaches it at
    `reached_at`. `container_config` is the SDK's own setting: it goes into every service of its compose file.
    """

    kind: JobKind
    job_name: str
    members: Mapping[str, Any]
    s3_url: str
    reached_at: str
    region: str
    credentials: Credentials
    folder: str
    container_config: Mapping[str, Any]

    def to_json(self) -> str:
        """One line; it holds keys of the store, so it goes through a pipe."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Order:
        """The reverse of `to_json`."""
        fields = json.loads(text)
        return cls(**{**fields, "credentials": Credentials(**fields["credentials"])})


@dataclass(frozen=True)
class Answer:
    """How the job did: local mode's own words if it failed; every object that local mode has put."""

    job_name: str
    failure: str | None
    uploaded: frozenset[S3Uri] = field(default_factory=frozenset)

    def write(self, folder: Path) -> None:
        """Put it there in one piece."""
        part = folder / f"{ANSWER}.part"
        uploaded = sorted([uri.bucket, uri.key] for uri in self.uploaded)
        part.write_text(
            json.dumps({"job_name": self.job_name, "failure": self.failure, "uploaded": uploaded}),
            encoding="utf-8",
        )
        part.replace(folder / ANSWER)


def read_answer(folder: Path, job_name: str, exit_code: int) -> Answer:
    """The answer of a process that ended well; anything else is no answer."""
    if exit_code != 0:
        ended = f"by signal {-exit_code}" if exit_code < 0 else f"with code {exit_code}"
        raise LostAnswerError(f"the process that ran local mode ended {ended}")
    try:
        fields = json.loads((folder / ANSWER).read_text(encoding="utf-8"))
        answer = Answer(
            fields["job_name"],
            fields["failure"],
            frozenset(S3Uri(bucket, key) for bucket, key in fields["uploaded"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as garbled:
        raise LostAnswerError(f"the process that ran local mode left no answer: {garbled!r}") from garbled
    if answer.job_name != job_name or not isinstance(answer.failure, str | None):
        raise LostAnswerError(f"the answer is not about {job_name}")
    return answer
