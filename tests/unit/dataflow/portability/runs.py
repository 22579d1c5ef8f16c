"""Two simulated runs under two prefixes, over one store."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from seatrial.dataflow import Flow
from seatrial.dataflow.portability import Compared, Voyage, compared
from seatrial.definition import PipelineDefinition
from seatrial.outputs import StoredContents, side_of
from seatrial.ports.jobs import JobResult
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, Json, join, pipeline, processing
from tests.adapters.simulated_run import Doing, simulate

FIRST = "s3://seatrial/portability/abc123def456/a"
SECOND = "s3://seatrial-elsewhere/abc123def456/deep/er/b"
LIKE_FIRST = "s3://seatrial/portability/abc123def456/c"

Writes = Callable[[str], bytes]
"""The content of a file, by the prefix of its run."""


def one_step(environment: Mapping[str, Json] | None = None, **more: Json) -> PipelineDefinition:
    return pipeline(
        processing("Write", outputs={"out": join(PREFIX, "out")}, environment=environment), **more
    )


def voyage(flow: Flow, account: str = "123456789012", region: str = "us-east-1", log: bytes = b"") -> Voyage:
    return Voyage(flow, side_of(flow.record, flow.registry), account, region, lambda step: log)


def runs(
    definition: PipelineDefinition,
    doing: Callable[[str], Mapping[str, Doing]] = lambda prefix: {},
    *,
    prefixes: tuple[str, ...] = (FIRST, SECOND),
    store: MemoryStore | None = None,
) -> list[Voyage]:
    """One run after the other."""
    sea = store or MemoryStore()
    return [voyage(simulate(definition, doing(each), store=sea, prefix=each)) for each in prefixes]


def writing(name: str, content: Writes) -> Callable[[str], Mapping[str, Doing]]:
    """The step Write leaves one file in `out`."""
    return lambda prefix: {"Write": Doing(writes={"out": {name: content(prefix)}})}


def held(first: Voyage, second: Voyage, third: Voyage | None = None) -> Compared:
    """The two, looked at in the store of the second."""
    read = second.flow.read
    store = getattr(read, "__self__", None)
    return compared(first, second, StoredContents(lambda: store), third)


def with_result(voyage: Voyage, step: str, change: Callable[[JobResult], JobResult]) -> Voyage:
    """The same run, the result of one step changed."""
    steps = tuple(
        replace(each, result=change(each.result)) if each.name == step and each.result else each
        for each in voyage.flow.record.steps
    )
    return replace(voyage, flow=replace(voyage.flow, record=replace(voyage.flow.record, steps=steps)))
