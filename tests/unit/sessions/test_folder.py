"""A compiled folder holds all that a run needs, and what its user put there."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.errors import DefinitionError, MissingObjectError, RefusedError
from seatrial.ports.storage import S3Uri
from seatrial.sessions import CompiledPipeline, load_pipeline, write_folder
from seatrial.sessions.folder import place_of
from seatrial.settings import Settings
from seatrial.storage import Seed, apply_seeds, read_seeds
from tests.adapters.memory_store import MemoryStore

CODE = S3Uri("sagemaker-eu", "Flow/code/0f/run.py")
RAW = S3Uri("prod", "raw/")


def definition(raw: Any = "s3://prod/raw/") -> str:
    sources = {"raw": raw, "code": str(CODE)}
    step = {
        "Name": "Clean",
        "Type": "Processing",
        "Arguments": {
            "RoleArn": "arn:aws:iam::123456789012:role/seatrial",
            "AppSpecification": {"ImageUri": "123456789012.dkr.ecr.us-east-1.amazonaws.com/clean:1"},
            "ProcessingResources": {
                "ClusterConfig": {"InstanceCount": 1, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30}
            },
            "ProcessingInputs": [
                {
                    "InputName": name,
                    "S3Input": {
                        "S3Uri": uri,
                        "LocalPath": f"/opt/ml/processing/{name}",
                        "S3DataType": "S3Prefix",
                        "S3InputMode": "File",
                    },
                }
                for name, uri in sources.items()
            ],
        },
    }
    return json.dumps({"Version": "2020-12-01", "Metadata": {}, "Parameters": [], "Steps": [step]})


@pytest.fixture
def store() -> MemoryStore:
    """A store in which compiling has left one object."""
    store = MemoryStore()
    store.write(CODE, b"print('code')")
    return store


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where to compile to; not there yet."""
    return tmp_path / "compiled"


COMPILED = CompiledPipeline("Flow", definition(), "flow.py", uploads=(CODE,))


def seeded(folder: Path) -> dict[str, bytes]:
    """What an empty store holds after the folder's seeds went in."""
    store = MemoryStore()
    return {each.uri: store.read(S3Uri(each.bucket, each.key)) for each in apply_seeds(store, _seeds(folder))}


def _seeds(folder: Path) -> tuple[Seed, ...]:
    return read_seeds(folder / "seeds.toml").seeds


def test_an_empty_store_gets_from_it_what_compiling_uploaded(folder: Path, store: MemoryStore) -> None:
    assert write_folder(COMPILED, folder, store) == [RAW]
    assert seeded(folder) == {str(CODE): b"print('code')"}
    assert (folder / "objects/sagemaker-eu/Flow/code/0f/run.py").is_file()


def test_it_is_read_back_as_the_same_pipeline(folder: Path, store: MemoryStore) -> None:
    write_folder(COMPILED, folder, store)
    compiled = load_pipeline(str(folder), address=None, settings=Settings())
    assert (compiled.name, compiled.seeds) == ("Flow", folder / "seeds.toml")
    assert json.loads(compiled.definition_text) == json.loads(COMPILED.definition_text)


@pytest.mark.parametrize("limit", [None, 3])
def test_it_keeps_how_many_steps_run_at_a_time(folder: Path, store: MemoryStore, limit: int | None) -> None:
    write_folder(replace(COMPILED, max_parallel_steps=limit), folder, store)
    assert load_pipeline(str(folder), address=None, settings=Settings()).max_parallel_steps == limit


@pytest.mark.parametrize("text", ['{"name": "Flow", "max_parallel_steps": "many"}', "[]", "{}"])
def test_an_index_that_makes_no_sense_is_refused(folder: Path, store: MemoryStore, text: str) -> None:
    write_folder(COMPILED, folder, store)
    (folder / "compiled.json").write_text(text)
    with pytest.raises(RefusedError, match="does not tell"):
        load_pipeline(str(folder), address=None, settings=Settings())


def test_an_input_that_nobody_has_is_listed_to_be_filled_in(folder: Path, store: MemoryStore) -> None:
    write_folder(COMPILED, folder, store)
    assert read_seeds(folder / "seeds.toml").unfilled == (RAW,)
    assert "# read by Clean" in (folder / "seeds.toml").read_text()


@pytest.mark.parametrize("raw", ["s3://prod/raw/", "s3://prod/raw/2024.csv", "s3://prod/ra"])
def test_local_data_goes_with_it(folder: Path, store: MemoryStore, tmp_path: Path, raw: str) -> None:
    (tmp_path / "here/deep").mkdir(parents=True)
    (tmp_path / "here/2024.csv").write_bytes(b"1,2")
    (tmp_path / "here/deep/2023.csv").write_bytes(b"3,4")
    compiled = CompiledPipeline("Flow", definition(raw), "flow.py")
    assert write_folder(compiled, folder, store, [Seed(RAW, tmp_path / "here", "seeds.toml")]) == [CODE]
    (tmp_path / "here/2024.csv").unlink()
    assert seeded(folder) == {"s3://prod/raw/2024.csv": b"1,2", "s3://prod/raw/deep/2023.csv": b"3,4"}


@pytest.mark.parametrize(
    ("seed", "open_"),
    [
        ("s3://prod/raw", False),
        ("s3://prod/raw/deep", False),
        ("s3://prod/raw-too", True),
        ("s3://prod/ra", True),
        ("s3://prod", True),
    ],
)
def test_only_data_that_the_input_would_read_fills_it(
    folder: Path, store: MemoryStore, tmp_path: Path, seed: str, open_: bool
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/a.csv").write_text("a")
    still_open = write_folder(COMPILED, folder, store, [Seed(S3Uri.parse(seed), tmp_path / "here", "")])
    assert still_open == ([RAW] if open_ else [])


@pytest.mark.parametrize(
    ("uri", "key"),
    [("s3://prod/raw/", "raw/a.csv"), ("s3://prod/raw/one", "raw/one"), ("s3://prod", "a.csv")],
)
def test_a_single_file_keeps_its_key(
    folder: Path, store: MemoryStore, tmp_path: Path, uri: str, key: str
) -> None:
    (tmp_path / "a.csv").write_bytes(b"1,2")
    write_folder(COMPILED, folder, store, [Seed(S3Uri.parse(uri), tmp_path / "a.csv", "--seed")])
    assert seeded(folder)[f"s3://prod/{key}"] == b"1,2"


def test_data_within_data_stays_apart(folder: Path, store: MemoryStore, tmp_path: Path) -> None:
    for name in ("all", "one"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.csv").write_text(name)
    seeds = [Seed(RAW, tmp_path / "all", ""), Seed(RAW.child("more"), tmp_path / "one", "")]
    write_folder(COMPILED, folder, store, seeds)
    assert seeded(folder).keys() == {str(CODE), "s3://prod/raw/all.csv", "s3://prod/raw/more/one.csv"}


def test_compiling_again_renews_data_and_objects_and_keeps_what_the_user_wrote(
    folder: Path, store: MemoryStore, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/old.csv").write_text("old")
    seed = Seed(S3Uri("prod", "more"), tmp_path / "here", "")
    write_folder(COMPILED, folder, store, [seed])
    text = (folder / "seeds.toml").read_text()
    (folder / "mine.csv").write_text("mine")
    (folder / "seeds.toml").write_text(
        text.replace('# path = "a folder or a file"', '# mine\npath = "mine.csv"')
    )
    (tmp_path / "here/old.csv").rename(tmp_path / "here/new.csv")
    store.write(CODE, b"print('newer')")

    assert write_folder(COMPILED, folder, store, [seed]) == []
    assert seeded(folder) == {
        str(CODE): b"print('newer')",
        "s3://prod/more/new.csv": b"old",
        "s3://prod/raw/mine.csv": b"mine",
    }
    assert "# mine" in (folder / "seeds.toml").read_text()


def test_a_folder_compiled_into_itself_loses_nothing(
    folder: Path, store: MemoryStore, tmp_path: Path
) -> None:
    (tmp_path / "here").mkdir()
    (tmp_path / "here/a.csv").write_text("a")
    write_folder(COMPILED, folder, store, [Seed(RAW, tmp_path / "here", "")])
    before = seeded(folder)
    again = load_pipeline(str(folder), address=None, settings=Settings())
    write_folder(again, folder, store, _seeds(folder))
    assert seeded(folder) == before


def test_a_compiled_folder_can_be_compiled_elsewhere(
    folder: Path, store: MemoryStore, tmp_path: Path
) -> None:
    write_folder(COMPILED, folder, store)
    again = load_pipeline(str(folder), address=None, settings=Settings())
    write_folder(again, tmp_path / "other", MemoryStore(), _seeds(folder))
    assert seeded(tmp_path / "other") == seeded(folder)


def test_somebody_elses_folder_is_left_alone(folder: Path, store: MemoryStore) -> None:
    folder.mkdir()
    (folder / "definition.json").write_text("precious")
    with pytest.raises(RefusedError, match="in use") as refused:
        write_folder(COMPILED, folder, store)
    assert refused.value.slug == "folder-in-use"
    assert [each.read_text() for each in folder.iterdir()] == ["precious"]


def test_data_is_not_copied_into_itself(folder: Path, store: MemoryStore, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a")
    with pytest.raises(RefusedError, match="lies inside the data"):
        write_folder(COMPILED, folder, store, [Seed(RAW, tmp_path, "")])


def test_an_upload_that_has_gone_is_an_error_and_a_folders_marker_is_none(
    folder: Path, store: MemoryStore
) -> None:
    store.contents["sagemaker-eu"]["Flow/code/"] = b""
    marker = CompiledPipeline(
        "Flow", definition(), "flow.py", uploads=(S3Uri("sagemaker-eu", "Flow/code/"), CODE)
    )
    write_folder(marker, folder, store)
    assert seeded(folder).keys() == {str(CODE)}
    with pytest.raises(MissingObjectError, match="not in the store any more"):
        write_folder(COMPILED, folder, MemoryStore())


def test_what_is_no_definition_leaves_no_folder(folder: Path, store: MemoryStore) -> None:
    with pytest.raises(DefinitionError):
        write_folder(CompiledPipeline("Flow", "{}", "flow.py"), folder, store)
    assert not folder.exists()


@pytest.mark.parametrize(
    "key", ["a//b", "../up", "/a", "a/", ".", "ü", "a\tb", "x" * 300, "~/a", "", "a/.hidden"]
)
def test_an_odd_key_lies_under_its_digest(key: str) -> None:
    assert place_of(S3Uri("bucket", key)).parts[:2] == ("bucket", "~")


KEYS = st.text(st.characters(codec="utf-8") | st.sampled_from("./~ab"), min_size=1, max_size=12)


@given(st.sets(KEYS, max_size=8))
def test_no_two_keys_share_a_path_or_leave_the_folder(keys: set[str]) -> None:
    uris = [S3Uri("bucket", key) for key in keys]
    places = [place_of(uri, uris) for uri in uris]
    assert len(set(places)) == len(uris)
    assert not any(one in other.parents for one in places for other in places)
    assert not any(".." in place.parts or place.is_absolute() for place in places)
