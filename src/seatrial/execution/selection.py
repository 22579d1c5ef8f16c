"""Which steps of a pipeline run, and what the others give: SelectiveExecutionConfig, as values.

A step that is not selected and that a selected one waits for gives what it gave in the source execution;
every other unselected step does not appear.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from seatrial.definition import Graph, PipelineDefinition, Step
from seatrial.errors import RefusedError
from seatrial.execution.steps.condition import branch_taken
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, Selection, StepStatus
from seatrial.records import Records

MOST_STEPS = 50
"""Of AWS's service model: as many SelectedSteps a start call takes."""

_CAN_BE_SOURCE = (
    ExecutionStatus.SUCCEEDED,
    ExecutionStatus.FAILED,
    ExecutionStatus.COMPLETED_WITH_FAILURES,
)


def selected_steps(
    definition: PipelineDefinition, graph: Graph, only: Sequence[str] = (), begin: Sequence[str] = ()
) -> tuple[str, ...]:
    """The steps `only`, or those that `begin` names with all that waits for them; in the document's order."""
    for name in (*only, *begin):
        if name not in graph.names:
            raise _unknown(name, graph.names, definition)
    wanted = {*only, *begin, *(after for name in begin for after in graph.descendants(name))}
    if len(wanted) > MOST_STEPS:
        raise RefusedError(
            f"{len(wanted)} steps are selected; SelectedSteps takes at most {MOST_STEPS}",
            slug="too-many-selected",
            where=definition.source,
            hint="select fewer, or run the whole pipeline",
        )
    _refuse_apart(wanted, graph, definition)
    return tuple(name for name in graph.names if name in wanted)


def needed_steps(graph: Graph, selected: Iterable[str]) -> tuple[str, ...]:
    """The steps that a selected one waits for and that are not selected themselves; in that order."""
    chosen = frozenset(selected)
    waited_for = {above for name in chosen for above in graph.upstream(name)} - chosen
    return tuple(name for name in graph.names if name in waited_for)


def select(
    definition: PipelineDefinition,
    graph: Graph,
    selected: tuple[str, ...],
    source: ExecutionRecord | None,
) -> Selection:
    """The selection, if the source gives all that is needed; else refused with the list."""
    needed = needed_steps(graph, selected)
    if needed and source is None:
        raise _refused(
            f"Invalid SourcePipelineExecutionArn: null. The selected steps {_listed(selected)} have "
            f"dependencies on {_listed(needed)}",
            "no execution of this pipeline has ended yet: select those steps too, or run it whole",
            definition,
        )
    if source is not None:
        _refuse_lacking(definition, selected, needed, source)
    return Selection(selected, source.arn if source is not None and needed else None)


def find_source(records: Records, pipeline_name: str, wanted: str | None) -> ExecutionRecord | None:
    """The execution that is meant, else the latest of the pipeline that can be a source, if there is one."""
    if wanted is None:
        ended = (each for each in records.list(pipeline_name) if each.status in _CAN_BE_SOURCE)
        return next(ended, None)
    source = records.execution(wanted)
    if source.pipeline_name != pipeline_name:
        raise RefusedError(
            f"execution {source.execution_id} is of the pipeline {source.pipeline_name}, "
            f"not of {pipeline_name}",
            slug="source-of-another-pipeline",
            where=source.arn,
            hint="`seatrial status` lists the executions with their pipelines",
        )
    if source.status not in _CAN_BE_SOURCE:
        raise RefusedError(
            f"execution {source.execution_id} is {source.status.value}; a source has succeeded or failed",
            slug="source-not-ended",
            where=source.arn,
            hint=f"name another with --source, or go on with that one: seatrial resume {source.execution_id}",
        )
    return source


def _refuse_lacking(
    definition: PipelineDefinition,
    selected: tuple[str, ...],
    needed: tuple[str, ...],
    source: ExecutionRecord,
) -> None:
    lacking = [name for name in needed if not _gives(source, definition.steps_by_name[name])]
    if lacking:
        raise _refused(
            f"execution {source.execution_id} has no successful {_listed(lacking)}, on which the selected "
            f"steps {_listed(selected)} depend",
            "select those steps too, or name an execution that has them: --source EXECUTION",
            definition,
        )
    elsewhere = [name for name in selected if _not_taken(source, definition.steps_by_name[name], selected)]
    if elsewhere:
        raise _refused(
            f"{_listed(elsewhere)} stand on a branch that execution {source.execution_id} did not take",
            "select their condition too, or name an execution that took it: --source EXECUTION",
            definition,
        )


def _gives(source: ExecutionRecord, step: Step) -> bool:
    found = source.step(step.name)
    return found is not None and found.type == step.type and found.status is StepStatus.SUCCEEDED


def _not_taken(source: ExecutionRecord, step: Step, selected: tuple[str, ...]) -> bool:
    if step.parent is None or step.parent in selected:
        return False
    condition = source.step(step.parent)
    return condition is None or branch_taken(condition) != step.branch


def _refuse_apart(wanted: set[str], graph: Graph, definition: PipelineDefinition) -> None:
    """As the service: the selected steps are one connected part of the graph."""
    if not wanted:
        return
    reached: set[str] = set()
    waiting = [next(name for name in graph.names if name in wanted)]
    while waiting:
        name = waiting.pop()
        reached.add(name)
        waiting += (graph.upstream(name) | graph.downstream(name)) & wanted - reached
    apart = [name for name in graph.names if name in wanted - reached]
    if apart:
        raise _refused(
            f"the selected steps are not connected: no edge leads from the others to {_listed(apart)}",
            "select the steps between them too, or run each part on its own",
            definition,
        )


def _unknown(name: str, names: Sequence[str], definition: PipelineDefinition) -> RefusedError:
    near = difflib.get_close_matches(name, names, n=1)
    return RefusedError(
        f"the pipeline has no step {name!r}",
        slug="unknown-step",
        where=definition.source,
        hint=f"did you mean {near[0]}?" if near else f"it has {', '.join(names)}",
    )


def _refused(message: str, hint: str, definition: PipelineDefinition) -> RefusedError:
    return RefusedError(message, slug="selection-refused", where=definition.source, hint=hint)


def _listed(names: Iterable[str]) -> str:
    return f"[{', '.join(names)}]"
