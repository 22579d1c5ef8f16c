"""Functions that a pipeline's code created, as files: a zip each, and an index of how they are called."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from seatrial.errors import RecordError
from seatrial.ports.functions import FunctionCode

FOLDER = "functions"
INDEX = "functions.json"


def write_functions(functions: Iterable[FunctionCode], folder: Path) -> None:
    """Keep them below `folder`, in the place of those that were kept there; nothing is made for none."""
    place = folder / FOLDER
    kept = {function.name: function for function in functions}
    for stale in place.glob("*.zip"):
        stale.unlink()
    (place / INDEX).unlink(missing_ok=True)
    if not kept:
        return
    place.mkdir(parents=True, exist_ok=True)
    for function in kept.values():
        (place / f"{function.name}.zip").write_bytes(function.archive)
    index = [
        {name: value for name, value in asdict(function).items() if name != "archive"}
        for function in kept.values()
    ]
    (place / INDEX).write_text(json.dumps(index, indent=1) + "\n", encoding="utf-8")


def read_functions(folder: Path) -> tuple[FunctionCode, ...]:
    """Those that were kept below `folder`."""
    place = folder / FOLDER
    if not (place / INDEX).is_file():
        return ()
    try:
        index = json.loads((place / INDEX).read_text(encoding="utf-8"))
        return tuple(
            FunctionCode(archive=(place / f"{item['name']}.zip").read_bytes(), **item) for item in index
        )
    except (OSError, ValueError, KeyError, TypeError) as broken:
        raise RecordError(
            f"the functions in {place} cannot be read: {broken}",
            slug="functions-unreadable",
            where=str(place / INDEX),
            hint="compile the pipeline again, or name the code in the settings: [functions]",
        ) from broken
