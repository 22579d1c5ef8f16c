"""What every object store does, asked of the one in memory and of the real one alike."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.storage import Download, ObjectStore, S3Uri, StoredObject, Upload
from tests.adapters.memory_store import MemoryStore


@pytest.fixture(params=["memory", "minio"])
def object_store(request: pytest.FixtureRequest) -> ObjectStore:
    """Each store in turn."""
    return MemoryStore() if request.param == "memory" else request.getfixturevalue("store")


@pytest.fixture
def bucket() -> str:
    """A bucket that no other test knows."""
    return f"contract-{secrets.token_hex(6)}"


def md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()


def keys(store: ObjectStore, uri: S3Uri) -> list[str]:
    return [stored.key for stored in store.list_objects(uri)]


def test_writing_makes_the_bucket_and_answers_with_size_and_etag(
    object_store: ObjectStore, bucket: str
) -> None:
    stored = object_store.write(S3Uri(bucket, "a/b.txt"), b"hello")
    assert stored == StoredObject(bucket, "a/b.txt", 5, md5(b"hello"))
    assert bucket in object_store.buckets()
    assert object_store.read(S3Uri(bucket, "a/b.txt")) == b"hello"
    assert object_store.stat(S3Uri(bucket, "a/b.txt")) == stored


def test_an_object_is_replaced_as_a_whole(object_store: ObjectStore, bucket: str) -> None:
    object_store.write(S3Uri(bucket, "a"), b"the first and longer content")
    object_store.write(S3Uri(bucket, "a"), b"second")
    assert object_store.read(S3Uri(bucket, "a")) == b"second"


def test_the_same_content_written_again_is_another_writing(object_store: ObjectStore, bucket: str) -> None:
    stored = object_store.write(S3Uri(bucket, "a/one"), b"same")
    object_store.write(S3Uri(bucket, "b/other"), b"kept")
    first = list(object_store.writings(S3Uri(bucket)))
    time.sleep(0.005)  # the store tells milliseconds
    object_store.write(S3Uri(bucket, "a/one"), b"same")
    again = list(object_store.writings(S3Uri(bucket)))
    assert [writing.stored for writing in again] == [writing.stored for writing in first]
    assert again[0].stored == stored
    assert again[0] != first[0]
    assert again[1] == first[1]


@pytest.mark.parametrize(
    "key",
    [
        "folder/",
        "with space",
        " leading and trailing ",
        "tab\tkey",
        "line\nbreak",
        "plus+key",
        "per%20cent",
        "question?hash#and&",
        "date=2024-01-01/part",
        "ünïcode/ключ/😀",
        "decomposed-e\u0301",
        "back\\slash",
        "*",
    ],
)
def test_a_key_is_kept_to_the_letter(
    object_store: ObjectStore, bucket: str, key: str, tmp_path: Path
) -> None:
    uri = S3Uri(bucket, key)
    data = b"" if key.endswith("/") else key.encode()
    source = tmp_path / "source"
    source.write_bytes(data)
    [stored] = object_store.upload([Upload(source, uri)])
    assert stored == StoredObject(bucket, key, len(data), md5(data))
    assert list(object_store.list_objects(S3Uri(bucket))) == [stored]
    assert list(object_store.list_objects(uri)) == [stored]
    assert object_store.stat(uri) == stored
    object_store.download([Download(stored, tmp_path / "target")])
    assert (tmp_path / "target").read_bytes() == data
    object_store.delete([uri])
    assert keys(object_store, S3Uri(bucket)) == []


@pytest.mark.parametrize(
    "key", ["a//b", "/absolute", "", "a/./b", "a/../b", " ", pytest.param("long/" * 205, id="long")]
)
def test_a_key_that_cannot_be_kept_to_the_letter_is_refused(
    object_store: ObjectStore, bucket: str, key: str
) -> None:
    object_store.ensure_bucket(bucket)
    with pytest.raises(StorageError) as refusal:
        object_store.write(S3Uri(bucket, key), b"data")
    assert refusal.value.slug == "invalid-key"
    assert refusal.value.hint
    assert keys(object_store, S3Uri(bucket)) == []


def test_an_object_beneath_another_is_refused_before_anything_goes_up(
    object_store: ObjectStore, bucket: str, tmp_path: Path
) -> None:
    source = tmp_path / "file"
    source.write_bytes(b"x")
    with pytest.raises(StorageError) as refusal:
        object_store.upload([Upload(source, S3Uri(bucket, key)) for key in ("other", "f/child", "f")])
    assert refusal.value.slug == "key-conflict"
    assert keys(object_store, S3Uri(bucket)) == []


def test_listing_takes_the_prefix_as_text(object_store: ObjectStore, bucket: str) -> None:
    for key in ("train/a", "train/b", "train-data.csv", "tra", "other"):
        object_store.write(S3Uri(bucket, key), b"x")
    assert keys(object_store, S3Uri(bucket, "train")) == ["train-data.csv", "train/a", "train/b"]
    assert keys(object_store, S3Uri(bucket, "train/")) == ["train/a", "train/b"]
    assert keys(object_store, S3Uri(bucket, "/train")) == []
    assert keys(object_store, S3Uri(bucket, "nothing")) == []


def test_listing_goes_on_beyond_one_page(object_store: ObjectStore, bucket: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.touch()
    wanted = [f"many/{number:04}" for number in range(1100)]
    answers = object_store.upload([Upload(empty, S3Uri(bucket, key)) for key in reversed(wanted)])
    assert [stored.key for stored in answers] == wanted[::-1]
    assert keys(object_store, S3Uri(bucket, "many/")) == wanted
    object_store.delete([S3Uri(bucket, key) for key in wanted])
    assert keys(object_store, S3Uri(bucket)) == []


SEGMENT = st.text("ab-.~ é", min_size=1, max_size=3).filter(lambda text: set(text) - set(". "))


@hypothesis_settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(names=st.sets(st.lists(SEGMENT, min_size=1, max_size=3).map("/".join), min_size=2, max_size=6))
def test_listing_is_in_the_order_of_the_keys_bytes(object_store: ObjectStore, names: set[str]) -> None:
    wanted = {name for name in names if not any(other.startswith(f"{name}/") for other in names)}
    bucket = f"order-{secrets.token_hex(6)}"
    for name in wanted:
        object_store.write(S3Uri(bucket, name), b"x")
    assert keys(object_store, S3Uri(bucket)) == sorted(wanted, key=str.encode)


def test_an_absent_bucket_holds_nothing(object_store: ObjectStore, bucket: str) -> None:
    assert keys(object_store, S3Uri(bucket, "a")) == []
    assert object_store.stat(S3Uri(bucket, "a")) is None
    assert bucket not in object_store.buckets()
    object_store.delete([S3Uri(bucket, "a")])


def test_a_missing_object_has_no_state_and_cannot_be_read(object_store: ObjectStore, bucket: str) -> None:
    object_store.write(S3Uri(bucket, "folder/file"), b"x")
    for key in ("folder", "folder/", "folder/fil", "/folder/file", "FOLDER/file"):
        assert object_store.stat(S3Uri(bucket, key)) is None
        with pytest.raises(MissingObjectError) as missing:
            object_store.read(S3Uri(bucket, key))
        assert missing.value.where == f"s3://{bucket}/{key}"
        assert missing.value.hint


def test_a_missing_object_cannot_be_downloaded_and_leaves_no_file(
    object_store: ObjectStore, bucket: str, tmp_path: Path
) -> None:
    here = object_store.write(S3Uri(bucket, "here"), b"x")
    absent = StoredObject(bucket, "absent", 1, md5(b"x"))
    with pytest.raises(MissingObjectError):
        object_store.download([Download(here, tmp_path / "here"), Download(absent, tmp_path / "absent")])
    assert not (tmp_path / "absent").exists()
    assert {path.name for path in tmp_path.iterdir()} <= {"here"}


def test_an_object_replaced_since_it_was_listed_is_not_taken_for_the_listed_one(
    object_store: ObjectStore, bucket: str, tmp_path: Path
) -> None:
    target = tmp_path / "target"
    listed = StoredObject(bucket, "a", 5, md5(b"first"))
    object_store.write(S3Uri(bucket, "a"), b"other")
    with pytest.raises(StorageError) as changed:
        object_store.download([Download(listed, target)])
    assert changed.value.slug == "object-changed"
    assert not target.exists()


def test_downloading_replaces_what_was_there_and_makes_folders(
    object_store: ObjectStore, bucket: str, tmp_path: Path
) -> None:
    stored = object_store.write(S3Uri(bucket, "a"), b"new")
    (tmp_path / "old").write_bytes(b"old and longer")
    object_store.download([Download(stored, tmp_path / "old"), Download(stored, tmp_path / "x" / "y" / "z")])
    assert (tmp_path / "old").read_bytes() == (tmp_path / "x" / "y" / "z").read_bytes() == b"new"


def test_writing_to_a_download_changes_no_later_download(
    object_store: ObjectStore, bucket: str, tmp_path: Path
) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"pristine")
    [stored] = object_store.upload([Upload(source, S3Uri(bucket, "a"))])
    for number in range(3):
        target = tmp_path / f"copy-{number}"
        object_store.download([Download(stored, target)])
        assert target.read_bytes() == b"pristine"
        with target.open("r+b") as writing:
            writing.write(b"SPOILED!")
    assert source.read_bytes() == b"pristine"


def test_a_folder_a_missing_file_and_a_pipe_are_no_uploads(
    object_store: ObjectStore, bucket: str, tmp_path: Path
) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for source in (tmp_path, tmp_path / "missing", pipe):
        with pytest.raises(StorageError) as refusal:
            object_store.upload([Upload(source, S3Uri(bucket, "a"))])
        assert refusal.value.slug == "local-file"
    assert keys(object_store, S3Uri(bucket)) == []


def test_moving_nothing_is_no_error(object_store: ObjectStore) -> None:
    object_store.download([])
    assert object_store.upload([]) == []
    object_store.delete([])


@pytest.mark.parametrize("name", ["UPPER", "x", "no_underscores", "a" * 64])
def test_a_name_that_no_bucket_can_have_is_refused(object_store: ObjectStore, name: str) -> None:
    with pytest.raises(StorageError) as refusal:
        object_store.ensure_bucket(name)
    assert refusal.value.slug == "invalid-bucket"
    assert keys(object_store, S3Uri(name, "in/")) == []


def test_a_bucket_is_made_once(object_store: ObjectStore, bucket: str) -> None:
    object_store.ensure_bucket(bucket)
    object_store.ensure_bucket(bucket)
    assert object_store.buckets().count(bucket) == 1
    assert object_store.buckets() == sorted(object_store.buckets())


def test_credentials_for_a_job_are_not_the_stores_own(object_store: ObjectStore) -> None:
    first = object_store.job_credentials(timedelta(hours=1))
    assert first.access_key
    assert first.session_token
    assert first.secret_key not in repr(first)
