"""Simulated runs whose steps were seen to call S3."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from seatrial.dataflow import Flow, judge
from seatrial.ports.findings import Finding
from seatrial.ports.observation import Observation, S3Call
from seatrial.ports.storage import S3Uri
from tests.adapters.simulated_run import PREFIX, START


def call(operation: str, place: str, *, status: int = 200, at: datetime | None = None) -> S3Call:
    """One call at `place`, beneath the run's prefix unless it is a URI; long after all steps, if not told."""
    uri = S3Uri.parse(place if place.startswith("s3://") else f"{PREFIX}/{place}")
    time = at or START + timedelta(days=1)
    return S3Call(operation, uri.bucket, uri.key, status, time, time)


def with_calls(flow: Flow, calls: Mapping[str, Sequence[S3Call] | None]) -> Flow:
    """The same flow, with what each of these steps was seen to call; None: it was not observed."""
    steps = tuple(
        replace(step, result=replace(step.result, observation=_observed(calls[step.name])))
        if step.result is not None and step.name in calls
        else step
        for step in flow.record.steps
    )
    return replace(flow, record=replace(flow.record, steps=steps))


def _observed(calls: Sequence[S3Call] | None) -> Observation:
    return Observation(calls=None, calls_unseen="?") if calls is None else Observation(calls=tuple(calls))


def found(flow: Flow) -> list[Finding]:
    """What is found of the calls."""
    return [each for each in judge(flow) if each.code in ("ST120", "ST121", "ST122")]


def said(flow: Flow) -> list[tuple[str, str, str]]:
    """Code, severity and message of each."""
    return [(each.code, each.severity.value, each.message) for each in found(flow)]
