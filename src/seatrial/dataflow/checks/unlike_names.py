"""Parts of one table that have different columns, and files that are not what their names say."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from seatrial.dataflow.codes import finding
from seatrial.dataflow.contents.places import Looked, brought, written
from seatrial.dataflow.flow import Flow
from seatrial.ports.contents import Table
from seatrial.ports.findings import Finding


def parts_disagree(flow: Flow) -> Iterator[Finding]:
    """One finding for each table with parts that differ from the first."""
    for looked in chain(written(flow), brought(flow)):
        for table in looked.profile.tables:
            if table.odd:
                yield _disagreeing(looked, table)


def not_as_named(flow: Flow) -> Iterator[Finding]:
    """One finding for each file; of a property file that is no JSON, another check says it."""
    for looked in chain(written(flow), brought(flow)):
        for trouble in looked.profile.troubles:
            if not _is_property_file(flow, looked, trouble.name):
                yield finding(
                    "ST136",
                    f"{looked.said}, and {trouble.name} is not what its name says: {trouble.problem}",
                    where=looked.where,
                    step=looked.step,
                    also=looked.uri(trouble.name),
                    observed=trouble.problem,
                )


def _disagreeing(looked: Looked, table: Table) -> Finding:
    odd = table.odd[0]
    more = f", and {len(table.odd) - 1} more parts differ" if len(table.odd) > 1 else ""
    return finding(
        "ST135",
        f"{looked.said} in {table.files} parts with different columns: {odd.name} "
        f"{' and '.join(odd.differs)}{more}",
        where=looked.where,
        step=looked.step,
        also=looked.uri(table.name),
        observed=", ".join(part.name for part in table.odd),
    )


def _is_property_file(flow: Flow, looked: Looked, name: str) -> bool:
    step = flow.definition.step(looked.step)
    return looked.written and any(
        (file.output_name, file.file_path) == (looked.place[1], name)
        for file in (step.property_files if step else ())
    )
