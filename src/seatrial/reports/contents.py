"""Profiles in words: what a table or an archive holds, for the terminal and the page; reads no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from rich.console import Console
from rich.text import Text

from seatrial.outputs import S3OutputPathRegistry
from seatrial.outputs.profiled import profile_of_info
from seatrial.ports.contents import NUMERIC, Column, Profile, Table
from seatrial.reports.located import LocatedRows, show_rows
from seatrial.reports.text import shown

MOST_COLUMNS = 60
"""Columns of a table that are listed on a page."""

_FEW = 5
_FORMATS = {"csv": "CSV", "tsv": "TSV", "parquet": "Parquet", "jsonl": "JSON Lines", "json": "JSON"}


@dataclass(frozen=True)
class TableWords:
    """A table: what is to be said of it as a whole, and of each column: name, type, nulls, range."""

    name: str
    said: str
    columns: tuple[tuple[str, str, str, str], ...]
    left_out: int = 0


def table_words(profile: Profile, most: int | None = MOST_COLUMNS) -> tuple[TableWords, ...]:
    """Each table of the profile, with its first columns."""
    return tuple(
        TableWords(
            table.name,
            said_of(table),
            tuple(_column_words(column, table) for column in table.columns[:most]),
            max(len(table.columns) - most, 0) if most is not None else 0,
        )
        for table in profile.tables
    )


def notes_of(profile: Profile) -> tuple[str, ...]:
    """What is wrong with files, and what nobody looked at."""
    return (
        *(f"{trouble.name}: {trouble.problem}" for trouble in profile.troubles),
        *(f"not looked into: {left}" for left in profile.left_out),
    )


def said_of(table: Table) -> str:
    """`569 rows, 31 columns, CSV without header`."""
    return ", ".join(_said(table))


def _said(table: Table) -> Iterator[str]:
    if table.whole:
        yield _counted(table.rows, "row")
    elif table.total is None:
        yield f"of the first {_counted(table.rows, 'row')}"
    else:
        yield f"{_counted(table.total, 'row')}, of the first {table.rows:,}"
    yield _counted(len(table.columns), "column")
    if table.files > 1:
        yield _counted(table.files, "part")
    header = {False: " without header", True: "" if table.sure else " with a header, it seems", None: ""}
    yield f"{_FORMATS.get(table.format, table.format)}{header[table.header]}"


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _column_words(column: Column, table: Table) -> tuple[str, str, str, str]:
    return column.name, column.type, f"{column.nulls:,}" if column.nulls else "", range_of(column)


def range_of(column: Column) -> str:
    """The few values that there are, or from where to where they go."""
    if column.minimum is None or column.maximum is None:
        return ""
    if column.type not in NUMERIC and column.values is not None and len(column.values) <= _FEW:
        return ", ".join(column.values)
    return column.minimum if column.minimum == column.maximum else f"{column.minimum} to {column.maximum}"


def profiled(registry: S3OutputPathRegistry, wanted: Iterable[str] = ()) -> dict[str, Profile]:
    """The profiles in a registry by `Step.output`; those that are wanted, or all."""
    every = (
        (f"{step}.{info.logical_name}", profile_of_info(info))
        for step in registry.list_all_steps()
        for info in registry.get_all_step_outputs(step).values()
    )
    chosen = frozenset(wanted)
    return {name: found for name, found in every if found is not None and (not chosen or name in chosen)}


def show_profiles(console: Console, profiles: dict[str, Profile]) -> None:
    """Each output with its tables, archives, and what is to be said of its files."""
    for output, profile in profiles.items():
        for words in table_words(profile, None):
            console.print(
                Text.assemble(shown(output, "bold"), "  ", shown(words.name), "  ", shown(words.said, "dim"))
            )
            rows = LocatedRows("  COLUMN", "TYPE", "NULLS", "RANGE", right=frozenset({"NULLS"}))
            for name, type_, nulls, range_ in words.columns:
                rows.add_row(shown(f"  {name}"), shown(type_), shown(nulls), shown(range_))
            show_rows(console, rows)
        for archive in profile.archives:
            said = _counted(len(archive.members), "member")
            console.print(
                Text.assemble(shown(output, "bold"), "  ", shown(archive.name), "  ", shown(said, "dim"))
            )
            for member in archive.members:
                console.print(shown(f"  {member}"), soft_wrap=True)
        for note in notes_of(profile):
            console.print(Text.assemble(shown(output, "bold"), "  ", shown(note, "yellow")), soft_wrap=True)
