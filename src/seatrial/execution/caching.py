"""Whether an earlier execution of the pipeline has already done what a step is about to do, and why not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from seatrial.definition import Step, parse_duration
from seatrial.errors import StorageError
from seatrial.execution.cache_keys import COMPARED, cache_key, compared, first_difference
from seatrial.execution.kept_outputs import lost_objects
from seatrial.ports.clock import Clock
from seatrial.ports.executions import CacheLookup, ExecutionRecord, StepRecord
from seatrial.ports.jobs import JobRequest, OutputReceipt
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.records import Records, Success

_CHECKPOINTS = "CheckpointConfig.S3Uri"
_SHOWN = 100


@dataclass(frozen=True)
class Hit:
    """The step as it was in the execution that did the same."""

    source_arn: str
    step: StepRecord
    lookup: CacheLookup


class StepCache:
    """The successful steps of a pipeline's earlier executions; `list_objects` looks into the store."""

    def __init__(
        self,
        records: Records,
        record: ExecutionRecord,
        list_objects: Callable[[S3Uri], Iterable[StoredObject]],
        clock: Clock,
    ) -> None:
        self._records = records
        self._record = record
        self._list_objects = list_objects
        self._clock = clock

    def look_up(self, step: Step, request: JobRequest) -> Hit | CacheLookup | None:
        """The hit, the miss with its reason, or None for a step that asks for no cache."""
        config = step.cache_config
        if config is None or not config.enabled or step.type not in COMPARED:
            return None
        # What another engine did is no outcome of this one: they are there to be held against each other.
        engine = self._record.engines[-1]
        earlier = self._records.successes(self._record.pipeline_name, step.name, step.type, engine)
        if not earlier:
            return _miss("no earlier execution of this pipeline has finished this step")
        key = cache_key(step.type, request.parameters)
        same = [success for success in earlier if cache_key(step.type, success.parameters) == key]
        if not same:
            return _miss(self._what_differs(step.type, request, earlier[0]))
        return self._choose(step, same, config.expire_after)

    def _choose(self, step: Step, same: Sequence[Success], expire_after: str | None) -> Hit | CacheLookup:
        """The newest that has not expired and whose outputs are still there; else why the newest is none."""
        # The SDK gives every enabled cache an expiry; without one, nothing expires.
        lasting = parse_duration(expire_after) if expire_after else None
        ages = [self._clock.now() - success.ended_at for success in same]
        fresh = [each for each, age in zip(same, ages, strict=True) if lasting is None or age <= lasting]
        if not fresh:
            return _miss(
                f"execution {same[0].execution_id}, the latest with the same arguments, finished it "
                f"{_age(ages[0])} ago; ExpireAfter is {expire_after}"
            )
        losses = []
        for success in fresh:
            found = self._records.step(success.execution_id, step.name)
            loss = self._looked_into(found.result.outputs if found and found.result else ())
            if found is not None and loss is None:
                age = _age(self._clock.now() - success.ended_at)
                reason = f"execution {success.execution_id} finished it with the same arguments {age} ago"
                return Hit(success.execution_arn, found, CacheLookup(hit=True, reason=reason))
            losses.append(f"execution {success.execution_id} finished it with the same arguments, but {loss}")
        return _miss(losses[0])

    def _looked_into(self, outputs: Iterable[OutputReceipt]) -> str | None:
        """As `_lost`; where nobody can look into an old output, the step just runs."""
        try:
            return self._lost(outputs)
        except StorageError as trouble:
            return f"its outputs cannot be looked into: {trouble.message}"

    def _what_differs(self, step_type: str, request: JobRequest, before: Success) -> str:
        now, then = compared(step_type, request.parameters), compared(step_type, before.parameters)
        found = first_difference(now, then)
        path, here, there = found if found else ("", None, None)
        told = f"{path} is {_shown(here)}, and was {_shown(there)} in execution {before.execution_id}"
        prefix = self._record.prefix
        if prefix and prefix in json.dumps(here):
            told += "; it holds this execution's prefix (the same --prefix gives the same)"
        return told

    def _lost(self, outputs: Iterable[OutputReceipt]) -> str | None:
        """What of the outputs the store no longer holds as it was written; checkpoints may well go on."""
        for receipt in outputs:
            if receipt.property_path == _CHECKPOINTS:
                continue
            for lost in lost_objects(receipt, self._list_objects):
                return f"{lost.uri} of its output {receipt.name!r} is {lost.how}"
        return None


def _miss(reason: str) -> CacheLookup:
    return CacheLookup(hit=False, reason=reason)


def _shown(value: Any) -> str:
    if value is None:
        return "not there"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _age(age: timedelta) -> str:
    whole = timedelta(seconds=max(0, round(age.total_seconds())))
    return str(whole)
