"""What was really written and read against the contracts of its columns and members."""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import chain

from seatrial.dataflow.codes import finding
from seatrial.dataflow.contents.fitting import columns_said, denies_header, misfit, named
from seatrial.dataflow.contents.places import Looked, read, written
from seatrial.dataflow.flow import Flow
from seatrial.ports.contents import Archive, Place, Table
from seatrial.ports.findings import Finding, Severity
from seatrial.settings import ContentContract
from seatrial.settings.contents import contracts_of


def content_contracts(flow: Flow) -> Iterator[Finding]:
    """One finding for each table and code, each archive, and each contract that nothing was held to."""
    for looked in chain(written(flow), read(flow)):
        contracts = list(contracts_of(flow.contracts, looked.place))
        said = list(contracts_of(flow.contracts, source)) if (source := _source(flow, looked)) else []
        contracts = [each for each in contracts if not any(each is other for other in said)]
        for contract in contracts:
            yield from _tables(flow, looked, contract)
            yield from _archives(flow, looked, contract)
        yield from _refusals(flow, looked, {contract.schema_ for contract in contracts})


def _refusals(flow: Flow, looked: Looked, schemas: set[str | None]) -> Iterator[Finding]:
    """What schemas said when the run ended, as far as the contracts of today still name them."""
    for failure in flow.contents.failures.get(looked.place, ()):
        if failure.schema in schemas:
            column = f"column {failure.column!r}: " if failure.column else ""
            yield finding(
                "ST132",
                f"{looked.said}, and {failure.schema} refuses it: {column}{failure.problem}",
                where=looked.where,
                step=looked.step,
                also=looked.uri(failure.table),
                expected=failure.schema,
                observed=failure.problem,
            )


def _tables(flow: Flow, looked: Looked, contract: ContentContract) -> Iterator[Finding]:
    tables = [table for table in looked.profile.tables if _is_meant(table.name, contract)]
    for table in tables:
        yield from _table(flow, looked, contract, table)
    if not tables and (contract.columns or contract.not_empty):
        yield _no_table(flow, looked, contract)


def _table(flow: Flow, looked: Looked, contract: ContentContract, table: Table) -> Iterator[Finding]:
    found = misfit(table, contract) if table.columns else None
    if found and found.missing:
        beside = _writer(flow, looked)
        yield finding(
            "ST131",
            f"{looked.said}{beside}, and {table.name} lacks {named(found.missing)}"
            + (f", for it has {len(table.columns)} columns and no header" if table.header is False else ""),
            where=looked.where,
            step=looked.step,
            also=looked.uri(table.name),
            expected=", ".join(contract.required if contract.required is not None else contract.columns),
            observed=columns_said(table.columns),
        )
    if found and found.unfit:
        denied = denies_header(table, contract)
        yield finding(
            "ST132",
            f"{looked.said}, and {table.name} does not fit its contract: "
            + "; ".join([*found.unfit, *(["there is a header, it seems"] if denied else [])]),
            where=looked.where,
            step=looked.step,
            also=looked.uri(table.name),
            expected=", ".join(f"{name} {kind}" for name, kind in contract.columns.items()),
            observed=columns_said(table.columns),
            hint="Write no header, or say `header = true` in the contract." if denied else None,
        )
    if contract.not_empty and table.total == 0:
        yield finding(
            "ST133",
            f"{looked.said}, and {table.name} has no row",
            where=looked.where,
            step=looked.step,
            severity=Severity.ERROR,
            also=looked.uri(table.name),
            expected="rows",
            observed="none",
        )


def _no_table(flow: Flow, looked: Looked, contract: ContentContract) -> Finding:
    """Nothing to hold to the contract: nobody could look, or there is no table."""
    unseen = looked.profile.left_out or ((flow.contents.note,) if flow.contents.note else ())
    if unseen:
        return finding(
            "ST132",
            f"the contract of {'.'.join(looked.place)} was not checked: {'; '.join(unseen)}",
            where=looked.where,
            step=looked.step,
            severity=Severity.WARNING,
            hint="see to it that the files can be looked into: docs/contents.md",
        )
    wanted = "" if contract.files == "*" else f" called {contract.files}"
    return finding(
        "ST131",
        f"{looked.said}, and there is no table{wanted} in it",
        where=looked.where,
        step=looked.step,
        also=looked.s3_uri,
        expected=", ".join(contract.columns) or "a table",
        observed="none",
        hint="write CSV, JSON Lines or Parquet under a name that says so",
    )


def _archives(flow: Flow, looked: Looked, contract: ContentContract) -> Iterator[Finding]:
    if not contract.members:
        return
    unseen = looked.profile.left_out or (flow.contents.note and looked.profile.is_blank)
    if unseen and not looked.profile.archives:
        if not (contract.columns or contract.not_empty):  # else it is said of the tables
            yield _no_table(flow, looked, contract)
        return
    archives = [each for each in looked.profile.archives if _is_meant(each.name, contract)]
    for archive in archives or [Archive("no archive", ())]:
        missing = [
            each for each in contract.members if not any(fnmatchcase(has, each) for has in archive.members)
        ]
        if missing:
            yield finding(
                "ST134",
                f"{looked.said}, and {archive.name} lacks {named(missing)}"
                if archives
                else f"{looked.said}, and there is no archive in it",
                where=looked.where,
                step=looked.step,
                also=looked.uri(archive.name) if archives else looked.s3_uri,
                expected=", ".join(contract.members),
                observed=named(archive.members) or "none",
            )


def _is_meant(name: str, contract: ContentContract) -> bool:
    return fnmatchcase(name, contract.files)


def _writer(flow: Flow, looked: Looked) -> str:
    source = _source(flow, looked)
    return f" from {'.'.join(source)}" if source else ""


def _source(flow: Flow, looked: Looked) -> Place | None:
    """The output that an input holds; what a contract of both says is said there."""
    step = None if looked.written else flow.record.step(looked.step)
    for receipt in step.result.inputs if step and step.result else ():
        for stored in receipt.objects if receipt.name == looked.place[1] else ():
            if writer := flow.writers.get((stored.bucket, stored.key)):
                return writer
    return None
