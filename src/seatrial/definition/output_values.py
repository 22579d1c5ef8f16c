"""The declared outputs of a step, picked from what a function or a program answered; knows no container.

A value that is an object or a list is handed on as its JSON text, as the service hands it on: nothing can
refer to what is inside it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

Value = str | int | float | bool
LONGEST = 1024
"""Characters of one value, of `OutputParameter` in the service's model."""


class OutputError(Exception):
    """What was answered is not what the step declares; the text is the job's reason."""


def read_outputs(declared: Sequence[Mapping[str, Any]], answer: Any) -> dict[str, Value]:
    """Name to value, for each of `OutputParameters`; without any, whatever was answered will do."""
    if not declared:
        return {}
    if not isinstance(answer, Mapping):
        raise OutputError(
            f"the answer is {_kind(answer)}; to give the outputs {_names(declared)} it must be a JSON object"
        )
    missing = [item["OutputName"] for item in declared if answer.get(item["OutputName"]) is None]
    if missing:
        given = ", ".join(map(str, answer)) or "nothing"
        raise OutputError(f"the answer has no value for {', '.join(missing)}; it has {given}")
    return {
        item["OutputName"]: read_value(
            item["OutputName"], item.get("OutputType", "String"), answer[item["OutputName"]]
        )
        for item in declared
    }


def read_value(name: str, kind: str, value: Any) -> Value:
    """The value of one output as its declared type."""
    found = _READ[kind](value)
    if isinstance(found, str) and not is_text(found):
        raise OutputError(f"output {name} has characters that are no text: {found!a}")
    if found is None:
        raise OutputError(
            f"output {name} is declared {kind}, and the answer has {_kind(value)}: {_text(value)}"
        )
    if len(_text(found)) > LONGEST:
        raise OutputError(
            f"output {name} has {len(_text(found))} characters; the service takes {LONGEST} (write long "
            "values to S3, and hand on where they lie)"
        )
    return found


def is_text(value: str) -> bool:
    """Half of a pair of surrogates can be written in JSON, and nowhere else."""
    return value.isascii() or not any("\ud800" <= character <= "\udfff" for character in value)


def _text(value: Any) -> str:
    """As the service writes a value: text as it is, everything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _integer(value: Any) -> int | None:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str):
        try:
            return int(value)
        except ValueError:
            return None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _float(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def _boolean(value: Any) -> bool | None:
    if isinstance(value, str):
        return {"true": True, "false": False}.get(value.lower())
    return value if isinstance(value, bool) else None


_READ = {"String": _text, "Integer": _integer, "Float": _float, "Boolean": _boolean}


def _names(declared: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(str(item["OutputName"]) for item in declared)


def _kind(value: Any) -> str:
    kinds = {bool: "a boolean", int: "a number", float: "a number", str: "text", type(None): "null"}
    return kinds.get(type(value), "an object" if isinstance(value, Mapping) else "a list")
