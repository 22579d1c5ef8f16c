"""The store's side of an execution's role: a user with the role's policies, or temporary keys under them.

A user of MinIO is the way where the endpoint lets us make one: its policies may be long, and what jobs are
given is assumed by that user, so the store itself keeps both within the role. Elsewhere the policies go into
the session policy of temporary keys, which is refused where they are too long for one. Knows no jobs.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING

from minio.credentials.providers import StaticProvider
from minio.error import MinioAdminException
from urllib3.exceptions import HTTPError

from seatrial.errors import RefusedError, StorageError
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.storage.client import http_pool, split_endpoint
from seatrial.storage.failures import lost
from seatrial.storage.job_credentials import assume_role, deny_state, session_policy

if TYPE_CHECKING:
    from minio import MinioAdmin

ROLE_USER = "seatrial-role-"
DOCUMENT_LIMIT = 20_000  # of a policy; MinIO takes 20 KiB
SESSION_LIMIT = 2048  # of a session policy, everywhere
_NO_ADMIN = frozenset({"401", "403", "404", "405", "501"})
_LONGEST = timedelta(days=7)
_NOTHING = json.dumps(
    {
        "Version": "2012-10-17",
        "Statement": [{"Effect": "Deny", "Action": ["s3:*"], "Resource": ["arn:aws:s3:::*"]}],
    }
)


@dataclass(frozen=True)
class RoleKeys:
    """The keys that stage in the role's name, and those that a job's own are assumed with, under `policy`."""

    staging: Credentials
    assuming: Credentials
    policy: str = field(repr=False)


def make_role(address: StoreAddress, name: str, documents: Sequence[str]) -> RoleKeys:
    """Keys that may do what the documents allow, and no more; `name` is the execution's."""
    try:
        return _as_user(address, f"{ROLE_USER}{name}", documents)
    except MinioAdminException as refusal:
        if refusal._code not in _NO_ADMIN:  # the client keeps the status to itself
            raise _unfit(address, refusal) from refusal
    return _as_session(address, documents)


def check_documents(address: StoreAddress, documents: Sequence[str]) -> None:
    """Refuse what `make_role` would refuse; nothing is made."""
    with _administering(address) as admin:
        try:
            _policies(admin)
        except MinioAdminException as refusal:
            if refusal._code not in _NO_ADMIN:
                raise _unfit(address, refusal) from refusal
            _session([*_statements(documents), deny_state()])


def remove_role(address: StoreAddress, name: str) -> bool:
    """Remove what `make_role` left in the store; whether there was anything. Keys of it end with it."""
    user = f"{ROLE_USER}{name}"
    with _administering(address) as admin:
        try:
            policies = [policy for policy in _policies(admin) if policy.startswith(f"{user}-")]
            if policies:
                _remove_user(admin, user)
            for policy in policies:
                admin.policy_remove(policy)
        except MinioAdminException as refusal:
            if refusal._code in _NO_ADMIN:
                return False  # where no user can be made there is none
            raise _unfit(address, refusal) from refusal
    return bool(policies)


def roles_in(address: StoreAddress) -> tuple[str, ...]:
    """The names of all roles that are in the store."""
    with _administering(address) as admin:
        try:
            policies = _policies(admin)
        except MinioAdminException:
            return ()
    return tuple(sorted({each.rpartition("-")[0].removeprefix(ROLE_USER) for each in policies}))


def _policies(admin: MinioAdmin) -> list[str]:
    """Those of all roles: made before the user and removed after it, so that none is without."""
    return [name for name in json.loads(admin.policy_list()) if name.startswith(ROLE_USER)]


def _remove_user(admin: MinioAdmin, user: str) -> None:
    try:
        admin.user_remove(user)
    except MinioAdminException as refusal:
        if refusal._code != "404":  # it was never made
            raise


def _as_user(address: StoreAddress, user: str, documents: Sequence[str]) -> RoleKeys:
    credentials = Credentials(user, secrets.token_hex(20))
    given = documents or (_NOTHING,)
    policies = [f"{user}-{number}" for number in range(len(given))]
    with _administering(address) as admin:
        for policy, document in zip(policies, given, strict=True):
            admin.policy_add(policy, policy=json.loads(document))
        admin.user_add(user, credentials.secret_key)
        admin.policy_set(",".join(policies), user=user)
    return RoleKeys(credentials, credentials, session_policy())


def _as_session(address: StoreAddress, documents: Sequence[str]) -> RoleKeys:
    statements = _statements(documents)
    policy = _session(statements)
    staging = assume_role(address, http_pool(), _LONGEST, own_keys=False, policy=policy)
    return RoleKeys(staging, address.credentials, _session([*statements, deny_state()]))


def _statements(documents: Sequence[str]) -> list[object]:
    return [each for text in documents or (_NOTHING,) for each in json.loads(text)["Statement"]]


def _session(statements: Sequence[object]) -> str:
    policy = json.dumps({"Version": "2012-10-17", "Statement": statements}, separators=(",", ":"))
    if len(policy) > SESSION_LIMIT:
        raise RefusedError(
            f"the endpoint makes no users for us, and the role's policy has {len(policy)} characters as a "
            f"session policy, which may have {SESSION_LIMIT}",
            slug="role-policy-too-long",
            where="store.endpoint_url",
            hint="set `store.access_key` to one that may administer the store, leave `store.endpoint_url` "
            "out to use a store of the project's own, or give a shorter copy of the policy",
        )
    return policy


@contextmanager
def _administering(address: StoreAddress) -> Iterator[MinioAdmin]:
    from minio import MinioAdmin  # its cryptography is needed for users alone

    host, secure = split_endpoint(address.endpoint_url)
    keys = address.credentials
    try:
        yield MinioAdmin(
            endpoint=host,
            credentials=StaticProvider(keys.access_key, keys.secret_key, keys.session_token),
            region=address.region,
            secure=secure,
            http_client=http_pool(),
        )
    except HTTPError as loss:
        raise lost(address.endpoint_url, "users of the store", loss) from loss


def _unfit(address: StoreAddress, refusal: MinioAdminException) -> StorageError:
    return StorageError(
        f"{address.endpoint_url} did not make a user for the role: {refusal}",
        slug="store-role-refused",
        where="role_policy",
        hint="`seatrial doctor` shows the state of the store",
    )
