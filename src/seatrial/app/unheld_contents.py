"""Contracts of contents that name no output and no input of the pipeline: nothing is ever held to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase

from seatrial.dataflow.codes import finding
from seatrial.dataflow.reads import reads_of
from seatrial.definition import PipelineDefinition
from seatrial.definition.report import suggestion
from seatrial.outputs.declared import declared_outputs
from seatrial.ports.findings import Finding
from seatrial.settings import ContentContract

# What these read and write their requests name; the last six have no data of their own.
_DECLARING = frozenset(
    {"Processing", "Training", "Condition", "Fail", "Lambda", "Callback", "Model", "RegisterModel"}
)
_BESIDE_THE_MODEL = "output"  # what a training job leaves in /opt/ml/output/data; no request names it


def unheld_contents(
    contents: Mapping[str, ContentContract], definition: PipelineDefinition
) -> Iterator[Finding]:
    """A note for each; of a step whose inputs and outputs its request does not name, nothing is said."""
    steps = list(definition.all_steps())
    places = [f"{each.step}.{each.name}" for step in steps for each in declared_outputs(step)]
    places += [f"{each.step}.{each.name}" for step in steps for each in reads_of(step) if each.name]
    places += [f"{step.name}.{_BESIDE_THE_MODEL}" for step in steps if step.type == "Training"]
    silent = [step.name for step in steps if step.type not in _DECLARING]
    for pattern in contents:
        of_step = pattern.partition(".")[0]
        if any(fnmatchcase(place, pattern) for place in places):
            continue
        if not any(fnmatchcase(name, of_step) for name in silent):
            yield finding(
                "ST235",
                f"the settings have a contract of contents for {pattern!r}, "
                "and the pipeline has no such output or input",
                where=f'contents."{pattern}"',
                hint=suggestion(pattern, places),
            )
