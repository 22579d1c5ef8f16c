"""What the S3 client, the network and the disk can say, in our words; knows nothing of transfers."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

from minio.error import InvalidResponseError, S3Error, ServerError
from urllib3.exceptions import HTTPError

from seatrial.errors import MissingObjectError, StorageError
from seatrial.storage.wire import WireRefusalError

NOT_THERE = frozenset({"NoSuchKey", "NoSuchBucket", "NoSuchVersion", "ResourceNotFound", "NotFound"})

_ELSEWHERE = (
    "PermanentRedirect",
    "TemporaryRedirect",
    "Redirect",
    "HTTP 301",
    "HTTP 302",
    "HTTP 307",
    "HTTP 308",
)
_CLOCKS_APART = timedelta(minutes=15)  # what S3 allows
# What S3 says of a presigned URL outside its time is an AccessDenied like any other but for these words.
_OUT_OF_TIME = ("expired", "not valid yet")

_HINTS = {
    "AccessDenied": "set `store.access_key` and `store.secret_key` to keys that may do this",
    "InvalidAccessKeyId": "check `store.access_key`: the endpoint does not know this key",
    "SignatureDoesNotMatch": "check `store.secret_key`: it does not belong to the access key",
    "ExpiredToken": "these were temporary credentials; run again to get fresh ones",
    "PreconditionFailed": "the object was replaced while it was read; run again",
    "XMinioInvalidObjectName": "MinIO holds no key with `//` or with a part of over 255 bytes: rename it",
    "XMinioStorageFull": "free space where Docker keeps its volumes (`docker system df` shows what uses it)",
    "XMinioParentIsObject": "a key cannot lie beneath another object's key in MinIO: rename one of them",
    "RequestTimeTooSkewed": "the clock here and the store's differ by too much: set both right (`date -u`)",
} | dict.fromkeys(
    _ELSEWHERE, "`store.endpoint_url` or `region` is not where this bucket is: name the one that it is in"
)

_SLUGS = {
    "AccessDenied": "store-access-denied",
    "InvalidAccessKeyId": "store-access-denied",
    "SignatureDoesNotMatch": "store-access-denied",
    "ExpiredToken": "store-access-denied",
    "PreconditionFailed": "object-changed",
    "XMinioInvalidObjectName": "invalid-key",
    "XMinioStorageFull": "store-full",
    "XMinioParentIsObject": "key-conflict",
    "RequestTimeTooSkewed": "store-clock",
} | dict.fromkeys(_ELSEWHERE, "store-elsewhere")


@contextmanager
def translated(endpoint: str, where: str) -> Iterator[None]:
    """Turn every failure of the client, the network or the local disk into a `StorageError` about `where`."""
    try:
        yield
    except S3Error as refusal:
        raise refused(*_told(refusal), where) from refusal
    except WireRefusalError as refusal:
        raise refused(refusal.code, refusal.message, where) from refusal
    except (InvalidResponseError, ServerError) as answer:
        raise broken(endpoint, where, str(answer)) from answer
    except (HTTPError, ConnectionError, TimeoutError) as loss:
        raise lost(endpoint, where, loss) from loss
    except ValueError as invalid:
        raise StorageError(
            f"not a name that the store can hold: {where} ({invalid})",
            slug="invalid-key",
            where=where,
            hint="bucket names are 3-63 of a-z, 0-9, `.` and `-`; keys have no `.` or `..` between slashes",
        ) from invalid
    except OSError as trouble:
        raise local_trouble(trouble, where) from trouble


def refused(code: str | None, message: str | None, where: str) -> StorageError:
    """The store's own refusal, by S3's error code."""
    code = code or "Unknown"
    if code in NOT_THERE:
        return MissingObjectError(
            f"not in the store: {where}",
            slug="missing-object",
            where=where,
            hint="upload it, or give local data for it: `seatrial seed` writes a seeds.toml to fill in",
        )
    kind = "RequestTimeTooSkewed" if code == "AccessDenied" and _is_out_of_time(message or "") else code
    return StorageError(
        f"the object store refused {where}: {code}: {message}",
        slug=_SLUGS.get(kind, "store-refused"),
        where=where,
        hint=_HINTS.get(kind, "`seatrial doctor` shows the state of the store"),
    )


def _told(refusal: S3Error) -> tuple[str | None, str | None]:
    """Code and message; a refused HEAD has no body to tell them, and the client calls each an AccessDenied.

    Whether it was the clocks is then told by the store's own, in `Date`.
    """
    date = refusal.response.headers.get("Date")
    with suppress(TypeError, ValueError):
        apart = abs(parsedate_to_datetime(date or "") - datetime.now(timezone.utc))
        if refusal.code == "AccessDenied" and apart > _CLOCKS_APART:
            return "RequestTimeTooSkewed", f"it is {date} at the store"
    return refusal.code, refusal.message


def _is_out_of_time(message: str) -> bool:
    return any(words in message.lower() for words in _OUT_OF_TIME)


def broken(endpoint: str, where: str, answer: str) -> StorageError:
    """Something answers there, but not as S3 does."""
    return StorageError(
        f"{endpoint} did not answer as an S3 store: {answer}",
        slug="store-broken",
        where=where,
        hint="check that `store.endpoint_url` names an S3 API (for MinIO its port 9000, not the console)",
    )


def lost(endpoint: str, where: str, loss: Exception) -> StorageError:
    """The store does not answer (any more)."""
    return StorageError(
        f"the object store at {endpoint} does not answer: {root_cause(loss)}",
        slug="store-lost",
        where=where,
        hint="`docker ps -a --filter label=seatrial.store` shows if it runs; the next run starts it again",
    )


def root_cause(failure: BaseException) -> str:
    """The few words at the bottom of what an HTTP library wraps again and again: `Connection refused`."""
    for inner in (getattr(failure, "reason", None), *reversed(failure.args)):
        if isinstance(inner, BaseException):
            return root_cause(inner)
    return str(failure).rpartition("] ")[2].rpartition(": ")[2] or type(failure).__name__


def local_trouble(trouble: OSError, where: str) -> StorageError:
    """A local file that could not be read or written."""
    full = trouble.errno in (errno.ENOSPC, errno.EDQUOT)
    return StorageError(
        f"cannot read or write a local file for {where}: {trouble}",
        slug="disk-full" if full else "local-file",
        where=where,
        hint="free some space; `cache_dir` and `store.cache_limit` say where downloads are kept and how many"
        if full
        else "check that the path exists, is a plain file, and belongs to you",
    )
