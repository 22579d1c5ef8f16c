"""What user code and the SDK do with S3, done to a real store."""

from __future__ import annotations

import io
from typing import Any

import boto3
import pytest

from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.sessions import bound_boto_session
from seatrial.sessions.binding import Binding, bound
from seatrial.settings import Settings
from seatrial.storage import MinioStore


@pytest.fixture
def binding(store_address: StoreAddress) -> Binding:
    """A binding to the store, in a region that is not the store's own."""
    return Binding(store_address, account_id="123456789012", region="eu-central-1")


def test_what_a_client_writes_is_in_the_store_and_its_bucket_is_made_on_demand(
    store_address: StoreAddress, store: MinioStore
) -> None:
    s3 = bound_boto_session(store_address, Settings()).client("s3", region_name="ap-south-1")
    s3.put_object(Bucket="made-on-demand", Key="a b/ü+", Body=b"x")
    assert store.read(S3Uri("made-on-demand", "a b/ü+")) == b"x"
    assert s3.get_object(Bucket="made-on-demand", Key="a b/ü+")["Body"].read() == b"x"


def test_every_way_of_writing_is_noticed_once_and_a_deletion_too(binding: Binding, store: MinioStore) -> None:
    with bound(binding):
        s3 = boto3.client("s3")
        s3.put_object(Bucket="noticed", Key="put", Body=b"x")
        s3.put_object(Bucket="noticed", Key="put", Body=b"y")
        s3.copy({"Bucket": "noticed", "Key": "put"}, "noticed-too", "copied")
        s3.upload_fileobj(io.BytesIO(bytes(9_000_000)), "noticed", "in parts")
        boto3.resource("s3").Object("noticed", "resource").put(Body=b"x")
        s3.put_object(Bucket="noticed", Key="gone", Body=b"x")
        s3.delete_object(Bucket="noticed", Key="gone")
        with pytest.raises(s3.exceptions.NoSuchKey):
            s3.get_object(Bucket="noticed", Key="never")
    written = binding.uploads.objects()
    assert [str(uri) for uri in written] == [
        "s3://noticed/put",
        "s3://noticed-too/copied",
        "s3://noticed/in parts",
        "s3://noticed/resource",
    ]
    assert all(store.stat(uri) for uri in written)


def test_encryption_that_the_store_has_not_is_left_out(binding: Binding, store: MinioStore) -> None:
    kms: dict[str, Any] = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": "key", "BucketKeyEnabled": True}
    with bound(binding):
        s3 = boto3.client("s3")
        s3.put_object(Bucket="encrypted", Key="put", Body=b"x", **kms)
        s3.upload_fileobj(
            io.BytesIO(bytes(9_000_000)), "encrypted", "parts", ExtraArgs={"ServerSideEncryption": "aws:kms"}
        )
    assert [each.size for each in store.list_objects(S3Uri("encrypted"))] == [9_000_000, 1]
