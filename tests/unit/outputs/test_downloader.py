"""Outputs come by name or URI, go on where they broke off, and say why they did not come."""

from __future__ import annotations

from pathlib import Path

import pytest

import seatrial
from seatrial.errors import MissingObjectError, RefusedError, StorageError
from seatrial.outputs import S3OutputPathRegistry
from seatrial.outputs.downloader import S3DataDownloader
from seatrial.outputs.fetching import Patience, Progress
from seatrial.ports.storage import S3Uri
from tests.adapters.failing_store import FailingStore, denied, lost
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate

ROOT = "s3://seatrial/cancer/abc123def456"
DEFINITION = pipeline(
    training("Train"), processing("Prep", outputs={"train": join(PREFIX, "train"), "none": join(PREFIX, "n")})
)
FILES = {"a.csv": b"1", "deep/b.csv": b"22", "deep/c.csv": b"333"}


def a_run(store: MemoryStore | None = None) -> tuple[S3OutputPathRegistry, MemoryStore]:
    holding = store if store is not None else MemoryStore()
    doing = {"Prep": Doing(writes={"train": FILES, "none": {}})}
    return simulate(DEFINITION, doing, store=holding).registry, holding


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class Waiting:
    """Keeps the pauses instead of making them."""

    def __init__(self) -> None:
        self.pauses: list[float] = []

    def patience(self, tries: int = 3) -> Patience:
        return Patience(tries, 0.5, self.pauses.append)


def test_an_output_comes_by_its_logical_name(tmp_path: Path) -> None:
    registry, store = a_run()
    folder = S3DataDownloader(registry, store).download_step_output_by_logical_name("Prep", "train", tmp_path)
    assert folder == tmp_path
    assert names(tmp_path) == ["a.csv", "deep/b.csv", "deep/c.csv"]


def test_an_unknown_name_lists_what_is_there(tmp_path: Path) -> None:
    registry, store = a_run()
    with pytest.raises(RefusedError, match=r"no output Prep\.tests; there is .*Prep\.train"):
        S3DataDownloader(registry, store).download_step_output_by_logical_name("Prep", "tests", tmp_path)


def test_an_output_that_is_one_object_becomes_the_file_that_is_named(tmp_path: Path) -> None:
    registry, store = a_run()
    downloader = S3DataDownloader(registry, store)
    found = downloader.download_step_output_by_logical_name("Train", "model", tmp_path / "best.tar.gz")
    assert found == tmp_path / "best.tar.gz"
    assert found.is_file()


@pytest.mark.parametrize("folder", ["there", "new/"])
def test_in_a_folder_it_keeps_its_own_name(folder: str, tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    registry, store = a_run()
    downloader = S3DataDownloader(registry, store)
    found = downloader.download_step_output_by_logical_name("Train", "model", f"{tmp_path}/{folder}")
    assert found == tmp_path / folder / "model.tar.gz"


@pytest.mark.parametrize("uri", [f"{ROOT}/train", f"{ROOT}/train/"])
def test_a_prefix_brings_what_lies_beneath_it_and_nothing_beside_it(uri: str, tmp_path: Path) -> None:
    registry, store = a_run()
    store.write(S3Uri.parse(f"{ROOT}/train2/x"), b"x")
    assert S3DataDownloader(registry, store).download_step_output(uri, tmp_path) == tmp_path
    assert names(tmp_path) == ["a.csv", "deep/b.csv", "deep/c.csv"]


def test_an_object_comes_by_its_uri(tmp_path: Path) -> None:
    registry, store = a_run()
    found = S3DataDownloader(registry, store).download_step_output(f"{ROOT}/train/a.csv", tmp_path / "x.csv")
    assert (found, found.read_bytes()) == (tmp_path / "x.csv", b"1")


def test_a_uri_with_nothing_there_is_missing(tmp_path: Path) -> None:
    registry, store = a_run()
    with pytest.raises(MissingObjectError, match="neither an object nor a prefix s3://seatrial/nowhere"):
        S3DataDownloader(registry, store).download_step_output("s3://seatrial/nowhere", tmp_path)


def test_what_is_no_uri_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="not an S3 URI"):
        S3DataDownloader(*a_run()).download_step_output("/opt/ml/model", tmp_path)


def test_denied_is_told_apart_and_not_asked_again(tmp_path: Path) -> None:
    registry, store = a_run(FailingStore())
    assert isinstance(store, FailingStore)
    store.troubles = [denied()]
    waiting = Waiting()
    with pytest.raises(StorageError, match="AccessDenied") as refused:
        S3DataDownloader(registry, store, patience=waiting.patience()).download_step_output(ROOT, tmp_path)
    assert not isinstance(refused.value, MissingObjectError)
    assert waiting.pauses == []


def test_a_line_that_breaks_is_tried_again_for_what_is_not_there_yet(tmp_path: Path) -> None:
    registry, store = a_run(FailingStore(before=1))
    assert isinstance(store, FailingStore)
    store.troubles = [lost(), lost()]
    waiting = Waiting()
    downloader = S3DataDownloader(registry, store, patience=waiting.patience())
    downloader.download_step_output_by_logical_name("Prep", "train", tmp_path)
    assert waiting.pauses == [0.5, 1.0]
    assert [len(asked) for asked in store.downloads] == [1, 1, 1]
    assert names(tmp_path) == ["a.csv", "deep/b.csv", "deep/c.csv"]


def test_a_line_that_stays_broken_is_an_error(tmp_path: Path) -> None:
    registry, store = a_run(FailingStore())
    assert isinstance(store, FailingStore)
    store.troubles = [lost(), lost()]
    with pytest.raises(StorageError, match="does not answer"):
        S3DataDownloader(registry, store, patience=Waiting().patience(2)).download_step_output(ROOT, tmp_path)


def test_a_broken_download_goes_on_when_it_is_asked_for_again(tmp_path: Path) -> None:
    registry, store = a_run(FailingStore(before=1))
    assert isinstance(store, FailingStore)
    store.troubles = [lost()]
    downloader = S3DataDownloader(registry, store, patience=Waiting().patience(1))
    with pytest.raises(StorageError):
        downloader.download_step_output_by_logical_name("Prep", "train", tmp_path)
    (tmp_path / "deep").mkdir(exist_ok=True)
    (tmp_path / "deep/b.csv").write_bytes(b"2")  # half of it, as somebody else's tool may leave it
    downloader.download_step_output_by_logical_name("Prep", "train", tmp_path)
    assert [Path(item.source.key).name for item in store.downloads[-1]] == ["b.csv", "c.csv"]
    assert (tmp_path / "deep/b.csv").read_bytes() == b"22"


def test_progress_counts_what_was_kept_and_what_came(tmp_path: Path) -> None:
    registry, store = a_run()
    (tmp_path / "a.csv").write_bytes(b"1")
    told: list[Progress] = []
    downloader = S3DataDownloader(registry, store, progress=told.append)
    downloader.download_step_output_by_logical_name("Prep", "train", tmp_path)
    assert told == [Progress(1, 3, 1, 6, kept=1), Progress(3, 3, 6, 6, kept=1)]


def test_outputs_are_discovered_for_all_steps_or_those_of_a_definition() -> None:
    downloader = S3DataDownloader(*a_run())
    assert list(downloader.discover_pipeline_outputs()) == ["Train", "Prep"]
    alone = pipeline(processing("Prep"), processing("Other"))
    found = downloader.discover_pipeline_outputs(alone)
    assert {step: [info.logical_name for info in infos] for step, infos in found.items()} == {
        "Prep": ["train", "none"]
    }
    assert list(downloader.discover_pipeline_outputs(["Prep", "Train"])) == ["Prep", "Train"]


def test_metadata_is_plain_json_or_none() -> None:
    downloader = S3DataDownloader(*a_run())
    found = downloader.get_step_output_metadata("Prep", "train")
    assert found is not None
    assert found["metadata"]["objects"][0]["relative_key"] == "a.csv"
    assert downloader.get_step_output_metadata("Prep", "tests") is None


def test_it_is_a_public_name() -> None:
    assert seatrial.S3DataDownloader is S3DataDownloader
