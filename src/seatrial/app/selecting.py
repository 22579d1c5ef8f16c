"""What of a pipeline a trial runs, and what of the preflight concerns those steps."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.dataflow import ExternalInput, plan_of
from seatrial.dataflow.codes import counted, finding
from seatrial.definition import Edge, Graph, ParameterValue, PipelineDefinition, Step, build_graph
from seatrial.errors import RecordError
from seatrial.execution import find_source, select, selected_steps
from seatrial.execution.kept_outputs import LostObject, lost_objects
from seatrial.outputs import S3OutputPathRegistry
from seatrial.ports.executions import ExecutionRecord, Selection
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import OutputReceipt
from seatrial.ports.storage import ObjectStore
from seatrial.records import Records


def selection_of(
    parts: Parts, wishes: Wishes, definition: PipelineDefinition, graph: Graph
) -> Selection | None:
    """The selection that is wished for; None for the whole pipeline."""
    if not wishes.only and not wishes.begin:
        return None
    steps = selected_steps(definition, graph, wishes.only, wishes.begin)
    source = _source(parts.existing_records, wishes.pipeline_name, wishes.source_execution)
    return select(definition, graph, steps, source)


def _source(records: Records | None, pipeline_name: str, wanted: str | None) -> ExecutionRecord | None:
    if records is not None:
        return find_source(records, pipeline_name, wanted)
    if wanted is None:
        return None
    raise RecordError(
        f"there is no execution {wanted!r}",
        slug="unknown-execution",
        where="--source",
        hint="nothing has been run here yet: `seatrial run PIPELINE` begins one",
    )


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


def lost_outputs(
    source: ExecutionRecord,
    selected: Collection[str],
    definition: PipelineDefinition,
    parameters: Mapping[str, ParameterValue],
    store: ObjectStore,
) -> Iterator[Finding]:
    """One error for each output that a selected step reads and that is not as the source wrote it."""
    plan = plan_of(definition, parameters)
    told: set[tuple[str, str]] = set()
    for edge in build_graph(definition).edges:
        if edge.property_path is None or edge.upstream in selected or edge.downstream not in selected:
            continue
        output = plan.referred(edge.upstream, edge.property_path)
        receipt = _receipt(source, *output) if output else None
        if output is None or receipt is None or output in told:
            continue
        told.add(output)
        lost = list(lost_objects(receipt, store.list_objects))
        if lost:
            yield _told(edge, ".".join(output), receipt, lost, source)


def _told(
    edge: Edge, output: str, receipt: OutputReceipt, lost: Sequence[LostObject], source: ExecutionRecord
) -> Finding:
    gone = any(not each.replaced for each in lost)
    others = counted(len(lost) - 1, "more object")
    more = f", and {others} {'is' if len(lost) == 2 else 'are'} not as written" if lost[1:] else ""
    return finding(
        "ST103",
        f"{output}, which {edge.downstream} reads, {'has left the store' if gone else 'was replaced'} "
        f"since execution {source.execution_id} wrote it: {lost[0].uri} is {lost[0].how}{more}",
        where=edge.pointer,
        hint=f"select {edge.upstream} too, with --only {edge.upstream}, or name another execution "
        "with --source",
        step=edge.downstream,
        expected=f"objects at {receipt.s3_uri}",
        observed=f"{len(lost)} of {counted(len(receipt.objects), 'object')} not as written",
    )


def _receipt(source: ExecutionRecord, step: str, output: str) -> OutputReceipt | None:
    found = source.step(step)
    receipts = found.result.outputs if found and found.result else ()
    return next((receipt for receipt in receipts if receipt.name == output and receipt.objects), None)
