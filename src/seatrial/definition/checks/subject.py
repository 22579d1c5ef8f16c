"""What a check looks at; knows no check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from seatrial.definition.graph import Graph, build_graph
from seatrial.definition.kinds import BeforeRun, Known
from seatrial.definition.model import Json, ParameterValue, PipelineDefinition, Step, StepShape
from seatrial.definition.references import Reference, own_values, references
from seatrial.ports.findings import Finding, Severity


@dataclass(frozen=True)
class Subject:
    """A definition, the step types that can run, and the bound parameters where there are any."""

    definition: PipelineDefinition
    shapes: Mapping[str, StepShape]
    parameters: Mapping[str, ParameterValue]

    @cached_property
    def graph(self) -> Graph:
        """The definition's graph."""
        return build_graph(self.definition)

    @cached_property
    def known(self) -> Known:
        """What a value is known to be before the run."""
        return Known(self.definition, self.shapes, BeforeRun(self.parameters))

    @cached_property
    def references(self) -> tuple[tuple[Reference, Step | None], ...]:
        """Every reference of the document, with the step that makes it."""
        return tuple(
            (reference, step)
            for value, pointer, step in self.values()
            for reference in references(value, pointer)
        )

    def values(self) -> Iterator[tuple[Json, str, Step | None]]:
        """Every value that may hold expressions, with its pointer and its step."""
        for key in ("PipelineExperimentConfig", "MlflowConfig"):
            yield self.definition.raw.get(key), f"/{key}", None
        for step in self.definition.all_steps():
            for value, pointer in own_values(step):
                yield value, pointer, step


def error(
    code: str, message: str, where: str, hint: str, *, step: Step | None = None, also: str | None = None
) -> Finding:
    """Something that stops the run."""
    return _finding(Severity.ERROR, code, message, where, hint, step, also)


def warning(
    code: str, message: str, where: str, hint: str, *, step: Step | None = None, also: str | None = None
) -> Finding:
    """Something that is likely a mistake."""
    return _finding(Severity.WARNING, code, message, where, hint, step, also)


def note(code: str, message: str, where: str, hint: str) -> Finding:
    """Something worth knowing."""
    return _finding(Severity.NOTE, code, message, where, hint, None, None)


def _finding(
    severity: Severity, code: str, message: str, where: str, hint: str, step: Step | None, also: str | None
) -> Finding:
    return Finding(code, severity, message, where, hint, step=step.name if step else None, also=also)
