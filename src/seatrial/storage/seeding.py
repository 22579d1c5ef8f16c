"""Brings local data into a store, if it is not there yet; knows `ObjectStore` alone."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from seatrial.errors import RefusedError
from seatrial.ports.storage import ObjectStore, S3Uri, StoredObject, Upload
from seatrial.storage.etags import etag_of_file
from seatrial.storage.job_credentials import STATE_BUCKET
from seatrial.storage.seeds import Seed
from seatrial.storage.sowing import files_of, uploads_of


def apply_seeds(store: ObjectStore, seeds: Sequence[Seed]) -> list[StoredObject]:
    """Upload what the store does not hold with this very content; every object the seeds stand for.

    What an earlier sowing of the same seed brought, and is no longer in its folder, is removed: a
    renamed file must not be read twice. Objects that others wrote there stay.
    """
    sowings = [(seed, list(uploads_of(seed))) for seed in seeds]
    uploads = [upload for _, own in sowings for upload in own]
    _refuse_doubles(uploads)
    held = {stored.uri: stored for seed in seeds for stored in store.list_objects(seed.uri)}
    held.update((stored.uri, stored) for stored in _send_missing(store, uploads, held))
    wanted = {str(upload.target) for upload in uploads}
    for seed, own in sowings:
        _forget_earlier(store, seed, {str(upload.target) for upload in own}, held, wanted)
    return [held[str(upload.target)] for upload in uploads]


def _send_missing(
    store: ObjectStore, uploads: Sequence[Upload], held: Mapping[str, StoredObject]
) -> Sequence[StoredObject]:
    missing = [upload for upload in uploads if not _same(upload, held.get(str(upload.target)))]
    return store.upload(missing) if missing else ()


def _forget_earlier(
    store: ObjectStore, seed: Seed, own: set[str], held: Mapping[str, StoredObject], wanted: set[str]
) -> None:
    """Remove what this seed's last sowing left unchanged and no seed wants now; list its own for the next.

    Only its own: what merely begins with the same text is a neighbour's, and not ours to remove.
    """
    sown = S3Uri(STATE_BUCKET, f"seeds/{hashlib.sha256(str(seed.uri).encode()).hexdigest()[:32]}.json")
    earlier: dict[str, str] = json.loads(store.read(sown)) if store.stat(sown) else {}
    gone = [uri for uri, etag in earlier.items() if uri not in wanted and _has(held, uri, etag)]
    store.delete([S3Uri.parse(uri) for uri in gone])
    now = {uri: held[uri].etag for uri in own}
    if now != earlier:
        store.write(sown, json.dumps(now).encode())


def _has(held: Mapping[str, StoredObject], uri: str, etag: str) -> bool:
    return uri in held and held[uri].etag == etag


def adopt_file_uri(store: ObjectStore, uri: str, *, bucket: str = "seatrial") -> S3Uri:
    """Bring what a `file:///path` names into the store; where it is then.

    The key holds a digest of names and contents: unchanged data is found again without an upload,
    and changed data never replaces what an earlier execution read.
    """
    path = _local_path(uri)
    files = dict(files_of(path))
    digest = hashlib.sha256()
    for relative, file in files.items():
        digest.update(f"{relative}\0{file.stat().st_size}\0{etag_of_file(file)}\0".encode())
    target = S3Uri(bucket, f"files/{digest.hexdigest()[:16]}").child(path.name)
    # The key never holds anything else, so there is nothing of an earlier sowing to be forgotten.
    held = {stored.uri: stored for stored in store.list_objects(target)}
    _send_missing(store, list(uploads_of(Seed(target, path, uri))), held)
    return target


def _same(upload: Upload, stored: StoredObject | None) -> bool:
    if stored is None or stored.size != upload.source.stat().st_size:
        return False
    return stored.etag == etag_of_file(upload.source)


def _refuse_doubles(uploads: Sequence[Upload]) -> None:
    doubles = [target for target, count in Counter(upload.target for upload in uploads).items() if count > 1]
    if doubles:
        sources = ", ".join(str(upload.source) for upload in uploads if upload.target == doubles[0])
        raise RefusedError(
            f"several seeds give {doubles[0]}: {sources}",
            slug="seeds-overlap",
            where=str(doubles[0]),
            hint="leave one of them: each object has one source",
        )


def _local_path(uri: str) -> Path:
    parts = urlsplit(uri)
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not path.is_absolute():
        raise RefusedError(
            f"not a local file: {uri}",
            slug="invalid-file-uri",
            where=uri,
            hint="write the whole path, with three slashes: file:///home/me/data",
        )
    if not path.exists():
        raise RefusedError(
            f"there is no {path}", slug="missing-file", where=uri, hint="correct the path, or make the data"
        )
    return path
