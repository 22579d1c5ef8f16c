"""Whether a table fits a contract's columns, and two tables each other; words for what does not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from seatrial.ports.contents import NUMERIC, TYPED_FORMATS, Column, ColumnType, Table
from seatrial.settings import ContentContract
from seatrial.settings.contents import split_kind

_MOST_NAMED = 5
_MOST_LISTED = 12
_ZERO_OR_ONE = frozenset({"0", "1", "0.0", "1.0"})


@dataclass(frozen=True)
class Misfit:
    """What of a table does not fit: `missing` columns, and what is to be said of others."""

    missing: tuple[str, ...] = ()
    unfit: tuple[str, ...] = ()


def misfit(table: Table, contract: ContentContract) -> Misfit:
    """How the table fits the contract; without a header, columns are known by their position."""
    if not contract.columns:
        return Misfit(unfit=_nulls_and_header(table, contract, {c.name: c for c in table.columns}))
    columns = _by_name(table, contract)
    required = contract.columns if contract.required is None else contract.required
    missing = tuple(name for name in required if name not in columns)
    unfit = [
        said
        for name, kind in contract.columns.items()
        if name in columns and (said := _unfit(name, kind, columns[name], table))
    ]
    if table.header is False and len(table.columns) > len(contract.columns):
        more = f"there are {len(table.columns)} columns without a header, and {len(contract.columns)} named"
        unfit.append(more)
    return Misfit(missing, (*unfit, *_nulls_and_header(table, contract, columns)))


def denies_header(table: Table, contract: ContentContract) -> bool:
    """Whether columns that the contract says have no header hold the very names that it gives them."""
    if table.header is not False or contract.header is not False:
        return False
    by_position = _by_name(table, contract).items()
    return any(name in (column.maximum, *(column.values or ())) for name, column in by_position)


def changes(before: Table, after: Table) -> Iterator[str]:
    """What is different of a table's columns, in words; nothing that a first row alone shows."""
    if not before.columns or not after.columns:
        return
    if before.header != after.header:
        if before.sure and after.sure and None not in (before.header, after.header):
            yield "its header is gone" if before.header else "it has a header now"
        return
    if before.header is not None and not (before.header and before.sure and after.sure):
        if len(before.columns) != len(after.columns):
            yield f"it had {len(before.columns)} columns and has {len(after.columns)}"
            return
        if not (before.sure and after.sure):
            return
    yield from _columns_changed(before, after)


def is_steady(column: Column, table: Table) -> bool:
    """Whether a column is always there: a key of records may come and go."""
    return table.format not in ("json", "jsonl") or not column.nulls


def columns_said(columns: Iterable[Column]) -> str:
    """The first columns with their types, and how many more there are."""
    said = [f"{column.name} {column.type}" for column in columns]
    more = f" and {len(said) - _MOST_LISTED} more" if len(said) > _MOST_LISTED else ""
    return ", ".join(said[:_MOST_LISTED]) + more


def differ(one: ColumnType, other: ColumnType) -> bool:
    """Whether two types are so different that whoever reads one stumbles over the other."""
    pair = {one, other}
    return len(pair) > 1 and "empty" not in pair and not pair <= NUMERIC and pair != {"date", "timestamp"}


def named(names: tuple[str, ...] | list[str]) -> str:
    """The first of some names, in quotes, and how many more there are."""
    shown = ", ".join(repr(name) for name in names[:_MOST_NAMED])
    return f"{shown} and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else shown


def _columns_changed(before: Table, after: Table) -> Iterator[str]:
    old = {column.name: column for column in before.columns}
    new = {column.name: column for column in after.columns}
    gone = [name for name in old if name not in new and is_steady(old[name], before)]
    come = [name for name in new if name not in old and is_steady(new[name], after)]
    if gone:
        yield f"{named(gone)} {'is' if len(gone) == 1 else 'are'} gone"
    if come:
        yield f"{named(come)} {'is' if len(come) == 1 else 'are'} new"
    changed = [name for name in old if name in new and differ(old[name].type, new[name].type)]
    for name in changed[:_MOST_NAMED]:
        yield f"{name!r} was {old[name].type} and is {new[name].type}"
    if len(changed) > _MOST_NAMED:
        yield f"{len(changed) - _MOST_NAMED} more are of other types"


def _by_name(table: Table, contract: ContentContract) -> Mapping[str, Column]:
    if table.header is False:
        return dict(zip(contract.columns, table.columns, strict=False))
    return {column.name: column for column in table.columns}


def _nulls_and_header(
    table: Table, contract: ContentContract, columns: Mapping[str, Column]
) -> tuple[str, ...]:
    found = [
        f"{name!r} has {columns[name].nulls} nulls in {table.rows} rows"
        for name in (contract.columns if contract.nullable is not None else ())
        if name in columns and columns[name].nulls and name not in (contract.nullable or ())
    ]
    return tuple(found)


def _unfit(name: str, kind: str, column: Column, table: Table) -> str | None:
    wanted, allowed = split_kind(kind)
    if column.type == "empty" or wanted == "any":
        return None
    if wanted == "category":
        return _beyond(name, column, allowed)
    if _is_of(wanted, column, table):
        return None
    example = column.maximum if column.type == "text" else None
    return f"{name!r} is {column.type}, not {wanted}" + (f" (it holds {example!r})" if example else "")


def _is_of(wanted: str, column: Column, table: Table) -> bool:
    if wanted == column.type:
        return True
    if wanted == "integer":
        return column.type == "number" and column.integral  # pandas writes integers beside nulls as 1.0
    if wanted == "number":
        return column.type == "integer"
    if wanted == "boolean":
        return column.values is not None and set(column.values) <= _ZERO_OR_ONE
    if wanted == "timestamp":
        return column.type == "date"
    return wanted == "text" and table.format not in TYPED_FORMATS  # a text may well look like a number


def _beyond(name: str, column: Column, allowed: tuple[str, ...]) -> str | None:
    if column.values is None:
        return f"{name!r} has more values than a category"
    beyond = [value for value in column.values if not any(_same(value, each) for each in allowed)]
    return f"{name!r} has the values {named(beyond)}" if beyond else None


def _same(value: str, allowed: str) -> bool:
    if value.strip() == allowed:
        return True
    try:
        return float(value) == float(allowed)
    except ValueError:
        return False
