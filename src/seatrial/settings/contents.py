"""Tables of settings about what is inside the data: how much is looked at, and what is expected there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from pydantic import BaseModel, ByteSize, ConfigDict, Field, field_validator, model_validator

KINDS = ("any", "integer", "number", "boolean", "date", "timestamp", "text", "category", "nested")
_KIND = re.compile(rf"({'|'.join(KINDS)})(?::\s*(.+))?")


class ProfileSettings(BaseModel):
    """How much is looked at of what steps wrote and read."""

    model_config = ConfigDict(extra="forbid")

    enabled: bool = Field(True, description="look into tables and archives after a run")
    bytes_per_output: ByteSize = Field(
        ByteSize(8 * 10**6),
        ge=1,
        description="how much of one output or input is looked at; of a larger table, its first rows",
    )
    bytes_per_execution: ByteSize = Field(
        ByteSize(40 * 10**6), ge=1, description="how much of all that an execution wrote and read"
    )


class ContentContract(BaseModel):
    """What the tables and archives of an output or input are to hold."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    files: str = Field("*", min_length=1, description="which of the files (shell style)")
    columns: dict[str, str] = Field(
        default_factory=dict, description="column to type; in their order where there is no header"
    )
    required: list[str] | None = Field(None, description="columns that must be there; all, if not set")
    nullable: list[str] | None = Field(None, description="columns that may have nulls; all, if not set")
    not_empty: bool = Field(False, description="every table has rows")
    header: bool | None = Field(None, description="whether a CSV file begins with a header")
    members: list[str] = Field(default_factory=list, description="what archives hold (shell style)")
    schema_: str | None = Field(
        None,
        alias="schema",
        pattern=r"^[^:]+\.py:[\w.]+$",
        description="a pandera schema: `contracts.py:TrainSchema`",
    )

    @field_validator("columns")
    @classmethod
    def _known_kinds(cls, columns: dict[str, str]) -> dict[str, str]:
        for name, kind in columns.items():
            if _KIND.fullmatch(kind.strip()) is None:
                raise ValueError(f"column {name!r}: {kind!r} is no type; write one of {', '.join(KINDS)}")
            split_kind(kind)
        return columns

    @model_validator(mode="after")
    def _of_these_columns(self) -> ContentContract:
        for name in (*(self.required or ()), *(self.nullable or ())):
            if name not in self.columns:
                raise ValueError(f"{name!r} is none of the columns")
        return self


def split_kind(kind: str) -> tuple[str, tuple[str, ...]]:
    """`category: yes, no` as its type and the values or the range that it allows."""
    found = _KIND.fullmatch(kind.strip())
    if found is None:
        raise ValueError(f"{kind!r} is no type of a column")
    rest = found[2]
    if rest is None:
        if found[1] == "category":
            raise ValueError("a category names its values: `category: yes, no`")
        return found[1], ()
    if found[1] != "category":
        raise ValueError(f"only a category has values, not {found[1]!r}")
    return found[1], tuple(value.strip() for value in rest.split(","))


def contracts_of(
    contents: Mapping[str, ContentContract], place: tuple[str, str]
) -> Iterator[ContentContract]:
    """The contracts of an output or input, `place` being its step and its name."""
    return (contract for pattern, contract in contents.items() if fnmatchcase(".".join(place), pattern))
