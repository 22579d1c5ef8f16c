"""What AWS and the way there can say, in our words: missing, denied, and all the rest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError

from seatrial.errors import EnvironmentUnfitError, MissingObjectError, RefusedError, StorageError

_MISSING = frozenset({"NoSuchKey", "NoSuchBucket", "404", "NotFound"})
_DENIED = frozenset(
    {"AccessDenied", "AccessDeniedException", "403", "Forbidden", "ExpiredToken", "ExpiredTokenException"}
    | {"UnrecognizedClientException", "InvalidClientTokenId", "InvalidAccessKeyId", "SignatureDoesNotMatch"}
)


@contextmanager
def s3_translated(where: str) -> Iterator[None]:
    """S3's refusals as the errors that every store of ours raises."""
    try:
        yield
    except ClientError as refusal:
        raise _of_s3(refusal, where) from refusal
    except BotoCoreError as lost:
        raise StorageError(
            f"S3 does not answer: {lost}",
            slug="store-lost",
            where=where,
            hint="check network and credentials",
        ) from lost
    except OSError as trouble:
        raise StorageError(
            f"cannot write a local file for {where}: {trouble}",
            slug="local-file",
            where=where,
            hint="check that the folder exists, has room, and belongs to you",
        ) from trouble


@contextmanager
def api_translated(operation: str, where: str) -> Iterator[None]:
    """SageMaker's refusals: what cannot be had now, and what is not there."""
    try:
        yield
    except ClientError as refusal:
        raise _of_api(refusal, operation, where) from refusal
    except BotoCoreError as lost:
        raise EnvironmentUnfitError(
            f"SageMaker does not answer {operation}: {lost}",
            slug="aws-lost",
            where=where,
            hint="check network, region and credentials (`aws sts get-caller-identity`)",
        ) from lost


def _of_s3(refusal: ClientError, where: str) -> StorageError:
    code, message = _told(refusal)
    if code in _MISSING:
        return MissingObjectError(
            f"not in S3: {where}", slug="missing-object", where=where, hint="check bucket and key"
        )
    if code in ("PreconditionFailed", "412"):
        return StorageError(
            f"replaced while it was read: {where}",
            slug="object-changed",
            where=where,
            hint="build the registry again",
        )
    return StorageError(
        f"S3 refused {where}: {code}: {message}",
        slug="store-access-denied" if code in _DENIED else "store-refused",
        where=where,
        hint="s3:GetObject and s3:ListBucket are needed there"
        if code in _DENIED
        else "try again; AWS's health page tells of trouble",
    )


def _of_api(refusal: ClientError, operation: str, where: str) -> EnvironmentUnfitError | RefusedError:
    code, message = _told(refusal)
    if code in ("ResourceNotFound", "ValidationException"):
        return RefusedError(
            f"{operation} knows no {where}: {message}",
            slug="unknown-execution",
            where=where,
            hint="pass the ARN of an execution, and a session of its account and region",
        )
    return EnvironmentUnfitError(
        f"{operation} was refused for {where}: {code}: {message}",
        slug="aws-access-denied" if code in _DENIED else "aws-refused",
        where=where,
        hint=f"sagemaker:{operation} is needed" if code in _DENIED else "try again in a while",
    )


def _told(refusal: ClientError) -> tuple[str, str]:
    error = refusal.response.get("Error", {})
    return str(error.get("Code", "Unknown")), str(error.get("Message", ""))
