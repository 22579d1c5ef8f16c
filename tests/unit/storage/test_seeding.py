"""Local data on its way into a store."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from seatrial.errors import RefusedError
from seatrial.ports.storage import S3Uri
from seatrial.storage import Seed, adopt_file_uri, apply_seeds
from seatrial.storage.etags import PART_SIZE
from tests.adapters.memory_store import MemoryStore


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with files, one of them large enough for several parts, and one behind a link."""
    data = tmp_path / "data"
    (data / "sub").mkdir(parents=True)
    (data / "a.csv").write_text("a")
    (data / "sub" / "b.csv").write_text("b")
    (data / "large.bin").write_bytes(os.urandom(PART_SIZE + 1))
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "c.csv").write_text("c")
    (data / "linked").symlink_to(tmp_path / "elsewhere")
    (data / "sub" / "circle").symlink_to(data)
    return data


def seed(uri: str, path: Path) -> Seed:
    return Seed(S3Uri.parse(uri), path, "test")


@pytest.mark.parametrize("uri", ["s3://bucket/prefix", "s3://bucket/prefix/"])
def test_a_folder_becomes_the_objects_beneath_the_prefix(folder: Path, uri: str) -> None:
    store = MemoryStore()
    objects = apply_seeds(store, [seed(uri, folder)])
    names = ["a.csv", "large.bin", "linked/c.csv", "sub/b.csv"]
    assert [stored.key for stored in objects] == [f"prefix/{name}" for name in names]
    assert store.read(S3Uri("bucket", "prefix/sub/b.csv")) == b"b"


@pytest.mark.parametrize(
    ("uri", "key"),
    [
        ("s3://bucket/x", "x"),
        ("s3://bucket/x/", "x/a.csv"),
        ("s3://bucket", "a.csv"),
        ("s3://bucket/", "a.csv"),
    ],
)
def test_a_file_becomes_the_object_or_lies_beneath_the_folder(folder: Path, uri: str, key: str) -> None:
    [stored] = apply_seeds(MemoryStore(), [seed(uri, folder / "a.csv")])
    assert stored.key == key


def test_what_the_store_holds_already_is_not_sent_again(folder: Path) -> None:
    store = MemoryStore()
    first = apply_seeds(store, [seed("s3://bucket/p", folder)])
    assert apply_seeds(store, [seed("s3://bucket/p", folder)]) == first
    assert len(store.uploads) == 1
    (folder / "a.csv").write_text("A")
    changed = apply_seeds(store, [seed("s3://bucket/p", folder)])
    assert [upload.target.key for upload in store.uploads[1]] == ["p/a.csv"]
    assert changed[0].etag != first[0].etag
    assert changed[1:] == first[1:]


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RefusedError) as refusal:
        apply_seeds(MemoryStore(), [seed("s3://bucket/p", tmp_path)])
    assert refusal.value.slug == "empty-seed"


def test_two_seeds_for_one_object_are_refused(folder: Path) -> None:
    store = MemoryStore()
    with pytest.raises(RefusedError) as refusal:
        apply_seeds(store, [seed("s3://b-1/p", folder), seed("s3://b-1/p/a.csv", folder / "sub" / "b.csv")])
    assert refusal.value.slug == "seeds-overlap"
    assert store.uploads == []


def test_a_file_uri_is_found_again_by_its_content(folder: Path) -> None:
    store = MemoryStore()
    file = folder / "a file+ä.csv"
    file.write_text("x")
    first = adopt_file_uri(store, file.as_uri())
    assert (first.bucket, first.key.split("/")[0], first.key.split("/")[2]) == (
        "seatrial",
        "files",
        file.name,
    )
    assert store.read(first) == b"x"
    assert adopt_file_uri(store, file.as_uri()) == first
    assert len(store.uploads) == 1
    file.write_text("y")
    second = adopt_file_uri(store, file.as_uri())
    assert second != first
    assert store.read(first) == b"x"


def test_a_folder_uri_becomes_a_prefix(folder: Path) -> None:
    store = MemoryStore()
    uri = adopt_file_uri(store, folder.as_uri(), bucket="other")
    assert uri.bucket == "other"
    assert store.read(uri.child("sub/b.csv")) == b"b"


def test_of_a_file_uri_no_list_is_kept_because_its_key_never_holds_anything_else(folder: Path) -> None:
    store = MemoryStore()
    adopt_file_uri(store, folder.as_uri(), bucket="other")
    assert store.buckets() == ["other"]


@pytest.mark.parametrize(
    ("uri", "slug"),
    [
        ("file://relative/path", "invalid-file-uri"),
        ("file:relative", "invalid-file-uri"),
        ("s3://bucket/key", "invalid-file-uri"),
        ("file:///does/not/exist", "missing-file"),
    ],
)
def test_a_uri_that_names_no_local_file_is_refused(uri: str, slug: str) -> None:
    with pytest.raises(RefusedError) as refusal:
        adopt_file_uri(MemoryStore(), uri)
    assert refusal.value.slug == slug
    assert refusal.value.hint


def test_a_neighbour_whose_name_begins_alike_is_not_taken_for_the_seeds_own(tmp_path: Path) -> None:
    store = MemoryStore()
    for name in ("raw", "raw-old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file.csv").write_text(name)
    raw, old = (Seed(S3Uri("bucket", name), tmp_path / name, "test") for name in ("raw", "raw-old"))
    apply_seeds(store, [raw, old])

    apply_seeds(store, [raw])

    assert store.stat(S3Uri("bucket", "raw-old/file.csv")) is not None


def test_a_file_that_left_the_folder_leaves_the_store_and_what_others_wrote_stays(tmp_path: Path) -> None:
    store = MemoryStore()
    (tmp_path / "old.csv").write_text("1")
    seed = Seed(S3Uri("bucket", "raw/"), tmp_path, "test")
    apply_seeds(store, [seed])
    store.write(S3Uri("bucket", "raw/theirs.csv"), b"2")

    (tmp_path / "old.csv").rename(tmp_path / "new.csv")
    apply_seeds(store, [seed])

    assert [found.key for found in store.list_objects(S3Uri("bucket", "raw/"))] == [
        "raw/new.csv",
        "raw/theirs.csv",
    ]
