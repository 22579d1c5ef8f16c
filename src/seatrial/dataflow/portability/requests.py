"""Names of the first run in what the second asked of each job: its arguments, variables, locations."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.portability.searching import Found, Search, first_of_each
from seatrial.definition import Json, Step
from seatrial.definition.expressions import expression_of
from seatrial.definition.pointers import child, tokens
from seatrial.definition.references import own_values
from seatrial.outputs import text_of
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding


def leaks_in_requests(flow: Flow, search: Search, of_default: Search) -> Iterator[Finding]:
    """One finding for each place in the definition.

    Locations of outputs are left out: that they do not follow the prefix has codes of its own. The
    default's value counts in arguments and variables alone.
    """
    outputs = {output.pointer for output in flow.plan.outputs}
    mentions = {read.pointer for read in flow.plan.reads if read.kind == "mention"}
    for record in flow.ran():
        step = flow.definition.step(record.name)
        if step is None:
            continue
        found = [
            *_in_definition(step, flow, search),
            *(each for each in _in_definition(step, flow, of_default) if _is_beneath(each.where, mentions)),
            *_while_running(step, record, search),
        ]
        by_place = {each.where: each for each in reversed(first_of_each(found))}
        for each in reversed(list(by_place.values())):
            if not _is_beneath(each.where, outputs):
                yield _leak(step, each)


def _in_definition(step: Step, flow: Flow, search: Search) -> Iterator[Found]:
    for value, pointer in own_values(step):
        for text, where in _resolved(value, pointer, flow):
            for needle, hit in search.in_text(text):
                yield Found(needle, where, hit)


def _resolved(value: Json, pointer: str, flow: Flow) -> Iterator[tuple[str, str]]:
    """Every text in it, expressions filled in as far as they are known before the run."""
    if isinstance(value, str):
        yield value, pointer
    elif expression_of(value) is not None:
        yield text_of(value, flow.plan.known).text, pointer
    elif isinstance(value, Mapping):
        for key, member in value.items():
            yield from _resolved(member, child(pointer, key), flow)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _resolved(item, child(pointer, index), flow)


def _while_running(step: Step, record: StepRecord, search: Search) -> Iterator[Found]:
    """The same of what steps before it gave: the job's description repeats what it was asked."""
    described: Mapping[str, Any] = record.result.describe if record.result else record.properties
    for key, value in described.items():
        if key in step.arguments:
            yield from search.in_document(value, child(step.pointer, "Arguments", key))


def _is_beneath(pointer: str, places: set[str]) -> bool:
    return any(pointer == place or pointer.startswith(f"{place}/") for place in places)


def _leak(step: Step, found: Found) -> Finding:
    name = ".".join(tokens(found.where.removeprefix(step.pointer))).removeprefix("Arguments.")
    return finding(
        "ST142",
        f"{name} of {step.name} names {found.needle.what}",
        where=found.where,
        step=step.name,
        also=str(found.needle.place),
        observed=found.hit.around,
    )
