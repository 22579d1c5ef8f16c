"""What the user named when an execution began: findings point into his file, not into our copy of it."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote

from seatrial.app.parts import Parts
from seatrial.execution import execution_folder
from seatrial.execution.folders import DEFINITION
from seatrial.ports.executions import ExecutionRecord
from seatrial.reports.sarif import DefinitionFile

_NAME = "source.txt"


def keep_source(parts: Parts, record: ExecutionRecord, source: str) -> None:
    """Beside the definition of the execution."""
    (execution_folder(parts.settings, record.execution_id) / _NAME).write_text(source, encoding="utf-8")


def source_of(parts: Parts, record: ExecutionRecord) -> DefinitionFile:
    """The file that the execution came from, if it is there; else the definition as it was run."""
    folder = execution_folder(parts.settings, record.execution_id)
    kept = folder / _NAME
    named = kept.read_text(encoding="utf-8") if kept.is_file() else ""
    return source_file(named) or _as_file(folder / DEFINITION, record.definition)


def source_file(named: str) -> DefinitionFile | None:
    """The file of a pipeline as a command line names it: file, file.py:name, module:attribute or folder."""
    place = named.rpartition(":")[0] or named
    module = place.replace(".", "/")
    candidates = (named, place, f"{named}/{DEFINITION}", f"{module}.py", f"{module}/__init__.py")
    found = next((Path(each) for each in candidates if each and Path(each).is_file()), None)
    return _as_file(found, found.read_text(encoding="utf-8", errors="replace")) if found else None


def _as_file(path: Path, text: str) -> DefinitionFile:
    absolute = Path(os.path.normpath(path.absolute()))  # `..` taken out, links left as they are
    root = _root_of(absolute)
    if absolute.is_relative_to(root):
        return DefinitionFile(quote(absolute.relative_to(root).as_posix()), text)
    return DefinitionFile(absolute.as_uri(), text)


def _root_of(file: Path) -> Path:
    """Of its repository, where code scanning begins; else the current folder."""
    return next((folder for folder in file.parents if (folder / ".git").exists()), Path.cwd())
