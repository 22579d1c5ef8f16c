"""Objects of this execution that a step's own code looked for beneath the prefix's default instead."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import PREFIX_PARAMETER, Flow
from seatrial.dataflow.many_objects import by_folder, listed, named, uris_of
from seatrial.dataflow.own_calls import Object, Writer, looks, writers
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding
from seatrial.ports.observation import S3Call
from seatrial.ports.storage import S3Uri


def frozen_reads(flow: Flow) -> Iterator[Finding]:
    """One finding for each step whose script repeats the default, and each output that it meant."""
    default, prefix = _default(flow), flow.record.prefix
    if default is None or prefix is None or default == prefix.rstrip("/"):
        return
    wrote = writers(flow)
    for step in flow.ran():
        for ((writer, absent), _), calls in by_folder(_meant(step, default, prefix, wrote)).items():
            yield _finding(flow, step, writer, prefix, absent=absent, calls=calls)


def _default(flow: Flow) -> str | None:
    parameter = flow.definition.parameter(PREFIX_PARAMETER)
    value = parameter.default if parameter is not None else None
    return value.rstrip("/") if isinstance(value, str) and value.startswith("s3://") else None


def _meant(
    step: StepRecord, default: str, prefix: str, wrote: Mapping[Object, Sequence[Writer]]
) -> Iterator[tuple[tuple[Writer, bool], S3Call]]:
    """Calls beneath the default for which another step's object lies in the same place beneath the prefix."""
    for call in looks(step):
        if call.uri.startswith(f"{default}/"):
            there = S3Uri.parse(_moved(call.uri, default, prefix))
            meant = next((w for w in wrote.get((there.bucket, there.key), ()) if w.step != step.name), None)
            if meant is not None:
                yield (meant, call.status == 404), call


def _moved(uri: str, default: str, prefix: str) -> str:
    return f"{prefix.rstrip('/')}{uri.removeprefix(default)}"


def _finding(
    flow: Flow, record: StepRecord, writer: Writer, prefix: str, *, absent: bool, calls: Sequence[S3Call]
) -> Finding:
    uris = uris_of(calls)
    return finding(
        "ST105",
        f"{record.name}'s own code {'asked in vain for' if absent else 'read'} {named(uris)}; {writer.label} "
        f"wrote {'it' if len(uris) == 1 else 'them'} beneath {PREFIX_PARAMETER}, which is {prefix} in this "
        "execution",
        where=flow.definition.pointer_of(record.name),
        also=_moved(uris[0], _default(flow) or "", prefix),
        step=record.name,
        hint=f"hand the script the output of {writer.step} as an input, or its place as an argument made of "
        "the output's property",
        expected=f"what lies beneath {prefix}",
        observed=listed(uris),
    )
