"""An output by name: exactly what was registered, into the folder that was asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.errors import RefusedError, StorageError
from seatrial.outputs import S3OutputPathRegistry, download
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate


def a_run(store: MemoryStore, **files: bytes) -> S3OutputPathRegistry:
    definition = pipeline(processing("Prep", outputs={"train": join(PREFIX, "train")}), training("Train"))
    named = {name.replace("__", "/"): data for name, data in files.items()}
    return simulate(definition, {"Prep": Doing(writes={"train": named})}, store=store).registry


def test_the_files_of_an_output_arrive_with_their_folders(tmp_path: Path) -> None:
    store = MemoryStore()
    registry = a_run(store, deep__one=b"1", two=b"22")
    files = download(store, registry, "Prep", "train", tmp_path / "new")
    assert [str(path.relative_to(tmp_path / "new")) for path in files] == ["deep/one", "two"]
    assert (tmp_path / "new/deep/one").read_bytes() == b"1"


def test_an_archive_arrives_under_its_own_name(tmp_path: Path) -> None:
    store = MemoryStore()
    registry = a_run(store, one=b"1")
    assert download(store, registry, "Train", "model", tmp_path) == [tmp_path / "model.tar.gz"]


def test_what_lies_beside_the_output_in_the_store_is_left_there(tmp_path: Path) -> None:
    store = MemoryStore()
    registry = a_run(store, one=b"1")
    store.write(S3Uri.parse("s3://seatrial/cancer/abc123def456/train/later"), b"x")
    download(store, registry, "Prep", "train", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


def test_an_unknown_name_lists_what_is_there_and_suggests_the_nearest(tmp_path: Path) -> None:
    store = MemoryStore()
    registry = a_run(store, one=b"1")
    with pytest.raises(RefusedError, match=r"Prep\.train, Train\.model") as refused:
        download(store, registry, "Prep", "trian", tmp_path)
    assert refused.value.hint == "did you mean Prep.train?"


def test_a_step_that_wrote_nothing_is_not_taken_for_another(tmp_path: Path) -> None:
    store = MemoryStore()
    registry = a_run(store, one=b"1")
    with pytest.raises(RefusedError) as refused:
        download(store, registry, "Evaluate", "train", tmp_path)
    assert refused.value.hint == "list what is there: seatrial outputs"


def test_a_name_like_no_other_gets_the_command_that_lists_them(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="none at all") as refused:
        download(MemoryStore(), S3OutputPathRegistry(), "A", "b", tmp_path)
    assert refused.value.hint == "list what is there: seatrial outputs"


def test_an_empty_output_is_refused_and_makes_no_folder(tmp_path: Path) -> None:
    store = MemoryStore()
    with pytest.raises(RefusedError, match=r"Prep\.train is empty"):
        download(store, a_run(store), "Prep", "train", tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("key", ["out/../../etc/passwd", "out//etc/passwd"])
def test_a_key_that_would_leave_the_folder_is_refused(key: str, tmp_path: Path) -> None:
    store = MemoryStore()
    registry = a_run(store, one=b"1")
    info = registry.step_outputs["Prep"]["train"]
    info.s3_uri = "s3://seatrial/out"
    info.metadata["objects"] = [{"bucket": "seatrial", "key": key, "size": 1, "etag": "e"}]
    with pytest.raises(StorageError, match="does not name a file beneath a folder"):
        download(store, registry, "Prep", "train", tmp_path)


def test_what_the_folder_holds_whole_is_not_fetched_again(tmp_path: Path) -> None:
    store = MemoryStore()
    registry = a_run(store, one=b"1", two=b"22")
    download(store, registry, "Prep", "train", tmp_path)
    (tmp_path / "two").write_bytes(b"2x")
    download(store, registry, "Prep", "train", tmp_path)
    assert [[item.target.name for item in asked] for asked in store.downloads] == [["one", "two"], ["two"]]
    assert (tmp_path / "two").read_bytes() == b"22"
