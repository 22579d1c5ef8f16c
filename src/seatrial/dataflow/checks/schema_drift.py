"""Outputs whose columns are others than in the last execution that went well."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.contents.fitting import changes, columns_said
from seatrial.dataflow.contents.places import written
from seatrial.dataflow.flow import Flow
from seatrial.ports.contents import Profile, Table
from seatrial.ports.findings import Finding
from seatrial.settings.contents import contracts_of


def schema_drift(flow: Flow) -> Iterator[Finding]:
    """One finding for each table that changed; where a contract names the columns, the contract decides."""
    for looked in written(flow):
        earlier = flow.contents.earlier.get(looked.place)
        if earlier is None or any(each.columns for each in contracts_of(flow.contracts, looked.place)):
            continue
        for before, after in _pairs(earlier.profile, looked.profile):
            changed = list(changes(before, after))
            if changed:
                yield finding(
                    "ST130",
                    f"{looked.said} with other columns than in the last execution that went well: "
                    + "; ".join(changed),
                    where=looked.where,
                    step=looked.step,
                    also=looked.uri(after.name),
                    expected=f"as in {earlier.execution_id}: {columns_said(before.columns)}",
                    observed=columns_said(after.columns),
                )


def _pairs(before: Profile, after: Profile) -> Iterator[tuple[Table, Table]]:
    """Tables of the same name; the only one of each where there is no more, whatever it is called."""
    if len(before.tables) == len(after.tables) == 1:
        yield before.tables[0], after.tables[0]
        return
    known = {table.name: table for table in before.tables}
    yield from ((known[table.name], table) for table in after.tables if table.name in known)
