"""What may become an object, under which key (none is changed in silence); knows no client."""

from __future__ import annotations

import stat
from collections.abc import Iterable
from pathlib import Path

from seatrial.errors import StorageError
from seatrial.ports.storage import BUCKET_NAMES, S3Uri, is_bucket_name

LONGEST_KEY = 1024  # of S3


def check_bucket(name: str) -> None:
    """Refuse a name that no new bucket can have."""
    if not is_bucket_name(name):
        raise StorageError(
            f"not a bucket name: {name!r}",
            slug="invalid-bucket",
            where=f"s3://{name}/",
            hint=BUCKET_NAMES,
        )


def check_key(uri: S3Uri) -> None:
    """Refuse a key that MinIO would store under another name, and one that S3 has no room for."""
    if not uri.key.strip():
        raise StorageError(
            f"an object needs a key: {uri}",
            slug="invalid-key",
            where=str(uri),
            hint="name the object behind the bucket: s3://bucket/key",
        )
    if uri.key.startswith("/"):
        raise StorageError(
            f"the key begins with a slash: {uri}",
            slug="invalid-key",
            where=str(uri),
            hint="two slashes behind the bucket are mostly a prefix that was joined twice: remove one",
        )
    if {"", ".", ".."} & set(uri.key.removesuffix("/").split("/")):
        raise StorageError(
            f"a key has no part that is empty, a dot or two: {uri}",
            slug="invalid-key",
            where=str(uri),
            hint="name the folders themselves, each once: the local store takes no such key",
        )
    if len(uri.key.encode("utf-8", "surrogateescape")) > LONGEST_KEY:
        raise StorageError(
            f"a key has at most {LONGEST_KEY} bytes: {uri}",
            slug="invalid-key",
            where=str(uri),
            hint="use shorter names, or fewer folders inside each other",
        )


def check_keys(uris: Iterable[S3Uri]) -> None:
    """Refuse what `check_key` does, and a key that lies beneath another object's key.

    MinIO takes both `f` and `f/child`, and then leaves `f/child` out of every listing.
    """
    wanted = list(uris)
    names = {(uri.bucket, uri.key) for uri in wanted}
    for uri in wanted:
        check_key(uri)
        above = uri.key.rstrip("/").split("/")[:-1]
        for depth in range(1, len(above) + 1):
            parent = "/".join(above[:depth])
            if (uri.bucket, parent) in names:
                raise StorageError(
                    f"{uri} would lie beneath the object s3://{uri.bucket}/{parent} and be hidden by it",
                    slug="key-conflict",
                    where=str(uri),
                    hint="rename one of the two: a name cannot be both a file and a folder",
                )


def size_of_plain_file(path: Path) -> int:
    """The file's size; a pipe, socket, device or folder is refused before anything opens it."""
    found = path.stat()
    if not stat.S_ISREG(found.st_mode):
        raise StorageError(
            f"not a plain file: {path}",
            slug="local-file",
            where=str(path),
            hint="only plain files become objects: remove the pipe, socket or device",
        )
    return found.st_size
