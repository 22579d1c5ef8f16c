"""Inputs that a step declares, has brought in, and of which its container opened no file.

Only what was seen is judged: an input whose files nobody could watch is never called unused.
"""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow
from seatrial.dataflow.own_calls import object_of, reads
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import InputReceipt
from seatrial.ports.observation import InputFiles

_SHOWN = 3
# Their inputs are those that the step itself brings its analyzer; nobody can take one away.
_ANALYZERS = frozenset({"QualityCheck", "ClarifyCheck"})


def unopened_inputs(flow: Flow) -> Iterator[Finding]:
    """One finding for each input that came for nothing to a step that succeeded."""
    for step in flow.succeeded():
        result = step.result
        seen = result.observation if result else None
        if result is None or seen is None or step.type in _ANALYZERS or _is_played(flow, step):
            continue
        receipts = {receipt.name: receipt for receipt in result.inputs}
        for files in seen.inputs or ():
            receipt = receipts.get(files.input)
            if receipt and _came_for_nothing(flow, step, files, receipt):
                yield _finding(flow, step, files, receipt)


def _is_played(flow: Flow, step: StepRecord) -> bool:
    """Whether another script stands in for the step's own: what it leaves unread says nothing of that one."""
    substitute = flow.record.substitutes.get(step.name)
    return substitute is not None and substitute.script is not None


def _came_for_nothing(flow: Flow, step: StepRecord, files: InputFiles, receipt: InputReceipt) -> bool:
    """Whether there was something to read and nothing was opened; code is not there to be read as data."""
    read = flow.plan.read(step.name, files.input)
    is_code = read is not None and read.kind == "code"
    return files.files > 0 and files.opened == 0 and not is_code and any(o.size for o in receipt.objects)


def _finding(flow: Flow, step: StepRecord, files: InputFiles, receipt: InputReceipt) -> Finding:
    read = flow.plan.read(step.name, files.input)
    fetched = _fetched_from_s3(step, receipt)
    names = ", ".join(files.unopened[:_SHOWN]) + (", …" if files.files > _SHOWN else "")
    what = f"opened none of the {files.files} files" if files.files > 1 else "did not open the one file"
    return finding(
        "ST124",
        f"{step.name} {what} of its input {files.input!r}"
        + (", and read the data from S3 instead" if fetched else ""),
        severity=Severity.NOTE if fetched else None,
        where=read.pointer if read else flow.definition.pointer_of(step.name),
        step=step.name,
        also=receipt.s3_uri,
        expected=f"files opened in {receipt.container_path}",
        observed=f"never opened: {names}",
    )


def _fetched_from_s3(step: StepRecord, receipt: InputReceipt) -> bool:
    """Whether the job's own code got from the store what had been brought in."""
    lying = {(item.bucket, item.key) for item in receipt.objects}
    return any(object_of(call) in lying for call in reads(step))
