"""From bytes to a JSON document, refusing what parsers disagree about; knows nothing of pipelines."""

from __future__ import annotations

import json
from typing import NoReturn

from seatrial.definition import pointers
from seatrial.definition.model import Json
from seatrial.definition.report import Report
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding, Severity

DEEPEST = 100  # deeper nesting has no use in a definition and would exhaust whoever walks it

_OPEN_SOMETHING = "write the definition as UTF-8 JSON, for example with `pipeline.definition()`"


def read_json(text: str | bytes, source: str) -> tuple[Json, str]:
    """The document and its text; what is no JSON raises DefinitionError with line and column."""
    decoded = _decode(text, source)
    duplicates: list[tuple[dict[str, Json], str]] = []
    document = _load(decoded, source, duplicates)
    report = Report()
    places = _object_pointers(document, report)
    for holder, key in duplicates:
        place = pointers.child(places.get(id(holder), ""), key)
        report.error(
            "ST001",
            f"key {key!r} appears twice in one object",
            place,
            "keep one of them: readers differ on which counts",
        )
    if report.findings:
        raise DefinitionError(report.findings, slug="malformed-json")
    return document, decoded


def _decode(text: str | bytes, source: str) -> str:
    if isinstance(text, str):
        return text
    try:
        return text.decode("utf-8")
    except UnicodeDecodeError as undecodable:
        line = text.count(b"\n", 0, undecodable.start) + 1
        column = undecodable.start - (text.rfind(b"\n", 0, undecodable.start) + 1) + 1
        _refuse(
            f"not UTF-8: byte 0x{text[undecodable.start]:02x}",
            f"{source}:{line}:{column}",
            "save it as UTF-8",
        )


def _load(text: str, source: str, duplicates: list[tuple[dict[str, Json], str]]) -> Json:
    def collect(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        collected: dict[str, Json] = {}
        repeated = []
        for key, value in pairs:
            if key in collected:
                repeated.append(key)
            collected[key] = value
        duplicates.extend((collected, key) for key in repeated)
        return collected

    try:
        return json.loads(text, object_pairs_hook=collect, parse_constant=_Constant, parse_float=_finite)
    except json.JSONDecodeError as malformed:
        _refuse(
            f"malformed JSON: {malformed.msg}",
            f"{source}:{malformed.lineno}:{malformed.colno}",
            _OPEN_SOMETHING,
        )
    except RecursionError:
        _refuse("malformed JSON: nested too deeply", source, f"keep it within {DEEPEST} levels")
    except ValueError as unreadable:  # an integer of more digits than Python converts
        _refuse(f"malformed JSON: {unreadable}", source, "write a shorter number")


class _Constant:
    """Stands in the document for NaN or Infinity until its place is known."""

    def __init__(self, text: str) -> None:
        self.text = text


def _finite(text: str) -> float | _Constant:
    number = float(text)
    return number if abs(number) != float("inf") else _Constant(text)


def _object_pointers(document: Json, report: Report) -> dict[int, str]:
    """Where every object stands; reports on the way what JSON has no room for."""
    places: dict[int, str] = {}
    waiting: list[tuple[Json, str, int]] = [(document, "", 0)]
    while waiting:
        value, pointer, depth = waiting.pop()
        if depth > DEEPEST:
            report.error("ST001", "nested too deeply", pointer, f"keep it within {DEEPEST} levels")
        elif isinstance(value, dict):
            places[id(value)] = pointer
            waiting.extend((member, pointers.child(pointer, key), depth + 1) for key, member in value.items())
            _check_text("".join(value), pointer, report)
        elif isinstance(value, list):
            waiting.extend(
                (item, pointers.child(pointer, index), depth + 1) for index, item in enumerate(value)
            )
        elif isinstance(value, _Constant):
            report.error("ST001", f"{value.text} is not a JSON number", pointer, "write a finite number")
        elif isinstance(value, str):
            _check_text(value, pointer, report)
    return places


def _check_text(text: str, pointer: str, report: Report) -> None:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        report.error(
            "ST001", "text with half a surrogate pair", pointer, "write the whole character, or remove it"
        )


def _refuse(message: str, where: str, hint: str) -> NoReturn:
    raise DefinitionError([Finding("ST001", Severity.ERROR, message, where, hint)], slug="malformed-json")
