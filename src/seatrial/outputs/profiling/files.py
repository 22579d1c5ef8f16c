"""Looks into one file by what its name promises; whatever stands in it, the answer is a profile."""

from __future__ import annotations

import csv
import gzip
import zlib
from pathlib import Path

from seatrial.outputs.profiling.archives import profile_tar, profile_zip
from seatrial.outputs.profiling.formats import format_of
from seatrial.outputs.profiling.json_rows import profile_json, profile_lines
from seatrial.outputs.profiling.parquet import profile_parquet
from seatrial.outputs.profiling.separated import profile_separated
from seatrial.ports.contents import FileProfile


def profile_file(path: Path, name: str, most: int, header: bool | None = None) -> FileProfile | None:
    """What is in the file, of which the first `most` bytes are looked at; None where it is no table.

    `name` says what it should be, `header` of a CSV file whether it begins with one, where that is known.
    """
    kind = format_of(name)
    if kind is None:
        return None
    try:
        return _read(path, name, kind, most, header)
    except UnicodeDecodeError as broken:
        byte = broken.object[broken.start]  # its place is one in the decoder's piece of the file
        return FileProfile(kind, trouble=f"it is no text in UTF-8: {broken.reason} 0x{byte:02x}")
    except gzip.BadGzipFile:
        return FileProfile(kind, trouble="it is not packed with gzip, as its name says")
    except (EOFError, zlib.error):
        return FileProfile(kind, trouble="what gzip packed ends in its middle or is damaged")
    except (csv.Error, RecursionError) as broken:
        return FileProfile(kind, trouble=f"it cannot be read: {broken}")
    except Exception as trouble:  # noqa: BLE001 - whatever a file makes a library do, a run does not end of it
        return FileProfile(kind, total=None, unseen=f"{type(trouble).__name__}: {trouble}".partition("\n")[0])


def _read(path: Path, name: str, kind: str, most: int, header: bool | None) -> FileProfile | None:
    if kind in ("csv", "tsv"):
        return profile_separated(path, name, kind, most, header)
    if kind == "jsonl":
        return profile_lines(path, name, most)
    if kind == "json":
        return profile_json(path, name, most)
    if kind == "parquet":
        return profile_parquet(path, most)
    return profile_zip(path) if kind == "zip" else profile_tar(path, name)
