"""Paths of Std:JsonGet that lead nowhere in the file that is really there."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.definition import Json, PropertyPath, Step, look_up
from seatrial.definition.expressions import expression_of, parse_get
from seatrial.definition.pointers import child
from seatrial.definition.references import expressions, own_values
from seatrial.errors import ExpressionError, MissingObjectError
from seatrial.outputs import text_of
from seatrial.ports.executions import StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.storage import S3Uri

_SHOWN = 5
_DEEPEST = 6


@dataclass(frozen=True)
class _Asked:
    """One Std:JsonGet: the path, where it stands, and the file that it looks into; whether it is compared."""

    step: str
    path: str
    pointer: str
    uri: S3Uri
    compared: bool


def json_paths(flow: Flow) -> Iterator[Finding]:
    """One finding for each path that is not in its file, on branches that were not taken as well.

    A file that is not there, or is not JSON, is said of its producer.
    """
    documents: dict[S3Uri, Json] = {}
    for step in flow.definition.all_steps() if flow.read else ():
        record = flow.record.step(step.name)
        if record is not None and record.status is StepStatus.SUCCEEDED:
            continue  # it found what it asked for
        for asked in _asked(flow, step):
            if asked.uri not in documents:
                documents[asked.uri] = _document(flow, asked.uri)
            document = documents[asked.uri]
            if document is not _ABSENT and (found := _judge(asked, document)):
                failed = record is not None and record.status is StepStatus.FAILED
                yield _finding(asked, found, failed=failed)


_ABSENT: Json = object()


def _asked(flow: Flow, step: Step) -> Iterator[_Asked]:
    for value, pointer in own_values(step):
        for function, operand, where in expressions(value, pointer):
            if function == "Std:JsonGet" and isinstance(operand, Mapping):
                uri, path = _file(flow, operand), operand.get("Path")
                if uri is not None and isinstance(path, str):
                    place = child(where, "Std:JsonGet", "Path")
                    yield _Asked(step.name, path, place, uri, compared=step.type == "Condition")


def _file(flow: Flow, operand: Mapping[str, Json]) -> S3Uri | None:
    reference = expression_of(operand.get("PropertyFile"))
    try:
        if reference is None:
            text = text_of(operand.get("S3Uri", ""), flow.plan.known)
            return S3Uri.parse(text.text) if text.complete else None
        get = parse_get(reference[1])
    except (ExpressionError, ValueError):
        return None
    return _property_file(flow, get.name, get.property_file or "")


def _property_file(flow: Flow, step: str, name: str) -> S3Uri | None:
    producer = flow.definition.step(step)
    file = next((f for f in producer.property_files if f.name == name), None) if producer else None
    info = flow.registry.get_step_output_info(step, file.output_name) if file else None
    return S3Uri.parse(info.s3_uri).child(file.file_path) if file and info else None


def _document(flow: Flow, uri: S3Uri) -> Json:
    try:
        return json.loads(flow.read(uri)) if flow.read else _ABSENT
    except (MissingObjectError, ValueError):
        return _ABSENT


def _judge(asked: _Asked, document: Json) -> tuple[str, list[str]] | None:
    """What is wrong at the path, and the paths that come nearest; None if there is a value."""
    try:
        value = look_up(document, PropertyPath.parse(asked.path), key_fields={})
    except ExpressionError as error:
        there = dict.fromkeys(_paths(document, PropertyPath(()), _DEEPEST))
        near = difflib.get_close_matches(asked.path, there, n=3, cutoff=0.6)
        last = PropertyPath.parse(asked.path).segments[-1] if error.slug == "undefined-path" else None
        same = [path for path in there if PropertyPath.parse(path).segments[-1] == last]
        trouble = error.message.partition("; ")[2] or error.message
        said = f"no value at {asked.path!r}; {trouble}"
        return said, list(dict.fromkeys([*same, *near, *there]))[:_SHOWN]
    return _not_comparable(asked, value) if asked.compared and isinstance(value, (Mapping, list)) else None


def _not_comparable(asked: _Asked, value: Json) -> tuple[str, list[str]]:
    what = "an object" if isinstance(value, Mapping) else "a list"
    within = islice(_paths(value, PropertyPath.parse(asked.path), _DEEPEST), _SHOWN)
    return f"{what} at {asked.path!r}, which cannot be compared", list(within)


def _paths(value: Json, before: PropertyPath, deepest: int) -> Iterator[str]:
    """The path of every plain value that is not too deep."""
    members: Mapping[str | int, Json] = {}
    if isinstance(value, Mapping):
        members = dict(value.items())
    elif isinstance(value, list):
        members = dict(enumerate(value[:_SHOWN]))
    elif before.segments:
        yield str(before)
    if deepest:
        for key, member in members.items():
            yield from _paths(member, PropertyPath((*before.segments, key)), deepest - 1)


def _finding(asked: _Asked, found: tuple[str, list[str]], *, failed: bool) -> Finding:
    trouble, near = found
    would = "failed" if failed else "would fail if it ran"
    return finding(
        "ST128",
        f"{asked.step} {would}: the file that it looks into has {trouble}",
        where=asked.pointer,
        also=str(asked.uri),
        step=asked.step,
        severity=None if failed else Severity.WARNING,
        expected=asked.path,
        observed=", ".join(near) or "nothing",
        hint=f"Correct the path (perhaps {near[0]!r}), or let the upstream step write it." if near else None,
    )
