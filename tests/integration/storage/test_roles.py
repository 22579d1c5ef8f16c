"""A role in a real MinIO: what it may do, as our own reading of its policy says; nothing is left of it."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from minio import Minio
from minio.commonconfig import Tags
from minio.error import S3Error

from seatrial.dataflow.permissions import Question, Role, read_role
from seatrial.dataflow.permissions.actions import KNOWN_ACTIONS
from seatrial.errors import AccessDeniedError, RefusedError, StorageError
from seatrial.ports.storage import Download, RoleBoundStore, S3Uri, StoreAddress, Upload, unbound
from seatrial.storage import (
    DOCUMENT_LIMIT,
    STATE_BUCKET,
    MinioStore,
    RoleKeys,
    RoleStore,
    check_documents,
    make_role,
    remove_role,
    roles_in,
)
from seatrial.storage.client import http_pool, s3_client
from seatrial.storage.roles import ROLE_USER
from tests.unit.dataflow.permissions.policies import CALLER, allow, deny, policy

BUCKET, OTHER = "role-data", "role-data-other"
NAME = "execution001"


@pytest.fixture(scope="module", autouse=True)
def _data(store: MinioStore) -> None:
    for bucket in (BUCKET, OTHER):
        for key in ("in/a.csv", "in/b.csv", "home/me/x"):
            store.write(S3Uri(bucket, key), b"1,2\n")


def role(*statements: Any) -> Role:
    return read_role((policy(*statements),), CALLER)


@contextmanager
def keys_of(address: StoreAddress, *statements: Any) -> Iterator[RoleKeys]:
    try:
        yield make_role(address, NAME, role(*statements).documents(DOCUMENT_LIMIT))
    finally:
        remove_role(address, NAME)


@contextmanager
def acting(store: MinioStore, address: StoreAddress, folder: Path, *statements: Any) -> Iterator[RoleStore]:
    with keys_of(address, *statements) as keys:
        yield RoleStore(store, address, keys, folder / "scratch")


_OBJECTS, _BUCKET = f"arn:aws:s3:::{BUCKET}/*", f"arn:aws:s3:::{BUCKET}"
_POLICIES: dict[str, list[dict[str, Any]]] = {
    "nothing": [],
    "everything": [allow("*")],
    "objects alone": [allow("s3:*", _OBJECTS)],
    "the bucket alone": [allow("s3:*", _BUCKET)],
    "buckets of a name": [allow("s3:*", ["arn:aws:s3:::*-data", "arn:aws:s3:::*-data/in/*"])],
    "a deny of some": [allow("s3:*"), deny("s3:*", "arn:aws:s3:::*/in/a*"), deny("s3:PutObject", _OBJECTS)],
    "all but one bucket": [{"Effect": "Allow", "Action": "s3:*", "NotResource": [_BUCKET, _OBJECTS]}],
    "all but deleting": [{"Effect": "Allow", "NotAction": ["s3:Delete*", "iam:*"], "Resource": "*"}],
    "a prefix": [
        allow("s3:ListBucket", Condition={"StringLike": {"s3:prefix": ["home/me/*", "home/me"]}}),
        deny("s3:*", Condition={"Bool": {"aws:SecureTransport": "false"}}),
    ],
    "no prefix but one": [
        allow("s3:*"),
        deny("s3:*", Condition={"StringNotLike": {"s3:prefix": "home/*"}}),
        deny("s3:ListBucket", _OBJECTS),
    ],
}


def _calls(client: Minio) -> Iterator[tuple[Question, Callable[[], object]]]:
    """Calls that the store answers with yes or no, and what each asks of the role."""
    for bucket in (BUCKET, OTHER):
        for key in ("in/a.csv", "home/me/x"):
            yield Question("s3:GetObject", bucket, key), partial(client.stat_object, bucket, key)
        for prefix in ("in/", "home/me/"):
            question = Question("s3:ListBucket", bucket, context={"s3:prefix": prefix})
            yield question, partial(_list, client, bucket, prefix)
        yield Question("s3:PutObject", bucket, "out/x"), partial(_put, client, bucket)
        yield Question("s3:DeleteObject", bucket, "out/y"), partial(client.remove_object, bucket, "out/y")


def _list(client: Minio, bucket: str, prefix: str) -> None:
    list(client.list_objects(bucket, prefix, recursive=True))


def _put(client: Minio, bucket: str) -> None:
    client.put_object(bucket, "out/x", io.BytesIO(b"1"), 1)


def _may(call: Callable[[], object]) -> bool:
    try:
        call()
    except S3Error as refusal:
        if refusal.code != "AccessDenied":
            raise
        return False
    return True


@pytest.mark.parametrize("statements", _POLICIES.values(), ids=_POLICIES)
def test_the_store_answers_as_our_own_reading_of_the_policy(
    statements: list[dict[str, Any]], store_address: StoreAddress
) -> None:
    read = role(*statements)
    with keys_of(store_address, *statements) as keys:
        client = s3_client(store_address.endpoint_url, keys.staging, store_address.region, http_pool())
        answers = [(question, _may(call)) for question, call in _calls(client)]
    assert answers == [(question, read.asked(question).answer == "allowed") for question, _ in answers]


def test_every_action_that_we_take_for_known_is_known_to_the_store(store_address: StoreAddress) -> None:
    with keys_of(store_address, *(allow(f"s3:{name}", "arn:aws:s3:::b*") for name in KNOWN_ACTIONS)) as keys:
        assert keys.staging.access_key == f"{ROLE_USER}{NAME}"


def test_a_tag_of_the_object_decides_where_the_policy_says_so(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path
) -> None:
    tags = Tags.new_object_tags()
    tags["SageMaker"] = "True"
    own = s3_client(store_address.endpoint_url, store_address.credentials, "us-east-1", http_pool())
    own.set_object_tags(BUCKET, "in/b.csv", tags)
    tagged = allow(
        "s3:GetObject", Condition={"StringEqualsIgnoreCase": {"s3:ExistingObjectTag/SageMaker": "true"}}
    )
    with acting(store, store_address, tmp_path, tagged) as bound:
        assert bound.read(S3Uri(BUCKET, "in/b.csv")) == b"1,2\n"
        with pytest.raises(AccessDeniedError):
            bound.read(S3Uri(BUCKET, "in/a.csv"))
    assert role(tagged).asked(Question("s3:GetObject", BUCKET, "in/b.csv")).answer == "open"


def test_staging_is_held_to_the_role_and_our_own_looks_are_not(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path
) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"1")
    uri = S3Uri(BUCKET, "in/a.csv")
    stored = store.stat(uri)
    assert stored is not None
    store.download([Download(stored, tmp_path / "cached")])  # in the content cache from now on
    refused: dict[str, Callable[[RoleStore], object]] = {
        "s3:ListBucket": lambda bound: list(bound.list_objects(S3Uri(BUCKET, "in/"))),
        "s3:GetObject": lambda bound: bound.download([Download(stored, tmp_path / "b")], shared=True),
        "s3:PutObject": lambda bound: bound.upload([Upload(file, S3Uri(BUCKET, "out/z"))]),
    }
    with acting(store, store_address, tmp_path) as bound:
        assert isinstance(bound, RoleBoundStore)
        for action, call in refused.items():
            with pytest.raises(AccessDeniedError) as denial:
                call(bound)
            assert denial.value.action == action
        assert unbound(bound) is store
        assert [found.key for found in unbound(bound).list_objects(uri)] == ["in/a.csv"]
        bound.ensure_bucket("role-made-for-it")
        assert "role-made-for-it" in bound.buckets()


def test_a_jobs_keys_are_the_roles_and_never_reach_our_own_bucket(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path
) -> None:
    store.write(S3Uri(STATE_BUCKET, "manifest"), b"{}")
    with acting(store, store_address, tmp_path, allow("s3:GetObject"), deny("s3:*", _OBJECTS)) as bound:
        given = bound.job_credentials(timedelta(hours=1))
        client = s3_client(store_address.endpoint_url, given, "us-east-1", http_pool())
        assert _may(partial(client.stat_object, OTHER, "in/a.csv"))
        assert not _may(partial(client.stat_object, BUCKET, "in/a.csv"))
        assert not _may(partial(client.stat_object, STATE_BUCKET, "manifest"))
        assert not _may(partial(_put, client, OTHER))


def test_nothing_is_left_of_a_role_and_its_keys_are_worth_nothing(
    store: MinioStore, store_address: StoreAddress
) -> None:
    keys = make_role(store_address, NAME, role(allow("s3:*")).documents(DOCUMENT_LIMIT))
    assert NAME in roles_in(store_address)
    assert remove_role(store_address, NAME)
    assert not remove_role(store_address, NAME)
    assert NAME not in roles_in(store_address)
    client = s3_client(store_address.endpoint_url, keys.staging, "us-east-1", http_pool())
    with pytest.raises(S3Error, match=r"InvalidAccessKeyId|AccessDenied"):
        client.stat_object(BUCKET, "in/a.csv")


def test_without_users_a_session_policy_holds_the_role(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path
) -> None:
    """As with an endpoint whose keys may not administer it: those of a user who may use every object."""
    with keys_of(store_address, allow("s3:*")) as keys:
        ordinary = replace(store_address, credentials=keys.staging)
        given = make_role(
            ordinary, "another00001", role(allow("s3:GetObject", _OBJECTS)).documents(DOCUMENT_LIMIT)
        )
        bound = RoleStore(store, ordinary, given, tmp_path)
        assert bound.stat(S3Uri(BUCKET, "in/a.csv")) is not None
        with pytest.raises(AccessDeniedError):
            bound.stat(S3Uri(OTHER, "in/a.csv"))
        job = s3_client(
            store_address.endpoint_url, bound.job_credentials(timedelta(hours=1)), "us-east-1", http_pool()
        )
        assert _may(partial(job.stat_object, BUCKET, "in/a.csv"))
        assert not _may(partial(job.stat_object, OTHER, "in/a.csv"))
        assert not remove_role(ordinary, "another00001")
        assert roles_in(ordinary) == ()
        long = role(*(allow("s3:GetObject", f"arn:aws:s3:::bucket-{n}/*") for n in range(50)))
        for refuse in (check_documents, _make_another):
            with pytest.raises(RefusedError, match="which may have 2048"):
                refuse(ordinary, long.documents(DOCUMENT_LIMIT))
        check_documents(store_address, long.documents(DOCUMENT_LIMIT))


def _make_another(address: StoreAddress, documents: Sequence[str]) -> None:
    make_role(address, "another00001", documents)


def test_trouble_with_the_store_is_not_taken_for_a_denial(
    store: MinioStore, store_address: StoreAddress, tmp_path: Path
) -> None:
    with keys_of(store_address, allow("s3:*")) as keys:
        pass
    gone = RoleStore(store, store_address, keys, tmp_path)
    with pytest.raises(StorageError) as trouble:
        list(gone.list_objects(S3Uri(BUCKET)))
    assert not isinstance(trouble.value, AccessDeniedError)
