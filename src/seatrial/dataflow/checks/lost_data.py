"""Files that a container wrote where no output covers them, less what is nobody's data."""

from __future__ import annotations

import fnmatch
from collections.abc import Collection, Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import PurePosixPath

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow
from seatrial.definition.remote_functions import CODE_CHANNELS, WORKSPACE
from seatrial.ports.contents import Profile
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import JobResult, LostFile

_SHOWN = 5

# Scratch space, caches and the platform's own files are left out by whoever looks into the container. Here is
# what is left of that, and was written in earnest, and nobody means to keep.
_NOT_DATA = (
    "/etc/*",
    "/usr/*",
    "/opt/conda/*",
    "/opt/venv/*",
    "/miniconda3/*",
    "*/site-packages/*",
    "*/dist-packages/*",
    "*.lock",
    "*/.*",  # dot files and folders: histories, settings of tools
    "/opt/ml/input/*",
)
_CODE_INPUTS = frozenset({"code", "entrypoint"})
_PACKED_WORKSPACE = "workspace.zip"


def lost_data(flow: Flow) -> Iterator[Finding]:
    """One finding for each step that lost data with its container."""
    for step in flow.ran():
        members = _members(flow, step)
        lost = [file for file in _data(step) if not _is_unpacked(file, members)]
        if lost:
            yield _finding(flow, step, lost)


def _data(step: StepRecord) -> list[LostFile]:
    result = step.result
    if result is None:
        return []
    # FrameworkProcessor unpacks its sources beside the script that starts them.
    code = tuple(f"{i.container_path.rstrip('/')}/" for i in result.inputs if i.name in _CODE_INPUTS)
    brought = _brought_along(result)
    return [
        file
        for file in result.lost_files
        if not file.container_path.startswith(code)
        and not _is_brought_along(PurePosixPath(file.container_path), brought)
        and not any(fnmatch.fnmatchcase(file.container_path, pattern) for pattern in _NOT_DATA)
    ]


def _members(flow: Flow, step: StepRecord) -> Mapping[str, AbstractSet[tuple[str, int]]]:
    """What the archives among a step's inputs hold, by the last part of their names: path and size."""
    found: dict[str, set[tuple[str, int]]] = {}
    for receipt in step.result.inputs if step.result else ():
        for archive in flow.contents.inputs.get((step.name, receipt.name), Profile()).archives:
            for member, size in zip(archive.members, archive.sizes, strict=False):
                path = member.removeprefix("./")
                found.setdefault(PurePosixPath(path).name, set()).add((path, size))
    return found


def _is_unpacked(file: LostFile, members: Mapping[str, AbstractSet[tuple[str, int]]]) -> bool:
    """Whether it came out of an archive that is in S3, wherever it was unpacked; not if it changed since."""
    path = file.container_path
    return any(
        path.endswith(f"/{member}") and file.size in (size, -1)
        for member, size in members.get(PurePosixPath(path).name, ())
    )


def _brought_along(result: JobResult) -> frozenset[str]:
    """The files of the channels that the SDK's program copies or unpacks to where a function runs."""
    return frozenset(
        PurePosixPath(stored.key).name
        for receipt in result.inputs
        if receipt.name in CODE_CHANNELS or any(o.key.endswith(_PACKED_WORKSPACE) for o in receipt.objects)
        for stored in receipt.objects
    )


def _is_brought_along(path: PurePosixPath, brought: Collection[str]) -> bool:
    return WORKSPACE in path.parts and (path.name in brought or _PACKED_WORKSPACE in brought)


def _finding(flow: Flow, step: StepRecord, lost: list[LostFile]) -> Finding:
    outputs = (output for output in flow.plan.outputs if output.step == step.name)
    covered = [output.container_path for output in outputs if output.container_path]
    names = ", ".join(f"{file.container_path}{_size(file)}" for file in lost[:_SHOWN])
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    folders = sorted({str(PurePosixPath(file.container_path).parent) for file in lost})
    return finding(
        "ST112",
        f"{step.name} wrote {counted(len(lost), 'file')} that no output covers, "
        f"in {', '.join(folders[:_SHOWN])}",
        where=flow.definition.pointer_of(step.name),
        step=step.name,
        expected=f"data in {', '.join(covered)}" if covered else "an output that covers it",
        observed=names + more,
    )


def _size(file: LostFile) -> str:
    return f" ({file.size} bytes)" if file.size >= 0 else ""
