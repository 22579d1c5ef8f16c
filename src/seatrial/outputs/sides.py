"""Two executions side by side: what either registered, without what no other execution can have.

Knows nothing of contents, nor of what makes two of them agree.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from seatrial.outputs.info import S3OutputInfo
from seatrial.outputs.object_list import relative_key
from seatrial.outputs.origins import Origin
from seatrial.outputs.receipts import members_of_info, objects_of
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.ports.executions import ExecutionRecord, StepStatus
from seatrial.ports.jobs import ArchiveMember
from seatrial.ports.storage import StoredObject

DifferenceKind = Literal[
    "status", "only-in-first", "only-in-second", "place", "content", "failure", "not-run"
]


@dataclass(frozen=True)
class Side:
    """One of the two executions; `statuses`, `jobs`, `origins` and `failures` are by step.

    So is `given`: what gave a step's outcome where its job was not run.
    """

    execution_id: str
    pipeline_name: str
    engines: tuple[str, ...]
    status: str
    prefix: str | None
    statuses: Mapping[str, str]
    jobs: Mapping[str, str]
    registry: S3OutputPathRegistry
    origins: Mapping[str, Origin]
    failures: Mapping[str, str | None]
    given: Mapping[str, str] = field(default_factory=dict)

    def origin(self, step: str) -> Origin:
        """The execution that ran the step."""
        return self.origins.get(step) or Origin(self.execution_id, self.prefix, self.engines[-1])

    def taken_from(self, step: str) -> str | None:
        """The earlier execution that ran the step, or its substitute; None where this one ran it."""
        if step in self.given:
            return f"a substitute ({self.given[step]})"
        source = self.origin(step).execution_id
        return None if source == self.execution_id else source

    @property
    def has_taken(self) -> bool:
        """Whether any step was taken from an earlier execution."""
        return any(self.taken_from(step) for step in self.statuses)

    def ran_job(self, step: str) -> bool:
        """Whether the step was a job of this execution."""
        return step in self.jobs and self.taken_from(step) is None

    def masked(self, text: str) -> str:
        """The text without the execution's id, those of the ones it took steps from, and job names."""
        for name, shown in self._own_names:
            text = text.replace(name, shown)
        return text

    @cached_property
    def _own_names(self) -> tuple[tuple[str, str], ...]:
        """What `masked` replaces, the longest first; collected once, for it is asked of every object."""
        names = {name: f"{{job of {step}}}" for step, name in self.jobs.items()}
        names |= {origin.execution_id: "{execution}" for origin in self.origins.values()}
        names[self.execution_id] = "{execution}"
        return tuple(sorted(names.items(), key=lambda each: len(each[0]), reverse=True))

    def place(self, step: str, uri: str) -> str:
        """Where something lies, seen from the prefix of the execution that ran the step."""
        root = (self.origin(step).prefix or "").rstrip("/")
        if root and f"{uri}/".startswith(f"{root}/"):
            uri = "{prefix}" + uri[len(root) :]
        return self.masked(uri).rstrip("/")

    def unnamed(self, text: str) -> str:
        """A text of this execution, without anything that names this execution alone."""
        prefixes = {self.prefix, *(origin.prefix for origin in self.origins.values())}
        for prefix in sorted(filter(None, prefixes), key=len, reverse=True):
            text = text.replace(prefix, "{prefix}")
        return self.masked(text)


@dataclass(frozen=True)
class Held:
    """One object of an output; `place` is the output's, `members` what its receipt knows of an archive."""

    stored: StoredObject
    place: str
    members: tuple[ArchiveMember, ...] = ()
    step_type: str | None = None


@dataclass(frozen=True)
class Difference:
    """One thing in which they differ, in words for each side; `reason` where the cause is known.

    Of a step's end, `output` and `key` are None, of the execution's own also `step`; `member` is a file
    in the archive at `key`.
    """

    kind: DifferenceKind
    step: str | None
    output: str | None = None
    key: str | None = None
    member: str | None = None
    first: str | None = None
    second: str | None = None
    reason: str | None = None


@dataclass(frozen=True)
class Pair:
    """One key of one output, masked; a side that is None does not have it."""

    step: str
    output: str
    key: str
    first: Held | None
    second: Held | None

    def difference(
        self,
        kind: DifferenceKind,
        first: str | None,
        second: str | None,
        *,
        member: str | None = None,
        reason: str | None = None,
    ) -> Difference:
        """A difference at this key."""
        return Difference(kind, self.step, self.output, self.key, member, first, second, reason)


def side_of(
    record: ExecutionRecord, registry: S3OutputPathRegistry, origins: Mapping[str, Origin] | None = None
) -> Side:
    """An execution as it is compared; without `origins`, it ran every step itself."""
    return Side(
        execution_id=record.execution_id,
        pipeline_name=record.pipeline_name,
        engines=record.engines,
        status=record.status.value,
        prefix=record.prefix,
        statuses={step.name: step.status.value for step in record.steps},
        jobs={step.name: step.job_name for step in record.steps if step.job_name},
        registry=registry,
        origins=origins or {},
        failures={
            step.name: step.failure_reason for step in record.steps if step.status is StepStatus.FAILED
        },
        given={name: each.said for name, each in record.substitutes.items() if each.gives},
    )


def pairs_of(first: Side, second: Side) -> Iterator[Pair]:
    """Every object that either has, beside the other's of the same step, output and key."""
    ours, theirs = dict(_held(first)), dict(_held(second))
    for place in dict.fromkeys((*ours, *theirs)):
        yield Pair(*place, ours.get(place), theirs.get(place))


def _held(side: Side) -> Iterator[tuple[tuple[str, str, str], Held]]:
    for step, outputs in side.registry.step_outputs.items():
        for output, info in outputs.items():
            for key, held in _told_apart(_objects(info, side)):
                yield (step, output, key), held


def _objects(info: S3OutputInfo, side: Side) -> Iterator[tuple[str, Held]]:
    members = members_of_info(info)
    place = side.place(info.step_name, info.s3_uri)
    step_type = info.metadata.get("step_type")
    for stored in objects_of(info):
        yield side.masked(relative_key(stored, info.s3_uri)), Held(stored, place, members, step_type)


def _told_apart(objects: Iterable[tuple[str, Held]]) -> Iterator[tuple[str, Held]]:
    """Keys that only their masked part told apart are counted, in the order of their contents."""
    seen: dict[str, int] = {}
    for key, held in sorted(objects, key=lambda each: (each[0], each[1].stored.size, each[1].stored.etag)):
        seen[key] = seen.get(key, 0) + 1
        yield (key if seen[key] == 1 else f"{key} ({seen[key]})"), held
