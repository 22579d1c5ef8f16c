"""Files that a failed step looked for where an archive is unpacked, and that the archive does not hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import PurePosixPath

from seatrial.dataflow.codes import finding
from seatrial.dataflow.contents.fitting import named
from seatrial.dataflow.contents.places import Looked, read
from seatrial.dataflow.flow import Flow
from seatrial.ports.contents import Archive
from seatrial.ports.executions import StepRecord, StepStatus
from seatrial.ports.findings import Finding, Severity

# As Python says it, as shells and XGBoost do, and as Python's tarfile and zipfile do of a member.
_MISSED = re.compile(
    r"No such file or directory: b?['\"]([^'\"]+)['\"]|(/[^\s'\":]+)(?: failed)?: No such file or directory"
)
_NO_MEMBER = re.compile(r"filename '([^']+)' not found|There is no item named '([^']+)' in the archive")
_UNPACKED_AT = "/opt/ml/model"
"""Where serving containers, and scripts that do as they do, unpack a model."""
# What models are called. Many scripts unpack them where they stand, or in a folder for the moment.
_OF_A_MODEL = re.compile(
    r"(?:^|/)(?:xgboost-model|[^/]+\.(?:pkl|pickle|joblib|pt|pth|ckpt|onnx|h5|keras|cbm|bst|ubj|safetensors))$"
)


def archive_members(flow: Flow) -> Iterator[Finding]:
    """One finding for each archive that lacks what its reader's log asks for."""
    inputs = list(read(flow))
    for step in flow.ran():
        if step.status is StepStatus.FAILED and step.result is not None:
            log = "\n".join(step.result.log_tail)
            for looked in (each for each in inputs if each.step == step.name and each.profile.archives):
                yield from islice(_lacking(flow, step, looked, log), 1)


def _lacking(flow: Flow, step: StepRecord, looked: Looked, log: str) -> Iterator[Finding]:
    archives = looked.profile.archives
    for path, relative, severity in _looked_for(step, looked, log):
        held = [member for archive in archives for member in archive.members]
        names = held if severity is None else [PurePosixPath(member).name for member in held]
        if relative not in names:
            yield finding(
                "ST134",
                f"{step.name} looked for {path}, and {_names(archives)} of its input {looked.place[1]!r} "
                f"does not hold {relative!r}",
                where=looked.where,
                step=step.name,
                severity=severity,
                also=_writer(flow, step, looked) or looked.uri(archives[0].name),
                expected=relative,
                observed=named(held) or "no member",
            )


def _looked_for(step: StepRecord, looked: Looked, log: str) -> Iterator[tuple[str, str, Severity | None]]:
    """What the log says was not there: as it is said, and as a member of the archive.

    Of a folder of the script's own nobody knows what was unpacked there: a model by its name alone is a
    warning.
    """
    for match in _MISSED.finditer(log):
        path = match[1] or match[2]
        relative = _beneath(step, looked, path)
        if relative is not None:
            yield path, relative, None
        elif _OF_A_MODEL.search(path) and not path.startswith("/opt/ml/"):
            yield path, PurePosixPath(path).name, Severity.WARNING
    for match in _NO_MEMBER.finditer(log):
        member = match[1] or match[2]
        yield member, member, None


def _beneath(step: StepRecord, looked: Looked, path: str) -> str | None:
    """The path within the archive, where the one looked for is beneath a place that it is unpacked at."""
    receipts = step.result.inputs if step.result else ()
    receipt = next((each for each in receipts if each.name == looked.place[1]), None)
    for folder in (receipt.container_path if receipt else "", _UNPACKED_AT):
        relative = path.removeprefix(f"{folder.rstrip('/')}/") if folder else path
        if folder and relative != path:
            names = {stored.uri for stored in receipt.objects} if receipt else set()
            return None if looked.uri(relative) in names else relative
    return None


def _names(archives: tuple[Archive, ...]) -> str:
    return archives[0].name if len(archives) == 1 else f"none of {len(archives)} archives"


def _writer(flow: Flow, step: StepRecord, looked: Looked) -> str | None:
    for receipt in step.result.inputs if step.result else ():
        for stored in receipt.objects if receipt.name == looked.place[1] else ():
            if writer := flow.writers.get((stored.bucket, stored.key)):
                return ".".join(writer)
    return None
