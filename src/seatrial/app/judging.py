"""Judges the flow of an execution and keeps what is found; makes no finding itself."""

from __future__ import annotations

from seatrial.app.parts import Parts
from seatrial.dataflow import JUDGED, Flow, judge


def keep_judged(parts: Parts, flow: Flow) -> None:
    """The newest judgement counts; one without the store takes nothing back of what the store showed."""
    found = judge(flow)
    if flow.list_objects is None:
        parts.records.add_findings(flow.record.execution_id, found)
    else:
        parts.records.judge_findings(flow.record.execution_id, found, JUDGED)
