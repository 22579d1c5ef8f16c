"""What of a pipeline a trial runs, and what of the preflight concerns those steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.dataflow import ExternalInput
from seatrial.definition import Graph, PipelineDefinition, Step
from seatrial.execution import find_source, select, selected_steps
from seatrial.ports.executions import Selection


def selection_of(
    parts: Parts, wishes: Wishes, definition: PipelineDefinition, graph: Graph
) -> Selection | None:
    """The selection that is wished for; None for the whole pipeline."""
    if not wishes.only and not wishes.begin:
        return None
    steps = selected_steps(definition, graph, wishes.only, wishes.begin)
    source = find_source(parts.records, wishes.pipeline_name, wishes.source_execution)
    return select(definition, graph, steps, source)


def steps_to_run(definition: PipelineDefinition, selection: Selection | None) -> list[Step]:
    """The steps that may run, in the document's order."""
    return [step for step in definition.all_steps() if selection is None or step.name in selection.steps]


def read_by(steps: Collection[str], inputs: Iterable[ExternalInput]) -> Iterator[ExternalInput]:
    """The inputs that one of the steps reads, with those readers alone."""
    for found in inputs:
        readers = tuple(name for name in found.readers if name in steps)
        if readers:
            yield replace(found, readers=readers)
