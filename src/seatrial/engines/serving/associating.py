"""`DataProcessing`: what of a record is sent, and what of input and prediction is kept; sends nothing.

It works on the rows of a text: lines of CSV or JSON Lines, or one JSON document.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from seatrial.engines.serving.json_path import JsonPath, JsonPathError

CSV, JSON, JSON_LINES = "text/csv", "application/json", "application/jsonlines"
INPUT, OUTPUT = "SageMakerInput", "SageMakerOutput"
_NAMES = {CSV: CSV, JSON: JSON, JSON_LINES: JSON_LINES, "application/x-jsonlines": JSON_LINES}

Row = Any


class AssociationError(Exception):
    """A record that cannot be filtered, or a prediction that cannot be joined to it."""


@dataclass(frozen=True)
class Association:
    """The three members of `DataProcessing` for one kind of text."""

    input_filter: JsonPath
    output_filter: JsonPath
    joins: bool
    content_type: str | None
    accept: str | None
    by_line: bool

    def reduce(self, content: bytes) -> bytes:
        """What is sent of a record, or of a whole object that is not split."""
        if self.input_filter.is_everything:
            return content
        return self._filtered(content, format_of(self.content_type), self.input_filter)

    def finish(self, source: bytes, answer: bytes, answered_type: str | None) -> bytes:
        """What is kept of an answer; the join is with the input as it was before its filter."""
        kind = format_of(self.accept or answered_type)
        if not self.joins:
            if self.output_filter.is_everything:
                return answer
            return self._filtered(answer, kind, self.output_filter)
        inputs, outputs = _rows(source, kind, self.by_line), _rows(answer, kind, self.by_line)
        if len(inputs) != len(outputs):
            raise AssociationError(
                "Fail to join data: mismatched line count between the input and the output "
                f"({len(inputs)} and {len(outputs)})"
            )
        joined = [_JOINS[kind](one, other) for one, other in zip(inputs, outputs, strict=True)]
        return _ended_as(answer, _text([self._pick(self.output_filter, row) for row in joined], kind))

    def _filtered(self, text: bytes, kind: str, path: JsonPath) -> bytes:
        rows = [self._pick(path, row) for row in _rows(text, kind, self.by_line)]
        return _ended_as(text, _text(rows, kind))

    def _pick(self, path: JsonPath, row: Row) -> Row:
        try:
            return path.of(row)
        except JsonPathError as missing:
            raise AssociationError(str(missing)) from missing


def format_of(content_type: str | None) -> str:
    """Which of the three kinds of text a content type means."""
    name = (content_type or "").partition(";")[0].strip().lower()
    if name not in _NAMES:
        raise AssociationError(
            f"DataProcessing knows {CSV}, {JSON} and {JSON_LINES}, not {content_type or 'no content type'}"
        )
    return _NAMES[name]


def _rows(text: bytes, kind: str, by_line: bool) -> list[Row]:
    """Blank lines are no rows."""
    try:
        decoded = text.decode("utf-8")
        if kind == CSV:
            return _csv_rows(decoded)
        if kind == JSON and not by_line:
            return [json.loads(decoded)]
        return [json.loads(line) for line in decoded.split("\n") if line.strip()]
    except (ValueError, csv.Error) as broken:
        name = {CSV: "CSV", JSON: "JSON", JSON_LINES: "JSON Lines"}[kind]
        raise AssociationError(f"Failed to parse as {name}: {broken}") from broken


def _csv_rows(text: str) -> list[Row]:
    """Most texts have no quotes, and are read in a third of the time."""
    if '"' in text or "\r" in text:
        return [row for row in csv.reader(io.StringIO(text, newline="")) if row]
    return [line.split(",") for line in text.split("\n") if line]


def _text(rows: list[Row], kind: str) -> bytes:
    if kind != CSV:
        return b"".join(
            json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n" for row in rows
        )
    written = io.StringIO(newline="")
    csv.writer(written, lineterminator="\n").writerows(
        row if isinstance(row, list) else [row] for row in rows
    )
    return written.getvalue().encode()


def _ended_as(before: bytes, text: bytes) -> bytes:
    return text if before.endswith(b"\n") else text.removesuffix(b"\n")


def _join_columns(one: Row, other: Row) -> Row:
    return [*one, *other]


def _join_members(one: Row, other: Row) -> Row:
    return {**(one if isinstance(one, Mapping) else {INPUT: one}), OUTPUT: other}


_JOINS: Mapping[str, Callable[[Row, Row], Row]] = {
    CSV: _join_columns,
    JSON: _join_members,
    JSON_LINES: _join_members,
}
