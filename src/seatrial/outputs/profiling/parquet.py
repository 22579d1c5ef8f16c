"""Looks into Parquet files, as far as the library for them is installed; knows neither stores nor outputs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from seatrial.outputs.profiling.tally import LONGEST, MOST_VALUES
from seatrial.ports.contents import NUMERIC, Column, ColumnType, FileProfile

INSTALL = "pip install 'seatrial[contents]'"
_ROWS = 65_536
_MAGIC = b"PAR1"
_UNSAID = (NotImplementedError, ValueError, OverflowError)
"""Binary columns have no range; times of nanoseconds, or beyond the year 9999, are none of Python's."""


def profile_parquet(path: Path, most: int) -> FileProfile:
    """Every column; where the file is larger than `most` bytes, nulls and ranges of its first row groups."""
    if not _is_parquet(path):
        return FileProfile("parquet", trouble="it is no Parquet: the mark `PAR1` is not at both its ends")
    try:
        # Optional, and a tenth of a second: only who has Parquet pays for it.
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        return FileProfile("parquet", total=None, unseen=INSTALL)
    try:
        with pq.ParquetFile(path) as file:
            return _profile(file, _groups(file, most), _enough(file, most))
    except NotImplementedError as missing:  # of the library: nothing is wrong with the file
        return FileProfile("parquet", total=None, unseen=_first_line(missing))
    except (pa.ArrowException, OSError) as broken:
        return FileProfile("parquet", trouble=f"it cannot be read: {_first_line(broken)}")


def _profile(file: Any, groups: list[int], enough: int) -> FileProfile:
    counts = [_Counts(field.name, _type_of(field.type)) for field in file.schema_arrow]
    rows = 0
    for batch in file.iter_batches(batch_size=_ROWS, row_groups=groups):
        rows += batch.num_rows
        for count, values in zip(counts, batch.columns, strict=True):
            count.add(values)
        if rows >= enough:
            break
    total = file.metadata.num_rows
    return FileProfile("parquet", rows, total, tuple(count.column() for count in counts))


def _groups(file: Any, most: int) -> list[int]:
    """The first row groups, as many as fit; the first in any case."""
    taken: list[int] = []
    size = 0
    for number in range(file.num_row_groups):
        size += file.metadata.row_group(number).total_byte_size
        if taken and size > most:
            break
        taken.append(number)
    return taken


def _enough(file: Any, most: int) -> int:
    """How many rows make `most` bytes, about."""
    size = sum(file.metadata.row_group(n).total_byte_size for n in range(file.num_row_groups))
    return int(file.metadata.num_rows if size <= most else file.metadata.num_rows * most / size)


class _Counts:
    """Nulls, range and distinct values of one column."""

    def __init__(self, name: str, type_: ColumnType) -> None:
        self._name = name
        self._type = type_
        self._nulls = 0
        self._range: tuple[Any, Any] | None = None
        self._values: set[str] | None = None if type_ == "nested" else set()
        self._integral = True

    def add(self, values: Any) -> None:
        """One batch."""
        import pyarrow.compute as pc  # with the rest of the optional library

        if self._type == "nested":
            self._nulls += values.null_count
            return
        if hasattr(values, "dictionary_decode"):
            values = values.dictionary_decode()
        kept = values.drop_null()
        if self._type == "number":
            if _is_float(values):
                kept = kept.cast("float64")  # of halves the library knows neither floor nor range
                kept = kept.filter(pc.invert(pc.is_nan(kept)))
            whole = pc.and_(pc.is_finite(kept), pc.equal(kept, pc.floor(kept)))
            self._integral = self._integral and pc.all(whole).as_py() is not False
        self._nulls += len(values) - len(kept)
        if len(kept):
            self._add_range(pc, kept)
            self._add_values(kept)

    def column(self) -> Column:
        """What was counted; a column of nothing but nulls keeps the type that the file states."""
        low, high = (_shown(each) for each in self._range) if self._range else (None, None)
        return Column(
            self._name,
            self._type,
            self._nulls,
            low,
            high,
            tuple(sorted(self._values)) if self._values else None,
            self._type in NUMERIC and self._integral,
        )

    def _add_range(self, pc: Any, kept: Any) -> None:
        try:
            found = pc.min_max(kept).as_py()
        except _UNSAID:
            return
        low, high = found["min"], found["max"]
        self._range = (
            (low, high) if self._range is None else (min(self._range[0], low), max(self._range[1], high))
        )

    def _add_values(self, kept: Any) -> None:
        if self._values is None:
            return
        try:
            distinct = kept.unique()
            found = distinct.to_pylist() if len(distinct) <= MOST_VALUES else None
        except _UNSAID:
            found = None
        if found is None:
            self._values = None
            return
        self._values |= {_text(each) for each in found}
        if len(self._values) > MOST_VALUES or any(len(value) > LONGEST for value in self._values):
            self._values = None


def _type_of(type_: Any) -> ColumnType:
    import pyarrow.types as of  # with the rest of the optional library

    if of.is_dictionary(type_):
        return _type_of(type_.value_type)
    table: tuple[tuple[Any, ColumnType], ...] = (
        (of.is_boolean, "boolean"),
        (of.is_integer, "integer"),
        (of.is_floating, "number"),
        (of.is_decimal, "number"),
        (of.is_date, "date"),
        (of.is_timestamp, "timestamp"),
        (of.is_null, "empty"),
        (of.is_nested, "nested"),
    )
    return next((name for matches, name in table if matches(type_)), "text")


def _is_float(values: Any) -> bool:
    import pyarrow.types as of  # with the rest of the optional library

    return bool(of.is_floating(values.type))


def _is_parquet(path: Path) -> bool:
    with path.open("rb") as file:
        begins = file.read(len(_MAGIC)) == _MAGIC
        size = file.seek(0, 2)
        file.seek(max(0, size - len(_MAGIC)))
        return begins and size >= 3 * len(_MAGIC) and file.read() == _MAGIC


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return value.decode(errors="backslashreplace")
    return str(value)


def _shown(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _first_line(broken: BaseException) -> str:
    return str(broken).partition("\n")[0]
