"""What of a pipeline a trial runs, and what of the preflight concerns those steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.dataflow import ExternalInput, plan_of
from seatrial.dataflow.codes import finding
from seatrial.definition import Graph, PipelineDefinition, Step
from seatrial.execution import find_source, select, selected_steps
from seatrial.outputs import S3OutputPathRegistry
from seatrial.ports.executions import ExecutionRecord, Selection
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import ObjectStore, S3Uri
from seatrial.reports.plan import PlanView


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


def outputs_of(registry: S3OutputPathRegistry, selection: Selection | None) -> S3OutputPathRegistry:
    """The planned outputs of the steps that may run."""
    if selection is None:
        return registry
    kept = {name: outputs for name, outputs in registry.step_outputs.items() if name in selection.steps}
    return registry.model_copy(update={"step_outputs": kept})


def lost_outputs(parts: Parts, view: PlanView, store: ObjectStore | None) -> list[Finding]:
    """One error for each output of the source that a selected step reads and that has left the store."""
    if store is None or view.selection is None or view.selection.source_arn is None:
        return []
    source = parts.records.execution(view.selection.source_arn)
    return list(_lost(view, source, store))


def _lost(view: PlanView, source: ExecutionRecord, store: ObjectStore) -> Iterator[Finding]:
    plan = plan_of(view.definition, view.parameters)
    told: set[tuple[str, str]] = set()
    for edge in view.graph.edges:
        if edge.property_path is None or view.runs(edge.upstream) or not view.runs(edge.downstream):
            continue
        output = plan.referred(edge.upstream, edge.property_path)
        receipt = _receipt(source, *output) if output else None
        if output is None or receipt is None or output in told or _is_whole(receipt, store):
            continue
        told.add(output)
        yield finding(
            "ST103",
            f"{'.'.join(output)}, which {edge.downstream} reads, has left the store since execution "
            f"{source.execution_id} wrote it",
            where=edge.pointer,
            hint=f"select {edge.upstream} too, or name another execution with --source",
            step=edge.downstream,
            expected=f"objects at {receipt.s3_uri}",
        )


def _receipt(source: ExecutionRecord, step: str, output: str) -> OutputReceipt | None:
    found = source.step(step)
    receipts = found.result.outputs if found and found.result else ()
    return next((receipt for receipt in receipts if receipt.name == output and receipt.objects), None)


def _is_whole(receipt: OutputReceipt, store: ObjectStore) -> bool:
    there = {stored.uri for stored in store.list_objects(S3Uri.parse(receipt.s3_uri))}
    return all(stored.uri in there for stored in receipt.objects)
