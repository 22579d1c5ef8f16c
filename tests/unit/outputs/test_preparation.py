"""Test data laid out from what steps wrote: filtered, sampled, told in a manifest."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from seatrial.errors import RefusedError, StorageError
from seatrial.outputs.downloader import S3DataDownloader
from seatrial.outputs.fetching import Patience
from seatrial.outputs.preparation import PreparedData, PreparedOutput, TestDataPreparation
from seatrial.outputs.sampling import Sampling
from tests.adapters.failing_store import FailingStore, lost
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate

DEFINITION = pipeline(
    processing("Prep-Training", outputs={"data": join(PREFIX, "a"), "none": join(PREFIX, "b")}),
    processing("Prep-Validation", outputs={"data": join(PREFIX, "c")}),
    training("Fit"),
)
ROWS = b"".join(b"%d,x\n" % number for number in range(10))


def preparation(
    sampling: Sampling | None = None, store: MemoryStore | None = None, **files: bytes
) -> TestDataPreparation:
    holding = store if store is not None else MemoryStore()
    data = {name.replace("__", "."): content for name, content in files.items()} or {"a.csv": ROWS}
    doing = {
        "Prep-Training": Doing(writes={"data": data, "none": {}}),
        "Prep-Validation": Doing(writes={"data": data}),
    }
    registry = simulate(DEFINITION, doing, store=holding).registry
    downloader = S3DataDownloader(registry, holding, patience=Patience(1))
    return TestDataPreparation(registry, downloader, sampling=sampling)


def told(workspace: Path, step: str = "Prep-Training") -> PreparedOutput:
    return PreparedData.model_validate_json((workspace / "prepared.json").read_text()).steps[step]["data"]


def test_a_steps_outputs_become_folders_and_an_empty_one_an_empty_folder(tmp_path: Path) -> None:
    found = preparation().prepare_step_test_data("Prep-Training", tmp_path)
    assert found == {name: tmp_path / "Prep-Training" / name for name in ("data", "none")}
    assert (found["data"] / "a.csv").read_bytes() == ROWS
    assert list(found["none"].iterdir()) == []


def test_an_unknown_step_lists_those_that_there_are(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="there are those of Prep-Training, Prep-Validation, Fit"):
        preparation().prepare_step_test_data("Prep", tmp_path)


def test_the_filter_really_filters(tmp_path: Path) -> None:
    found = preparation().prepare_pipeline_test_data(tmp_path, job_type_filter="validation")
    assert found == {"Prep-Validation": {"data": tmp_path / "Prep-Validation/data"}}
    assert {path.name for path in tmp_path.iterdir()} == {
        "Prep-Validation",
        "prepared.json",
        ".seatrial-prepared.json",
    }


def test_without_a_filter_every_step_is_prepared(tmp_path: Path) -> None:
    assert list(preparation().prepare_pipeline_test_data(tmp_path)) == [
        "Prep-Training",
        "Prep-Validation",
        "Fit",
    ]


def test_a_failed_download_is_never_swallowed_and_the_manifest_does_not_tell_of_it(tmp_path: Path) -> None:
    store = FailingStore()
    prepared = preparation(store=store)
    prepared.prepare_pipeline_test_data(tmp_path)
    (tmp_path / "Prep-Training/data/a.csv").unlink()
    store.troubles = [lost()]
    with pytest.raises(StorageError, match="does not answer"):
        prepared.prepare_step_test_data("Prep-Training", tmp_path)
    manifest = PreparedData.model_validate_json((tmp_path / "prepared.json").read_text())
    assert list(manifest.steps) == ["Prep-Validation", "Fit"]


def test_the_manifest_tells_of_each_file_and_its_object(tmp_path: Path) -> None:
    preparation().prepare_pipeline_test_data(tmp_path)
    (file,) = told(tmp_path).files
    assert file.path == "Prep-Training/data/a.csv"
    assert file.s3_uri == "s3://seatrial/cancer/abc123def456/a/a.csv"
    assert (file.object_bytes, file.sampled) == (len(ROWS), False)


@pytest.mark.parametrize(("header", "rows"), [(False, 3), (True, 4)])
def test_a_sample_by_rows_is_the_first_of_each_file(header: bool, rows: int, tmp_path: Path) -> None:
    sampling = Sampling(rows=3, header=header)
    found = preparation(sampling, a__csv=ROWS, b__csv=ROWS).prepare_step_test_data("Prep-Training", tmp_path)
    for name in ("a.csv", "b.csv"):
        assert (found["data"] / name).read_bytes() == b"".join(ROWS.splitlines(keepends=True)[:rows])
    assert [(file.sampled, file.rows) for file in told(tmp_path).files] == [(True, 3)] * 2


def test_a_file_with_fewer_rows_is_the_object_itself(tmp_path: Path) -> None:
    found = preparation(Sampling(rows=30), a__csv=b"1\n2").prepare_step_test_data("Prep-Training", tmp_path)
    assert (found["data"] / "a.csv").read_bytes() == b"1\n2"
    (file,) = told(tmp_path).files
    assert (file.sampled, file.rows) == (False, 2)


def test_a_sample_by_bytes_ends_with_a_row_and_tells_what_it_left_out(tmp_path: Path) -> None:
    files = {"a__csv": ROWS, "b__csv": ROWS, "c__parquet": b"x" * 9, "d__csv": ROWS}
    preparation(Sampling(bytes=50), **files).prepare_step_test_data("Prep-Training", tmp_path)
    output = told(tmp_path)
    assert [(file.path[-5:], file.sampled, file.rows) for file in output.files] == [
        ("a.csv", False, 10),
        ("b.csv", True, 2),
    ]
    assert [uri.rpartition("/")[2] for uri in output.left_out] == ["c.parquet", "d.csv"]


def test_a_file_without_rows_is_taken_whole_or_not_at_all(tmp_path: Path) -> None:
    sampling = Sampling(rows=1, bytes=10)
    preparation(sampling, a__parquet=b"x" * 9, b__parquet=b"y" * 9).prepare_step_test_data(
        "Prep-Training", tmp_path
    )
    output = told(tmp_path)
    assert [(file.path[-9:], file.sampled, file.rows) for file in output.files] == [
        ("a.parquet", False, None)
    ]
    assert len(output.left_out) == 1


def test_a_packed_file_stays_packed_and_quotes_hold_a_row_together(tmp_path: Path) -> None:
    data = gzip.compress(b'"a\nb",1\n"c",2\n')
    found = preparation(Sampling(rows=1), a__csv__gz=data).prepare_step_test_data("Prep-Training", tmp_path)
    assert gzip.decompress((found["data"] / "a.csv.gz").read_bytes()) == b'"a\nb",1\n'


def test_what_is_not_packed_whatever_its_name_says_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match=r"a\.csv\.gz is not what its name says"):
        preparation(Sampling(rows=1), a__csv__gz=b"1,2\n").prepare_step_test_data("Prep-Training", tmp_path)


def test_a_smaller_sample_replaces_a_larger_one(tmp_path: Path) -> None:
    preparation().prepare_step_test_data("Prep-Training", tmp_path)
    found = preparation(Sampling(rows=1)).prepare_step_test_data("Prep-Training", tmp_path)
    assert (found["data"] / "a.csv").read_bytes() == b"0,x\n"


@pytest.mark.parametrize("limits", [{"rows": 0}, {"bytes": -1}])
def test_a_sample_of_nothing_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(RefusedError, match="is none"):
        Sampling(**limits)


def test_steps_prepared_one_after_another_are_all_in_the_manifest(tmp_path: Path) -> None:
    preparation().prepare_step_test_data("Prep-Training", tmp_path)
    preparation().prepare_step_test_data("Prep-Validation", tmp_path)
    assert told(tmp_path, "Prep-Training").files
    assert told(tmp_path, "Prep-Validation").files


def test_what_an_earlier_preparation_left_is_removed(tmp_path: Path) -> None:
    preparation(a__csv=ROWS, b__csv=ROWS).prepare_step_test_data("Prep-Training", tmp_path)
    (tmp_path / "Prep-Training/data/.seatrial-0123456789abcdef.part").write_bytes(b"half")
    found = preparation(b__csv=ROWS).prepare_step_test_data("Prep-Training", tmp_path)
    assert [path.name for path in found["data"].iterdir()] == ["b.csv"]


def test_a_file_of_somebody_elses_is_neither_removed_nor_taken_for_data(tmp_path: Path) -> None:
    mine = tmp_path / "Prep-Training/data/mine.csv"
    mine.parent.mkdir(parents=True)
    mine.write_bytes(b"mine")
    with pytest.raises(
        RefusedError, match=r"Prep-Training/data/mine\.csv in the workspace is not of any output"
    ):
        preparation().prepare_step_test_data("Prep-Training", tmp_path)
    assert mine.read_bytes() == b"mine"
