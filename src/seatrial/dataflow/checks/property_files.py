"""Property files that a successful step did not write, or wrote as something other than JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.definition import PropertyFile, Step
from seatrial.definition.pointers import child
from seatrial.errors import MissingObjectError
from seatrial.outputs import S3OutputInfo, objects_of
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.storage import S3Uri


def property_files(flow: Flow) -> Iterator[Finding]:
    """One finding for each property file that no Std:JsonGet could read."""
    for record in flow.succeeded():
        step = flow.definition.step(record.name)
        for index, file in enumerate(step.property_files if step else ()):
            info = flow.registry.get_step_output_info(record.name, file.output_name)
            if step is not None and info is not None:
                yield from _judge(flow, step, index, file, info)


def _judge(flow: Flow, step: Step, index: int, file: PropertyFile, info: S3OutputInfo) -> Iterator[Finding]:
    uri = S3Uri.parse(info.s3_uri).child(file.file_path)
    where = child(step.pointer, "PropertyFiles", index, "FilePath")
    written = [stored.key for stored in objects_of(info)]
    if uri.key not in written:
        yield _missing(flow, step, file, where, written)
    elif trouble := _not_json(flow, uri):
        yield finding(
            "ST111",
            f"property file {file.name!r} of {step.name} is not JSON: {trouble}",
            where=where,
            step=step.name,
            expected=f"JSON at {uri}",
            observed=trouble,
        )


def _missing(flow: Flow, step: Step, file: PropertyFile, where: str, written: list[str]) -> Finding:
    path = f"PropertyFiles.{file.name}"
    readers = [e.downstream for e in flow.graph.edges if (e.upstream, e.property_path) == (step.name, path)]
    return finding(
        "ST110",
        f"{step.name} did not write {file.file_path!r} of property file {file.name!r}"
        + (f"; {', '.join(readers)} reads it" if readers else ""),
        where=where,
        step=step.name,
        also=readers[0] if readers else None,
        severity=None if readers else Severity.WARNING,
        expected=f"{file.file_path} in output {file.output_name}",
        observed=", ".join(key.rpartition("/")[2] for key in written[:5]) or "no file",
    )


def _not_json(flow: Flow, uri: S3Uri) -> str | None:
    if flow.read is None:
        return None
    try:
        json.loads(flow.read(uri), parse_constant=_refuse_constant)
    except MissingObjectError:
        return None  # it was written, and is gone by now: said as an output that changed
    except ValueError as trouble:
        return str(trouble)
    return None


def _refuse_constant(name: str) -> object:
    raise ValueError(f"{name} is not a JSON value")
