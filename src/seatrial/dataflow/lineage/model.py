"""What the lineage of an execution is made of; values that also are the JSON of `seatrial lineage`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from seatrial.outputs.info import UtcDatetime

FlowKind = Literal["data", "code", "model", "metrics", "decision", "call"]
"""What a flow is to its reader; a `call` is one that only the step's own code made."""

FROZEN = ConfigDict(frozen=True)


class LineageObject(BaseModel):
    """One object that flowed, as the reader found it.

    Where it is not `recorded`, the step fetched it by itself: size and ETag are those of now.
    """

    model_config = FROZEN

    uri: str
    size: int
    etag: str
    recorded: bool = True


class LineageEntry(BaseModel):
    """Data that went from an output to an input; from outside the pipeline where `from_step` is None.

    `substituted` data is not the step's own: something else did its work. `reused_from` is the id of the
    execution in which it really went there.
    """

    model_config = FROZEN

    from_step: str | None
    from_output: str | None
    to_step: str
    to_input: str
    s3_uri: str
    objects: tuple[LineageObject, ...] = ()
    substituted: bool = False
    timestamp: UtcDatetime
    kind: FlowKind = "data"
    reused_from: str | None = None


class LineageValue(BaseModel):
    """A property of one step that another was given: a name, a number, never an object's content."""

    model_config = FROZEN

    from_step: str
    property_path: str
    to_step: str
    value: str | None = None


class LineageImage(BaseModel):
    """The image that the definition names, and the local one that ran; `substituted` says what differs."""

    model_config = FROZEN

    requested: str
    reference: str
    image_id: str
    substituted: str | None = None


class CodeFile(BaseModel):
    """One file of a code archive."""

    model_config = FROZEN

    name: str
    sha256: str


class LineageCode(BaseModel):
    """Code that a step ran: an object, or a `command` that the definition itself holds.

    `content_sha256` is of an archive's files, whenever and by whom they were packed. Where there is no
    `sha256`, the `note` says why.
    """

    model_config = FROZEN

    name: str
    uri: str | None = None
    etag: str | None = None
    sha256: str | None = None
    content_sha256: str | None = None
    files: tuple[CodeFile, ...] = ()
    command: tuple[str, ...] = ()
    note: str | None = None


class LineageStep(BaseModel):
    """What did a step's work, and with which code, image and settings.

    `settings_sha256` is of hyperparameters, environment and arguments, the execution's own names left
    out. `reused_from` is the execution that ran it, where this one took its outcome over.
    """

    model_config = FROZEN

    name: str
    type: str
    status: str
    attempts: int = 1
    job_name: str | None = None
    arn: str | None = None
    best_job: str | None = None
    started_at: UtcDatetime | None = None
    ended_at: UtcDatetime | None = None
    image: LineageImage | None = None
    code: tuple[LineageCode, ...] = ()
    settings_sha256: str | None = None
    reused_from: str | None = None
    reuse: str | None = None
    substitute: str | None = None


class DecisionValue(BaseModel):
    """A value of a JSON object that a condition read; the `note` says why it is not known."""

    model_config = FROZEN

    source: str
    path: str
    value: str | None = None
    uri: str | None = None
    etag: str | None = None
    note: str | None = None


class Decision(BaseModel):
    """A condition, how it ended, and what it read."""

    model_config = FROZEN

    step: str
    outcome: bool
    read: tuple[DecisionValue, ...] = ()


class PackageContainer(BaseModel):
    """One container of a package: the model's archive, the image named, and what ran where it was named."""

    model_config = FROZEN

    model_data_url: str | None = None
    etag: str | None = None
    size: int | None = None
    image: str | None = None
    ran: LineageImage | None = None


class ModelPackage(BaseModel):
    """Where data ends: a registered model.

    `steps` made what is in it, `sources` are the locations outside the pipeline that they read.
    `decisions` are the conditions that let it through, `decision_steps` those that only these read.
    """

    model_config = FROZEN

    step: str
    arn: str
    containers: tuple[PackageContainer, ...] = ()
    steps: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()
    decision_steps: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


class Lineage(BaseModel):
    """Every flow of one execution, from the `sources` outside it to the model packages."""

    model_config = FROZEN

    pipeline_name: str
    execution_id: str
    generated_at: UtcDatetime
    entries: tuple[LineageEntry, ...] = ()
    sources: tuple[str, ...] = ()
    sinks: tuple[ModelPackage, ...] = ()
    prefix: str | None = None
    steps: tuple[LineageStep, ...] = ()
    values: tuple[LineageValue, ...] = ()
    decisions: tuple[Decision, ...] = ()
    branches: dict[str, str] = Field(
        default_factory=dict, description="the condition that a step stands on a branch of"
    )

    def step(self, name: str) -> LineageStep | None:
        """The step of that name, None if it has not started."""
        return self._steps.get(name)

    def into(self, step: str) -> tuple[LineageEntry, ...]:
        """Every flow into a step."""
        return self._entries.get(step, ())

    def values_into(self, step: str) -> tuple[LineageValue, ...]:
        """Every property that a step was given."""
        return self._values.get(step, ())

    def decision(self, step: str) -> Decision | None:
        """What a condition decided."""
        return next((made for made in self.decisions if made.step == step), None)

    @cached_property
    def _steps(self) -> Mapping[str, LineageStep]:
        return {step.name: step for step in self.steps}

    @cached_property
    def _entries(self) -> Mapping[str, tuple[LineageEntry, ...]]:
        return _by_reader(self.entries)

    @cached_property
    def _values(self) -> Mapping[str, tuple[LineageValue, ...]]:
        return _by_reader(self.values)


_Flow = TypeVar("_Flow", LineageEntry, LineageValue)


def _by_reader(flows: Iterable[_Flow]) -> Mapping[str, tuple[_Flow, ...]]:
    found: dict[str, list[_Flow]] = defaultdict(list)
    for flow in flows:
        found[flow.to_step].append(flow)
    return {step: tuple(those) for step, those in found.items()}
