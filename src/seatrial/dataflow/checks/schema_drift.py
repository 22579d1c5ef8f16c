"""Outputs whose columns are others than in the last execution that went well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from seatrial.dataflow.codes import finding
from seatrial.dataflow.contents.fitting import changes, columns_said
from seatrial.dataflow.contents.places import written
from seatrial.dataflow.flow import Flow
from seatrial.definition import references
from seatrial.ports.contents import Profile, Table
from seatrial.ports.findings import Finding, Severity
from seatrial.settings.contents import contracts_of

# What these hold changes no contents.
_OF_THE_MACHINE = frozenset(
    {"NetworkConfig", "ProcessingResources", "ResourceConfig", "RoleArn", "StoppingCondition", "Tags"}
)


def schema_drift(flow: Flow) -> Iterator[Finding]:
    """One finding for each table that changed; where a contract names the columns, the contract decides."""
    for looked in written(flow):
        earlier = flow.contents.earlier.get(looked.place)
        if earlier is None or any(each.columns for each in contracts_of(flow.contracts, looked.place)):
            continue
        for before, after in _pairs(earlier.profile, looked.profile):
            changed = list(changes(before, after))
            if changed:
                told = _told_otherwise(flow, looked.step, earlier.parameters)
                yield finding(
                    "ST130",
                    f"{looked.said} with other columns than in the last execution that went well: "
                    + "; ".join(changed)
                    + (f" (parameter {'; '.join(told)})" if told else ""),
                    where=looked.where,
                    step=looked.step,
                    severity=Severity.NOTE if told else None,
                    also=looked.uri(after.name),
                    expected=f"as in {earlier.execution_id}: {columns_said(before.columns)}",
                    observed=columns_said(after.columns),
                )


def _told_otherwise(flow: Flow, name: str, before: Mapping[str, str]) -> list[str]:
    """What the step, or one that it waits for, was told otherwise: then another outcome may be meant."""
    said: dict[str, str] = {}
    for step in flow.definition.all_steps() if before else ():
        if step.name == name or name in flow.graph.descendants(step.name):
            told = {key: value for key, value in step.arguments.items() if key not in _OF_THE_MACHINE}
            for reference in references(told):
                if reference.kind == "parameter" and reference.name in before:
                    now = flow.record.parameters.get(reference.name)
                    said[reference.name] = f"{reference.name} was {before[reference.name]} and is {now}"
    return list(said.values())


def _pairs(before: Profile, after: Profile) -> Iterator[tuple[Table, Table]]:
    """Tables of the same name; the only one of each where there is no more, whatever it is called."""
    if len(before.tables) == len(after.tables) == 1:
        yield before.tables[0], after.tables[0]
        return
    known = {table.name: table for table in before.tables}
    yield from ((known[table.name], table) for table in after.tables if table.name in known)
