"""What a pipeline reads and no step of it writes: what must be there before a run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from seatrial.dataflow.flow import Plan, plan_of
from seatrial.dataflow.places import relation
from seatrial.dataflow.reads import Read, ReadKind
from seatrial.definition import ParameterValue, PipelineDefinition, references
from seatrial.outputs import text_of

_SCHEMES = ("s3://", "file://")


@dataclass(frozen=True)
class ExternalInput:
    """One location and everyone who reads it.

    `uri` is None where part of it is decided during the run; `text` then shows that part in braces.
    `parameters` are those that the location depends on: none means it is written out in the definition.
    With `one_object` it is a manifest, which names what is read as well.
    """

    uri: str | None
    text: str
    kind: ReadKind
    readers: tuple[str, ...]
    pointers: tuple[str, ...]
    parameters: tuple[str, ...] = ()
    one_object: bool = False

    @property
    def local(self) -> bool:
        """Whether it is a path of this machine and not of a store."""
        return self.text.startswith("file://")


def external_inputs(
    definition: PipelineDefinition, bound: Mapping[str, ParameterValue] | None = None
) -> list[ExternalInput]:
    """Every external input, in the order in which the document first names it."""
    plan = plan_of(definition, bound)
    found: dict[str, list[Read]] = {}
    for read in plan.reads:
        if read.kind != "mention" and not _from_a_step(read):
            text = text_of(read.location, plan.known).text
            if text.startswith((*_SCHEMES, "{")) and not _written_here(text, plan):
                found.setdefault(text, []).append(read)
    return [_external(text, reads, plan) for text, reads in found.items()]


def _external(text: str, reads: list[Read], plan: Plan) -> ExternalInput:
    complete = text_of(reads[0].location, plan.known).complete
    return ExternalInput(
        uri=text if complete else None,
        text=text,
        kind=reads[0].kind,
        readers=tuple(dict.fromkeys(read.step for read in reads)),
        pointers=tuple(read.pointer for read in reads),
        parameters=tuple(dict.fromkeys(name for read in reads for name in _parameters(read))),
        one_object=all(read.one_object for read in reads),
    )


def _from_a_step(read: Read) -> bool:
    return any(reference.kind in ("step", "property-file") for reference in references(read.location))


def _parameters(read: Read) -> Iterator[str]:
    return (reference.name for reference in references(read.location) if reference.kind == "parameter")


def _written_here(text: str, plan: Plan) -> bool:
    """Whether a step writes it, edge or not. A job's own folder is no text's place: it has the job's name."""
    found = ((relation(text, place), output.per_job) for output, place in plan.places)
    return any(how == "same" or (how == "under" and not per_job) for how, per_job in found)
