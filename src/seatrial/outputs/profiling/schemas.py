"""Holds a table to a schema of the project's own, with pandera; knows neither stores nor outputs.

Whatever the schema's file does, the answer is what failed: a run never ends of it.
"""

from __future__ import annotations

import importlib.util
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import redirect_stdout
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from seatrial.outputs.profiling.tally import LONGEST
from seatrial.ports.contents import SchemaFailure, Table

INSTALL = "pip install 'seatrial[schemas]'"
_OURS = frozenset({"pandera", "pandas", "pyarrow"})
_MOST_FAILURES = 5
# Output is redirected for the whole process, and imports of pandera in two threads can wait for one another.
_one_at_a_time = threading.Lock()


@dataclass(frozen=True)
class Frame:
    """A table and the files it is made of; `names` for its columns where it has no header."""

    table: Table
    files: Sequence[Path]
    names: Sequence[str] = ()


def schema_failures(schema: str, frame: Frame) -> tuple[SchemaFailure, ...]:
    """What `contracts.py:TrainSchema` has against the table; the file is beneath the current folder."""
    try:
        with (
            _one_at_a_time,
            redirect_stdout(sys.stderr),
        ):  # what the file prints is no answer of ours, which may be JSON
            failed = list(_failed(schema, frame))
    except (Exception, SystemExit) as trouble:  # noqa: BLE001 - the schema's file is the project's code: anything may come
        failed = [(None, f"it was not checked: {_said_of(trouble)}")]
    return tuple(SchemaFailure(frame.table.name, schema, problem, column) for column, problem in failed)


def _said_of(trouble: BaseException) -> str:
    missing = (trouble.name or "") if isinstance(trouble, ImportError) else ""
    if missing.partition(".")[0] in _OURS:
        return f"{trouble}; {INSTALL}"
    return f"{type(trouble).__name__}: {_first_line(trouble)}"


def _failed(schema: str, frame: Frame) -> Iterator[tuple[str | None, str]]:
    # Optional and slow to import: only a project that has a schema pays for it.
    from pandera.errors import SchemaErrors

    wanted = _loaded(schema)
    try:
        wanted.validate(_read(frame), lazy=True)
    except SchemaErrors as refused:
        cases = refused.failure_cases
        grouped = list(cases.groupby(["column", "check"], dropna=False, sort=False))
        for (column, check), failing in grouped[:_MOST_FAILURES]:
            yield _said(column, check, failing)
        if len(grouped) > _MOST_FAILURES:
            yield None, f"{len(grouped) - _MOST_FAILURES} more checks fail"


def _said(column: Any, check: Any, failing: Any) -> tuple[str | None, str]:
    example = failing["failure_case"].iloc[0]
    name = column if isinstance(column, str) else None
    if check == "column_in_dataframe":
        return None, f"it lacks {example!r}"
    rows = int(failing["index"].notna().sum())
    counted = f"{rows} {'row' if rows == 1 else 'rows'}, such as " if rows else ""
    return name, f"{_short(check)} fails for {counted}{_short(example)}"


def _loaded(schema: str) -> Any:
    file, _, name = schema.partition(":")
    path = Path(file).resolve()
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {file}")
    spec = importlib.util.spec_from_file_location(f"seatrial_schema_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{file} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses and pandera's models look their own module up
    spec.loader.exec_module(module)
    found: Any = module
    for part in name.split("."):
        found = getattr(found, part)
    return found


def _read(frame: Frame) -> Any:
    import pandas as pd  # comes with the schemas

    read = [_read_one(pd, frame, file) for file in frame.files]
    return read[0] if len(read) == 1 else pd.concat(read, ignore_index=True)


def _read_one(pd: Any, frame: Frame, file: Path) -> Any:
    table = frame.table
    if table.format == "parquet":
        return pd.read_parquet(file) if table.whole else _first_rows(file, table.rows)
    if table.format in ("json", "jsonl"):
        most = table.rows if table.format == "jsonl" and not table.whole else None
        return pd.read_json(file, lines=table.format == "jsonl", compression="infer", nrows=most or None)
    header = 0 if table.header is not False else None
    found = pd.read_csv(
        file,
        sep=table.delimiter or ",",
        header=header,
        nrows=table.rows or None,
    )
    if header is None and len(frame.names) == len(found.columns):
        found.columns = list(frame.names)
    return found


def _first_rows(file: Path, most: int) -> Any:
    import pyarrow as pa  # as optional as the schemas
    import pyarrow.parquet as pq

    with pq.ParquetFile(file) as opened:
        batches = list(islice(opened.iter_batches(batch_size=max(most, 1)), 1))
        return pa.Table.from_batches(batches, opened.schema_arrow).to_pandas()


def _first_line(trouble: BaseException) -> str:
    return str(trouble).partition("\n")[0]


def _short(value: Any) -> str:
    """As long as is shown of any value: it may be a whole document."""
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
