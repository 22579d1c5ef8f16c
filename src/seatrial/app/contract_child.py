"""The process in which a module with contracts is loaded: it may import anything, and print."""

from __future__ import annotations

import importlib
import importlib.util
import json
import sys
import traceback
from collections.abc import Mapping, Sequence
from enum import Enum
from pathlib import Path
from types import ModuleType
from typing import Any


def main(place: str, attribute: str, result: str, *members: str) -> None:
    """Write the members of `place:attribute`, or why there are none.

    `members` are those of a contract: to import its model would take longer than all the rest.
    """
    Path(result).write_text(json.dumps(_answer(place, attribute, members)), encoding="utf-8")


def _answer(place: str, attribute: str, members: Sequence[str]) -> dict[str, Any]:
    try:
        found = _import(place)
        for name in attribute.split("."):
            found = getattr(found, name)
        made = found() if callable(found) and not _has_any(found, members) else found
        contract = _contract(made, members)
        json.dumps(contract)
    except (Exception, SystemExit) as fault:  # noqa: BLE001  # the user's own code may raise anything
        return {"error": f"{type(fault).__name__}: {fault}", "hint": _place(fault, place)}
    return {"contract": contract}


def _import(place: str) -> Any:
    if not place.endswith(".py"):
        sys.path.insert(0, str(Path.cwd()))
        return importlib.import_module(place)
    path = Path(place).resolve()
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(path.stem, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported as Python")
    module: ModuleType = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module  # dataclasses look a class's module up by name
    spec.loader.exec_module(module)
    return module


def _has_any(found: object, members: Sequence[str]) -> bool:
    return any(hasattr(found, name) for name in members)


def _contract(found: object, members: Sequence[str]) -> dict[str, Any]:
    """Of a mapping or of any object: what a contract has, as plain values; one that has none is a mistake."""
    plain = (
        {str(_plain(name)): _plain(value) for name, value in found.items()}
        if isinstance(found, Mapping)
        else {name: _plain(getattr(found, name)) for name in members if _is_set(found, name)}
    )
    if not any(name in plain for name in members) and not _has_any(found, members):
        raise TypeError(f"a {type(found).__name__} has none of {', '.join(members)}")
    return plain


def _is_set(found: object, name: str) -> bool:
    return getattr(found, name, None) is not None


def _plain(value: object) -> Any:
    if isinstance(value, Enum):
        return _plain(value.value)
    if isinstance(value, Mapping):
        return {str(_plain(name)): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        inner = [_plain(each) for each in value]
        return sorted(inner, key=str) if isinstance(value, set | frozenset) else inner
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def _place(fault: BaseException, place: str) -> str:
    """The user's own line: the last one in a file that is named by a path of his."""
    if isinstance(fault, SyntaxError) and fault.filename:
        return f"correct it at {fault.filename}:{fault.lineno}"
    home = str(Path.cwd())
    frames = [frame for frame in traceback.extract_tb(fault.__traceback__) if frame.filename.startswith(home)]
    return f"correct it at {frames[-1].filename}:{frames[-1].lineno}" if frames else f"look into {place}"
