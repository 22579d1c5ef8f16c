"""Which inputs a seed brings data for: those whose readers find an object of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.errors import RefusedError
from seatrial.ports.storage import S3Uri
from seatrial.storage import Seed, apply_seeds, covers
from tests.adapters.memory_store import MemoryStore


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a file, and a file in a folder."""
    data = tmp_path_factory.mktemp("data")
    (data / "a.csv").write_text("a")
    (data / "deep").mkdir()
    (data / "deep" / "b.csv").write_text("b")
    return data


def seed(uri: str, path: Path) -> Seed:
    return Seed(S3Uri.parse(uri), path, "test")


@pytest.mark.parametrize("uri", ["s3://prod/raw", "s3://prod/raw/"])
@pytest.mark.parametrize(
    ("wanted", "brought"),
    [
        ("s3://prod/raw/", True),
        ("s3://prod/raw", True),
        ("s3://prod/ra", True),
        ("s3://prod/raw/deep/", True),
        ("s3://prod/raw/a.csv", True),
        ("s3://prod/raw/missing.csv", False),
        ("s3://prod/raw/missing/", False),
        ("s3://prod/raw-too/", False),
        ("s3://prod/raw-too", False),
        ("s3://prods/raw/", False),
        ("s3://prod/raw//", False),
    ],
)
def test_a_folder_brings_what_lies_in_it(folder: Path, uri: str, wanted: str, brought: bool) -> None:
    assert covers(seed(uri, folder), wanted) is brought


@pytest.mark.parametrize(
    ("uri", "wanted", "brought"),
    [
        ("s3://prod/raw/", "s3://prod/raw/", True),
        ("s3://prod/raw/", "s3://prod/raw/a.csv", True),
        ("s3://prod/raw/", "s3://prod/raw/b.csv", False),
        ("s3://prod/raw/x", "s3://prod/raw/", True),
        ("s3://prod/raw/x", "s3://prod/raw/x", True),
        ("s3://prod/raw/x", "s3://prod/raw/x/", False),
        ("s3://prod/raw/x", "s3://prod/raw/a.csv", False),
        ("s3://prod", "s3://prod/a.csv", True),
        ("s3://prod", "s3://prod/raw/", False),
    ],
)
def test_a_file_brings_one_object(folder: Path, uri: str, wanted: str, brought: bool) -> None:
    assert covers(seed(uri, folder / "a.csv"), wanted) is brought


places = st.builds("s3://buc{}".format, st.text("/ad", max_size=4).map(lambda key: f"/{key}"))


@given(places, places, st.sampled_from(["", "a.csv", "deep"]))
def test_an_input_is_covered_exactly_when_a_sown_store_lists_something(
    folder: Path, uri: str, wanted: str, path: str
) -> None:
    store = MemoryStore()
    planted = seed(re.sub(r"(?<!:)//+", "/", uri), folder / path)
    apply_seeds(store, [planted])

    assert covers(planted, wanted) is any(True for _ in store.list_objects(S3Uri.parse(wanted)))


def test_an_empty_folder_is_refused_and_not_taken_for_data(tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="no file in"):
        covers(seed("s3://prod/raw/", tmp_path), "s3://prod/raw/")
