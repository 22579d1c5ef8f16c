"""From each model package back to every object, image and line of code behind it; knows no format.

`entries` joins reads and writes, `steps` tells what did the work, `decisions` what let it through, and
`ancestry` follows them back.
"""

from __future__ import annotations

from seatrial.dataflow.flow import Flow
from seatrial.dataflow.lineage.ancestry import Ancestry, ancestry_of
from seatrial.dataflow.lineage.decisions import decisions_of
from seatrial.dataflow.lineage.entries import entries_of
from seatrial.dataflow.lineage.model import (
    Decision,
    DecisionValue,
    FlowKind,
    Lineage,
    LineageCode,
    LineageEntry,
    LineageImage,
    LineageObject,
    LineageStep,
    LineageValue,
    ModelPackage,
    PackageContainer,
)
from seatrial.dataflow.lineage.packages import packages_of
from seatrial.dataflow.lineage.steps import steps_of, values_of

__all__ = [
    "Ancestry",
    "Decision",
    "DecisionValue",
    "FlowKind",
    "Lineage",
    "LineageCode",
    "LineageEntry",
    "LineageImage",
    "LineageObject",
    "LineageStep",
    "LineageValue",
    "ModelPackage",
    "PackageContainer",
    "ancestry_of",
    "lineage_of",
]


def lineage_of(flow: Flow) -> Lineage:
    """The lineage of what really ran, in the order in which the steps started."""
    entries = entries_of(flow)
    lineage = Lineage(
        pipeline_name=flow.record.pipeline_name,
        execution_id=flow.record.execution_id,
        generated_at=flow.record.ended_at or flow.record.started_at,
        entries=entries,
        sources=tuple(dict.fromkeys(entry.s3_uri for entry in entries if entry.from_step is None)),
        prefix=flow.record.prefix,
        steps=steps_of(flow, entries),
        values=values_of(flow, entries),
        decisions=decisions_of(flow, entries),
        branches={step.name: step.parent for step in flow.definition.all_steps() if step.parent},
    )
    return lineage.model_copy(update={"sinks": packages_of(flow, lineage)})
