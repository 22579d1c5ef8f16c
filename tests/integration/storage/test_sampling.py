"""A sample of real S3, played by another bucket of MinIO."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.errors import MissingObjectError, StorageError
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.storage import MinioStore, sample

NAMES = ("a.csv", "sub/b.csv", "sub/c.csv")


@pytest.fixture
def source(store: MinioStore, store_address: StoreAddress, monkeypatch: pytest.MonkeyPatch) -> S3Uri:
    """A prefix with three objects of ten bytes and a folder's marker, at what the environment says is AWS."""
    for name in NAMES:
        store.write(S3Uri("prod-data", f"raw/{name}"), name.encode().ljust(10))
    store.write(S3Uri("prod-data", "raw/empty/"), b"")
    store.write(S3Uri("prod-data", "rawest"), b"not beneath raw/")
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", store_address.endpoint_url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", store_address.credentials.access_key)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", store_address.credentials.secret_key)
    return S3Uri("prod-data", "raw/")


def test_everything_within_the_limits_is_taken(source: S3Uri, tmp_path: Path) -> None:
    taken = sample(source, tmp_path / "data")
    assert [file.relative_to(tmp_path / "data").as_posix() for file in taken.files] == list(NAMES)
    assert [file.read_bytes() for file in taken.files] == [name.encode().ljust(10) for name in NAMES]
    assert [stored.key for stored in taken.objects] == [f"raw/{name}" for name in NAMES]
    assert not taken.more


@pytest.mark.parametrize(
    ("max_objects", "max_bytes", "count"), [(2, 1000, 2), (10, 25, 2), (10, 20, 2), (1, 1000, 1)]
)
def test_both_limits_hold_and_it_is_said_that_there_is_more(
    source: S3Uri, tmp_path: Path, max_objects: int, max_bytes: int, count: int
) -> None:
    taken = sample(source, tmp_path, max_objects=max_objects, max_bytes=max_bytes)
    assert len(taken.files) == count
    assert taken.more


def test_one_object_becomes_one_file(source: S3Uri, tmp_path: Path) -> None:
    taken = sample(source.child("sub/b.csv"), tmp_path)
    assert [file.name for file in taken.files] == ["b.csv"]
    assert not taken.more


def test_a_first_object_beyond_the_limit_is_said(source: S3Uri, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as refusal:
        sample(source, tmp_path, max_bytes=5)
    assert refusal.value.slug == "sample-too-large"


@pytest.mark.parametrize("uri", ["s3://prod-data/nothing/", "s3://no-such-bucket/raw/"])
def test_nothing_there_is_said(source: S3Uri, tmp_path: Path, uri: str) -> None:
    with pytest.raises(MissingObjectError) as missing:
        sample(S3Uri.parse(uri), tmp_path)
    assert missing.value.hint


def test_without_credentials_it_says_which_to_set(
    source: S3Uri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    with pytest.raises(StorageError) as refusal:
        sample(source, tmp_path)
    assert "AWS_ACCESS_KEY_ID" in str(refusal.value.hint)


def test_wrong_credentials_are_said(source: S3Uri, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wrong")
    with pytest.raises(StorageError) as refusal:
        sample(source, tmp_path)
    assert refusal.value.slug == "store-access-denied"
