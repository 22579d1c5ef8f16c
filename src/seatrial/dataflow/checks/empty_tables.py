"""Tables without rows, and parts without rows among others that have some."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import chain
from pathlib import PurePosixPath

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.contents.fitting import named
from seatrial.dataflow.contents.places import Looked, brought, written
from seatrial.dataflow.flow import Flow
from seatrial.ports.contents import Table
from seatrial.ports.findings import Finding, Severity
from seatrial.settings.contents import contracts_of

# Tables of what went wrong: without a row, nothing did.
_OF_FAULTS = re.compile(
    r"(?:^|[-_/.])(?:reject|error|invalid|quarantine|violation|anomal|outlier|duplicate|dropped|discarded|failed|failures"
    r"|skipped|missing|excluded)",
    re.IGNORECASE,
).search
_OF_SPARK = re.compile(r"part-\d{5}").match


def empty_tables(flow: Flow) -> Iterator[Finding]:
    """One finding for each such table; files of 0 bytes alone are an empty output, which is said already."""
    for looked in chain(written(flow), brought(flow)):
        held = any(contract.not_empty for contract in contracts_of(flow.contracts, looked.place))
        for table in looked.profile.tables:
            if table.total == 0 and table.columns and not held and not _of_faults(looked, table):
                yield _finding(looked, table, f"{table.name} has columns and no row")
            elif table.rows and table.empty:
                yield _finding(looked, table, _parts(table), _severity(table))


def _of_faults(looked: Looked, table: Table) -> bool:
    return bool(_OF_FAULTS(table.name) or _OF_FAULTS(looked.place[1]))


def _parts(table: Table) -> str:
    return f"{counted(len(table.empty), 'part')} of {table.files} without rows: {named(table.empty)}"


def _severity(table: Table) -> Severity:
    """Spark writes a part for each of its tasks, whether there was anything to write or not."""
    spark = all(_OF_SPARK(PurePosixPath(name).name) and "=" not in name for name in table.empty)
    return Severity.NOTE if spark else Severity.WARNING


def _finding(looked: Looked, table: Table, said: str, severity: Severity | None = None) -> Finding:
    return finding(
        "ST133",
        f"{looked.said}, and {said}",
        where=looked.where,
        step=looked.step,
        severity=severity,
        also=looked.uri(table.name),
        expected="rows",
        observed="none",
    )
