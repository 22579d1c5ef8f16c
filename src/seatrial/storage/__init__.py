"""MinIO and transfers: objects go straight between the store and a content cache; knows no jobs or steps."""

from seatrial.storage.cache import ContentCache
from seatrial.storage.job_credentials import STATE_BUCKET
from seatrial.storage.minio_store import MinioStore
from seatrial.storage.opening import ephemeral_store, find_store, open_store, stop_store

__all__ = [
    "STATE_BUCKET",
    "ContentCache",
    "MinioStore",
    "ephemeral_store",
    "find_store",
    "open_store",
    "stop_store",
]
