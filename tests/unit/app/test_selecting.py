"""What a selection takes over: whole as the source wrote it, or refused; asking leaves nothing behind."""

from __future__ import annotations

import pytest

from seatrial.app.parts import Parts
from seatrial.app.selecting import lost_outputs, selection_of
from seatrial.app.wishes import Wishes
from seatrial.dataflow import Flow
from seatrial.definition import build_graph
from seatrial.errors import RecordError, RefusedError
from seatrial.ports.executions import ExecutionRecord, Selection
from seatrial.ports.findings import Finding
from seatrial.ports.storage import S3Uri
from seatrial.settings import Settings
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing
from tests.adapters.simulated_run import Doing, simulate

TABLE = "s3://seatrial/cancer/abc123def456/prep/part.csv"
DEFINITION = pipeline(
    processing("Prep", outputs={"data": join(PREFIX, "prep")}),
    processing("Use", inputs={"data": output_of("Prep", "data")}),
)


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def source(store: MemoryStore) -> ExecutionRecord:
    files = {"part.csv": b"1,2\n", "second.csv": b"3\n"}
    flow: Flow = simulate(DEFINITION, {"Prep": Doing(writes={"data": files}), "Use": Doing()}, store=store)
    return flow.record


def lost(source: ExecutionRecord, store: MemoryStore) -> list[Finding]:
    return list(lost_outputs(source, ["Use"], DEFINITION, source.parameters, store))


def test_an_output_that_lies_there_as_it_was_written_is_taken(
    source: ExecutionRecord, store: MemoryStore
) -> None:
    assert lost(source, store) == []


def test_an_output_that_was_replaced_since_is_refused_with_what_to_type(
    source: ExecutionRecord, store: MemoryStore
) -> None:
    store.write(S3Uri.parse(TABLE), b"2,1\n")
    [found] = lost(source, store)
    assert (found.code, found.step) == ("ST103", "Use")
    assert f"was replaced since execution {source.execution_id} wrote it" in found.message
    assert found.message.endswith(f": {TABLE} is overwritten since")
    assert found.observed == "1 of 2 objects not as written"
    assert "--only Prep" in (found.hint or "")


def test_one_that_has_left_the_store_names_what_is_missing(
    source: ExecutionRecord, store: MemoryStore
) -> None:
    store.delete([S3Uri.parse(TABLE), S3Uri.parse(TABLE.replace("part", "second"))])
    [found] = lost(source, store)
    assert "has left the store since" in found.message
    assert found.message.endswith(f": {TABLE} is no longer in the store, and 1 more object is not as written")


def wishes(only: str, source: str | None = None) -> Wishes:
    return Wishes("Cancer", DEFINITION.text, "p.json", only=(only,), source_execution=source)


def test_a_selection_that_needs_nothing_leaves_no_records_behind(settings: Settings) -> None:
    parts = Parts(settings, print)
    chosen = selection_of(parts, wishes("Prep"), DEFINITION, build_graph(DEFINITION))
    assert chosen == Selection(("Prep",))
    assert not settings.state_dir.exists()


def test_without_records_there_is_no_source(settings: Settings) -> None:
    parts, graph = Parts(settings, print), build_graph(DEFINITION)
    with pytest.raises(RefusedError, match="have dependencies on"):
        selection_of(parts, wishes("Use"), DEFINITION, graph)
    with pytest.raises(RecordError, match="there is no execution 'abc'") as refused:
        selection_of(parts, wishes("Use", "abc"), DEFINITION, graph)
    assert "seatrial run PIPELINE" in (refused.value.hint or "")
    assert not settings.state_dir.exists()
