"""What is inside the objects that flow: tables with their columns, archives with their members.

Profiles are made where files can be read; whoever judges or shows them needs no library for tables.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

ColumnType = Literal["empty", "integer", "number", "boolean", "date", "timestamp", "text", "nested"]
"""`empty` where every value is null; `nested` for lists and records within a cell."""

NUMERIC: frozenset[ColumnType] = frozenset({"integer", "number"})
TYPED_FORMATS = frozenset({"parquet", "jsonl", "json"})
"""Formats that say themselves what a value is; in the others a number is a text that looks like one."""


def joined(one: ColumnType, other: ColumnType) -> ColumnType:
    """The narrowest type that holds the values of both."""
    if one == other or other == "empty":
        return one
    if one == "empty":
        return other
    pair = {one, other}
    if pair <= NUMERIC:
        return "number"
    if pair == {"date", "timestamp"}:
        return "timestamp"
    return "text"


@dataclass(frozen=True)
class Column:
    """One column, as far as it was looked at.

    `values` are the distinct ones where they are few, None where they are many or unknown. `integral`
    says of numbers that none has a fraction. Without a header, `name` is the position, from 1.
    """

    name: str
    type: ColumnType
    nulls: int = 0
    minimum: str | None = None
    maximum: str | None = None
    values: tuple[str, ...] | None = None
    integral: bool = False


@dataclass(frozen=True)
class FileProfile:
    """One file. `rows` were looked at; `total` is how many there are, None where that is not known.

    `header` is None for formats that need none, and `sure` says whether it was more than a guess; `first`
    is the first row as it stands there. `members` are those of an archive, `sizes` theirs. `trouble` says
    what is not as the name promises, `unseen` why nobody looked.
    """

    format: str
    rows: int = 0
    total: int | None = 0
    columns: tuple[Column, ...] = ()
    header: bool | None = None
    sure: bool = True
    first: tuple[str, ...] = ()
    delimiter: str | None = None
    members: tuple[str, ...] | None = None
    sizes: tuple[int, ...] = ()
    trouble: str | None = None
    unseen: str | None = None


@dataclass(frozen=True)
class OddPart:
    """A part whose columns are not those of the first part: `differs` says how, in words."""

    name: str
    differs: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Files of one output that together are a table; `name` is the file's, or the pattern of its parts.

    `files` counts its parts, `empty` names those without a row. `total` is None where some rows were not
    looked at and nobody knows their number; then everything here is of the first `rows`.
    """

    name: str
    format: str
    files: int
    rows: int
    total: int | None
    columns: tuple[Column, ...]
    header: bool | None = None
    sure: bool = True
    delimiter: str | None = None
    empty: tuple[str, ...] = ()
    odd: tuple[OddPart, ...] = ()

    @property
    def whole(self) -> bool:
        """Whether every row was looked at."""
        return self.total == self.rows

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)


@dataclass(frozen=True)
class Archive:
    """A file of files; `members` by their paths in it, `sizes` in bytes in their order, where known."""

    name: str
    members: tuple[str, ...]
    sizes: tuple[int, ...] = ()


@dataclass(frozen=True)
class Trouble:
    """A file that is not what its name says."""

    name: str
    problem: str


@dataclass(frozen=True)
class SchemaFailure:
    """What a schema of the project's own says of a table; `column` where it is about one."""

    table: str
    schema: str
    problem: str
    column: str | None = None


@dataclass(frozen=True)
class Profile:
    """What one output or input holds. `left_out` says what nobody looked at, and why."""

    tables: tuple[Table, ...] = ()
    archives: tuple[Archive, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to tell."""
        return not (self.tables or self.archives or self.troubles or self.left_out)


Place = tuple[str, str]
"""A step, and one of its outputs or inputs."""


@dataclass(frozen=True)
class Earlier:
    """The profile of an output in an execution that went well before.

    `parameters` are those that had another value then, with that value.
    """

    execution_id: str
    profile: Profile
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Contents:
    """Everything that was looked into for one execution; `note` says why where little was."""

    outputs: Mapping[Place, Profile] = field(default_factory=dict)
    inputs: Mapping[Place, Profile] = field(default_factory=dict)
    earlier: Mapping[Place, Earlier] = field(default_factory=dict)
    failures: Mapping[Place, tuple[SchemaFailure, ...]] = field(default_factory=dict)
    note: str | None = None
