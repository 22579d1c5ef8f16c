"""What a report gathers besides the records; a store that fails costs the previews, never the report."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app import evidence
from seatrial.app.evidence import evidence_of
from seatrial.app.parts import Parts
from seatrial.dataflow import Flow
from seatrial.errors import StorageError
from seatrial.execution import attempt_folder
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.settings import Settings
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import Doing, simulate

TABLE = "s3://seatrial/cancer/abc123def456/prep/part.csv"


class LostStore(MemoryStore):
    """Answers no more."""

    def stat(self, uri: S3Uri) -> StoredObject | None:
        raise StorageError("the object store does not answer", slug="store-lost")


def parts_with(store: MemoryStore, folder: Path) -> Parts:
    parts = Parts(Settings(state_dir=folder), print)
    vars(parts)["store"] = store
    return parts


def a_run(files: dict[str, bytes], store: MemoryStore) -> Flow:
    definition = pipeline(processing("Prep", outputs={"data": join(PREFIX, "prep")}))
    return simulate(definition, {"Prep": Doing(writes={"data": files})}, store=store)


def test_heads_of_small_text_objects_are_read_and_no_others(tmp_path: Path) -> None:
    store = MemoryStore()
    files = {"part.csv": b"1,2\n", "model.pkl": b"text", "big.txt": b"x" * (evidence.SMALL_OBJECT + 1)}
    found = evidence_of(parts_with(store, tmp_path), a_run(files, store).record)
    assert {uri: head.rows for uri, head in found.previews.items()} == {TABLE: (("1", "2"),)}
    assert found.note is None


def test_what_replaced_an_object_is_not_shown_in_its_place(tmp_path: Path) -> None:
    store = MemoryStore()
    record = a_run({"part.csv": b"1,2\n"}, store).record
    store.write(S3Uri.parse(TABLE), b"other")
    assert evidence_of(parts_with(store, tmp_path), record).previews[TABLE].note == "overwritten since"
    store.delete([S3Uri.parse(TABLE)])
    assert evidence_of(parts_with(store, tmp_path), record).previews[TABLE].note == "no longer in the store"


def test_many_objects_give_some_previews(tmp_path: Path) -> None:
    store = MemoryStore()
    record = a_run({f"part-{index}.csv": b"1\n" for index in range(30)}, store).record
    found = evidence_of(parts_with(store, tmp_path), record)
    assert len(found.previews) == evidence.PREVIEWS_OF_AN_OUTPUT


def test_a_store_that_fails_costs_the_previews_alone(tmp_path: Path) -> None:
    store = LostStore()
    record = a_run({"part.csv": b"1\n"}, store).record
    log = attempt_folder(Settings(state_dir=tmp_path), record.execution_id, "Prep", 1) / "log.txt"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"ahoy\n")
    found = evidence_of(parts_with(store, tmp_path), record)
    assert (found.previews, found.note) == ({}, "No previews: the object store does not answer")
    assert found.logs["Prep"].text == "ahoy\n"


def test_logs_share_what_room_there_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = MemoryStore()
    record = a_run({}, store).record
    log = attempt_folder(Settings(state_dir=tmp_path), record.execution_id, "Prep", 1) / "log.txt"
    log.parent.mkdir(parents=True)
    log.write_bytes(b"a line\n" * 100_000)
    shown = evidence_of(parts_with(store, tmp_path), record).logs["Prep"]
    assert len(shown.text) <= evidence.MOST_LOG
    assert (shown.path, shown.note) == (str(log), "the last 64.0 kB of 700.0 kB")
    monkeypatch.setattr(evidence, "ALL_LOGS", 100)
    assert len(evidence_of(parts_with(store, tmp_path), record).logs["Prep"].text) <= evidence.LEAST_LOG
