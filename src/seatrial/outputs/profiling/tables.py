"""Puts the files of one output together: parts of one table, archives, and what is none of what it says."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from seatrial.outputs.profiling.separated import positions, unique_names
from seatrial.outputs.profiling.tally import MOST_VALUES
from seatrial.ports.contents import (
    NUMERIC,
    TYPED_FORMATS,
    Archive,
    Column,
    ColumnType,
    FileProfile,
    OddPart,
    Profile,
    Table,
    Trouble,
    joined,
)

Named = tuple[str, FileProfile]

_MOST_NAMED = 5
# A record need not have every key.
_OPEN = frozenset({"json", "jsonl"})

_PARTITION = re.compile(r"^([^=]+)=.*$")
# An identifier that a writer made up, or the number of a part; not that of a version (`v2`).
_COUNTED = re.compile(
    r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?<![0-9a-f])[0-9a-f]{16,}(?![0-9a-f])|(?<![vV\d])\d+"
)


def profile_of(files: Sequence[Named], left_out: Iterable[str] = (), beyond: Iterable[str] = ()) -> Profile:
    """The profile of an output's files, each by its name beneath the output.

    `beyond` names files that nobody looked into: how many rows their tables have is not known.
    """
    unseen = {pattern_of(name) for name, found in files if found.unseen or _is_unreadable(found)}
    unseen |= set(map(pattern_of, beyond))
    groups: dict[str, list[Named]] = {}
    for name, found in files:
        if found.members is None and found.unseen is None and not _is_unreadable(found):
            groups.setdefault(pattern_of(name), []).append((name, found))
    return Profile(
        tables=tuple(
            _table(pattern, parts, whole=pattern not in unseen) for pattern, parts in groups.items()
        ),
        archives=tuple(
            Archive(name, found.members, found.sizes) for name, found in files if found.members is not None
        ),
        troubles=tuple(Trouble(name, found.trouble) for name, found in files if found.trouble),
        left_out=(*left_out, *(f"{name}: {found.unseen}" for name, found in files if found.unseen)),
    )


def pattern_of(name: str) -> str:
    """What the names of a table's parts have in common: numbers and partitions' values are stars."""
    path = PurePosixPath(name)
    folders = [
        _PARTITION.sub(r"\1=*", each) if "=" in each else _COUNTED.sub("*", each) for each in path.parts[:-1]
    ]
    return "/".join([*folders, _COUNTED.sub("*", path.name)])


def _is_unreadable(found: FileProfile) -> bool:
    return found.trouble is not None and not found.columns


def _table(pattern: str, parts: list[Named], *, whole: bool) -> Table:
    parts = _agreed(parts)
    shown = [found for _, found in parts if found.columns]
    model = shown[0] if shown else parts[0][1]
    return Table(
        name=parts[0][0] if len(parts) == 1 else pattern,
        format=model.format,
        files=len(parts),
        rows=sum(found.rows for _, found in parts),
        total=_sum([found.total for _, found in parts]) if whole else None,
        columns=_columns(shown),
        header=model.header,
        sure=model.sure,
        delimiter=model.delimiter,
        empty=tuple(name for name, found in parts if found.total == 0),
        odd=tuple(odd for name, found in parts if found.columns and (odd := _odd(name, found, model))),
    )


def _agreed(parts: list[Named]) -> list[Named]:
    """Parts that could only guess whether they have a header do as the others, or as all of them show."""
    told = {found.header for _, found in parts if found.sure and found.first}
    guesses = [found for _, found in parts if not found.sure and found.first]
    if len(parts) == 1 or not guesses or len(told) > 1:
        return parts
    header = told.pop() if told else len({found.first for found in guesses}) == 1
    return [(name, found if found.sure else _with_header(found, bool(header))) for name, found in parts]


def _with_header(found: FileProfile, header: bool) -> FileProfile:
    """The same file with its first row counted as a header or as data; guesses are of texts alone."""
    if not found.first or found.header == header:
        return replace(found, sure=True)
    change = -1 if header else 1
    names = unique_names(found.first) if header else positions(len(found.first))
    columns = (replace(column, name=name) for column, name in zip(found.columns, names, strict=True))
    total = None if found.total is None else found.total + change
    return replace(
        found, header=header, sure=True, rows=found.rows + change, total=total, columns=tuple(columns)
    )


def _columns(parts: list[FileProfile]) -> tuple[Column, ...]:
    together: dict[str, list[Column]] = {}
    for found in parts:
        for column in found.columns:
            together.setdefault(column.name, []).append(column)
    rows = {name: sum(f.rows for f in parts if not _has(f, name)) for name in together}
    return tuple(_joined(columns, rows[name]) for name, columns in together.items())


def _has(found: FileProfile, name: str) -> bool:
    return any(column.name == name for column in found.columns)


def _joined(columns: list[Column], absent: int) -> Column:
    """One column of all parts; `absent` rows lack it."""
    type_: ColumnType = "empty"
    for column in columns:
        type_ = joined(type_, column.type)
    lowest, highest = _range(columns, type_)
    filled = [column for column in columns if column.minimum is not None]
    values = {value for column in filled for value in column.values or ()}
    few = all(column.values is not None for column in filled) and 0 < len(values) <= MOST_VALUES
    return Column(
        columns[0].name,
        type_,
        sum(column.nulls for column in columns) + absent,
        lowest,
        highest,
        tuple(sorted(values)) if few else None,
        type_ in NUMERIC and all(column.integral for column in filled),
    )


def _range(columns: list[Column], type_: ColumnType) -> tuple[str | None, str | None]:
    lows = [column.minimum for column in columns if column.minimum is not None]
    highs = [column.maximum for column in columns if column.maximum is not None]
    if not lows or not highs:
        return None, None
    if type_ in NUMERIC:
        return min(lows, key=number_of), max(highs, key=number_of)
    return min(lows), max(highs)


def number_of(text: str) -> float | int:
    """The number that a range names; integers to their last digit."""
    try:
        return int(text)
    except ValueError:
        return float(text)


def _odd(name: str, found: FileProfile, model: FileProfile) -> OddPart | None:
    differs = tuple(_differences(found, model))
    return OddPart(name, differs) if differs else None


def _differences(found: FileProfile, model: FileProfile) -> Iterator[str]:
    if found.header != model.header:
        yield "has a header" if found.header else "has no header"
        return
    if found.header is False:
        if len(found.columns) != len(model.columns):
            yield f"has {len(found.columns)} columns, and not {len(model.columns)}"
        return
    ours = {column.name: column for column in found.columns}
    theirs = {column.name: column for column in model.columns}
    if found.format not in _OPEN:
        yield from _lacking(ours, theirs)
    if found.format in TYPED_FORMATS:
        for name in ours.keys() & theirs.keys():
            if _differ(ours[name], theirs[name]):
                yield f"has {name!r} as {ours[name].type}, and not as {theirs[name].type}"


def _lacking(ours: Mapping[str, Column], theirs: Mapping[str, Column]) -> Iterator[str]:
    lacks = [name for name in theirs if name not in ours]
    more = [name for name in ours if name not in theirs]
    if lacks:
        yield f"lacks {_named(lacks)}"
    if more:
        yield f"has {_named(more)} besides"


def _named(names: list[str]) -> str:
    shown = ", ".join(map(repr, names[:_MOST_NAMED]))
    return shown if len(names) <= _MOST_NAMED else f"{shown} and {len(names) - _MOST_NAMED} more"


def _differ(one: Column, other: Column) -> bool:
    pair = {one.type, other.type}
    return len(pair) == 2 and not pair <= NUMERIC and "empty" not in pair and pair != {"date", "timestamp"}


def _sum(totals: list[int | None]) -> int | None:
    known = [total for total in totals if total is not None]
    return sum(known) if len(known) == len(totals) else None
