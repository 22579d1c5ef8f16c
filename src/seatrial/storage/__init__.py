"""MinIO and transfers: objects go straight between the store and a content cache; knows no jobs or steps."""

from seatrial.storage.cache import ContentCache
from seatrial.storage.ephemeral import ephemeral_store
from seatrial.storage.job_credentials import STATE_BUCKET
from seatrial.storage.minio_store import MinioStore
from seatrial.storage.opening import find_store, open_store, stop_store
from seatrial.storage.role_store import RoleStore
from seatrial.storage.roles import DOCUMENT_LIMIT, RoleKeys, check_documents, make_role, remove_role, roles_in
from seatrial.storage.sampling import Sample, sample
from seatrial.storage.seed_template import WantedSeed, write_seeds
from seatrial.storage.seeding import adopt_file_uri, apply_seeds
from seatrial.storage.seeds import Seed, SeedFile, parse_seed, read_seeds
from seatrial.storage.sowing import covers

__all__ = [
    "DOCUMENT_LIMIT",
    "STATE_BUCKET",
    "ContentCache",
    "MinioStore",
    "RoleKeys",
    "RoleStore",
    "Sample",
    "Seed",
    "SeedFile",
    "WantedSeed",
    "adopt_file_uri",
    "apply_seeds",
    "check_documents",
    "covers",
    "ephemeral_store",
    "find_store",
    "make_role",
    "open_store",
    "parse_seed",
    "read_seeds",
    "remove_role",
    "roles_in",
    "sample",
    "stop_store",
    "write_seeds",
]
