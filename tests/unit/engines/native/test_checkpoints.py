"""A checkpoint goes from the store when its file is gone, and only then: nobody has another copy."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.engines.job import JobOutput
from seatrial.engines.native.continuous import Sync
from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import Bench

FOLDER = "/opt/ml/checkpoints"
# Of the engine's own mounts the container can replace what lies inside.
INNER = "/opt/ml/output/kept"


def train(
    tmp_path: Path,
    work: Callable[[Inside], int],
    *keys: str,
    uri: str = "s3://bucket/kept",
    path: str = FOLDER,
    hosts: int = 1,
) -> tuple[Bench, JobResult]:
    bench = Bench(tmp_path)
    bench.runner = MemoryRunner({"*": work})
    for key in keys:
        bench.store.write(S3Uri("bucket", key), key.encode())
    resources = {"InstanceCount": hosts, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
    config = {"S3Uri": uri, "LocalPath": path}
    return bench, bench.train(CheckpointConfig=config, ResourceConfig=resources)


def kept(bench: Bench) -> dict[str, bytes]:
    return bench.store.contents["bucket"]


@pytest.mark.parametrize("uri", ["s3://bucket/kept", "s3://bucket/kept/"])
def test_a_place_whose_name_begins_alike_is_neither_brought_in_nor_removed(tmp_path: Path, uri: str) -> None:
    seen: list[str] = []

    def look(inside: Inside) -> int:
        seen.extend(path.name for path in inside.path(FOLDER).iterdir())
        return 0

    bench, result = train(tmp_path, look, "kept/1", "kept-2/1", "kept.bak", uri=uri)

    assert seen == ["1"]
    assert sorted(kept(bench)) == ["kept-2/1", "kept.bak", "kept/1"]
    assert [item.key for item in result.inputs[-1].objects] == ["kept/1"]


def test_a_folder_that_became_a_link_says_nothing_of_its_files(tmp_path: Path) -> None:
    def link(inside: Inside) -> int:
        folder = inside.path(INNER)
        folder.rename(folder.with_name("elsewhere"))
        folder.symlink_to("elsewhere")
        return 0

    bench, _ = train(tmp_path, link, "kept/1", "kept/deep/2", path=INNER)

    assert sorted(kept(bench)) == ["kept/1", "kept/deep/2"]


def test_a_file_that_became_a_link_is_not_gone(tmp_path: Path) -> None:
    def link(inside: Inside) -> int:
        inside.path(f"{FOLDER}/latest").unlink()
        inside.path(f"{FOLDER}/latest").symlink_to("1")
        folder = inside.path(f"{FOLDER}/deep")
        folder.rename(folder.with_name("deeper"))
        folder.symlink_to("deeper")
        return 0

    bench, _ = train(tmp_path, link, "kept/1", "kept/latest", "kept/deep/2")

    assert sorted(kept(bench)) == ["kept/1", "kept/deep/2", "kept/deeper/2", "kept/latest"]


def test_a_folder_that_is_removed_altogether_takes_no_checkpoint_with_it(tmp_path: Path) -> None:
    def remove(inside: Inside) -> int:
        inside.path(f"{INNER}/1").unlink()
        inside.path(INNER).rmdir()
        return 1

    bench, _ = train(tmp_path, remove, "kept/1", path=INNER)

    assert sorted(kept(bench)) == ["kept/1"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / FOLDER.lstrip("/")
    made.mkdir(parents=True)
    return made


def sync_of(tmp_path: Path, bench: Bench) -> Sync:
    output = JobOutput("kept", S3Uri("bucket", "kept"), FOLDER, "path", form="mirror", always=True)
    return Sync(bench.store, [tmp_path], [output])


def test_a_folder_that_is_away_for_a_moment_takes_nothing_with_it_while_the_job_runs(
    tmp_path: Path, folder: Path
) -> None:
    bench = Bench(tmp_path)
    sync = sync_of(tmp_path, bench)
    (folder / "1").write_text("one")
    sync.look()

    folder.rename(folder.with_name("away"))
    sync.look()
    assert sorted(kept(bench)) == ["kept/1"]

    folder.with_name("away").rename(folder)
    (folder / "1").unlink()
    sync.look()
    assert sorted(kept(bench)) == []


def test_what_went_up_is_remembered_though_its_next_version_could_not(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    sync = sync_of(tmp_path, bench)
    (folder / "1").write_text("one")
    sync.look()

    def vanish(*_: object, **__: object) -> list[object]:
        raise FileNotFoundError("1")

    monkeypatch.setattr(bench.store, "upload", vanish)
    (folder / "1").write_text("one and more")
    sync.look()

    assert [(item.key, item.size) for item in sync.sent.values()] == [("kept/1", 3)]


def test_of_two_hosts_that_write_one_name_the_last_writing_goes_up_alone(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    output = JobOutput("kept", S3Uri("bucket", "kept"), FOLDER, "path", form="mirror", always=True)
    trees = [tmp_path / "one", tmp_path / "two"]
    for time, tree in zip((20, 10), trees, strict=True):
        (tree / FOLDER.lstrip("/")).mkdir(parents=True)
        file = tree / FOLDER.lstrip("/") / "same"
        file.write_text(tree.name)
        os.utime(file, (time, time))
    sync = Sync(bench.store, trees, [output])

    sync.look()
    sync.look()

    assert [len(batch) for batch in bench.store.uploads] == [1]
    assert kept(bench) == {"kept/same": b"one"}


def test_a_checkpoint_that_one_host_rewrote_is_not_replaced_by_what_others_were_given(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def work(inside: Inside) -> int:
        assert inside.spec.peers is not None
        if inside.spec.peers.alias == "algo-1":
            inside.write(f"{FOLDER}/1", "rewritten")
            # As `cp -p` and `tar -x` do.
            os.utime(inside.path(f"{FOLDER}/1"), (1, 1))
        return 0

    bench, _ = train(tmp_path, work, "kept/1", "kept/2", hosts=2)

    assert kept(bench) == {"kept/1": b"rewritten", "kept/2": b"kept/2"}
    assert "several hosts wrote" not in caplog.text
