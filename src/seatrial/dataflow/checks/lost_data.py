"""Files that a container wrote where no output covers them, less what is nobody's data."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from pathlib import PurePosixPath

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding
from seatrial.ports.jobs import LostFile

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


def lost_data(flow: Flow) -> Iterator[Finding]:
    """One finding for each step that lost data with its container."""
    for step in flow.ran():
        lost = _data(step)
        if lost:
            yield _finding(flow, step, lost)


def _data(step: StepRecord) -> list[LostFile]:
    result = step.result
    if result is None:
        return []
    # FrameworkProcessor unpacks its sources beside the script that starts them.
    code = tuple(f"{i.container_path.rstrip('/')}/" for i in result.inputs if i.name in _CODE_INPUTS)
    return [
        file
        for file in result.lost_files
        if not file.container_path.startswith(code)
        and not any(fnmatch.fnmatchcase(file.container_path, pattern) for pattern in _NOT_DATA)
    ]


def _finding(flow: Flow, step: StepRecord, lost: list[LostFile]) -> Finding:
    covered = [output.container_path for output in flow.plan.outputs if output.step == step.name]
    names = ", ".join(f"{file.container_path}{_size(file)}" for file in lost[:_SHOWN])
    more = f" and {len(lost) - _SHOWN} more" if len(lost) > _SHOWN else ""
    folders = sorted({str(PurePosixPath(file.container_path).parent) for file in lost})
    place = flow.definition.step(step.name)
    return finding(
        "ST112",
        f"{step.name} wrote {counted(len(lost), 'file')} that no output covers, "
        f"in {', '.join(folders[:_SHOWN])}",
        where=place.pointer if place else "",
        step=step.name,
        expected=f"data in {', '.join(covered)}" if covered else "an output that covers it",
        observed=names + more,
    )


def _size(file: LostFile) -> str:
    return f" ({file.size} bytes)" if file.size >= 0 else ""
