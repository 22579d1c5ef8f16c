"""A store in memory as a role sees it, by our own reading of its policy."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from seatrial.dataflow.permissions import Question, Role, read_role
from seatrial.errors import AccessDeniedError
from seatrial.ports.storage import Download, ObjectStore, S3Uri, StoredObject, Upload
from tests.adapters.memory_store import MemoryStore
from tests.unit.dataflow.permissions.policies import CALLER, policy


class RoleBoundMemoryStore(MemoryStore):
    """What lies in `unbound`, for a role that may do what the statements allow."""

    def __init__(self, unbound: MemoryStore, *statements: Mapping[str, Any]) -> None:
        super().__init__()
        self.__dict__.update(vars(unbound))
        self._unbound = unbound
        self.role: Role = read_role((policy(*statements),), CALLER)

    @property
    def unbound(self) -> ObjectStore:
        """The store itself."""
        return self._unbound

    def list_objects(self, prefix: S3Uri) -> Iterator[StoredObject]:
        self._ask(Question("s3:ListBucket", prefix.bucket, context={"s3:prefix": prefix.key}), str(prefix))
        return super().list_objects(prefix)

    def stat(self, uri: S3Uri) -> StoredObject | None:
        self._ask_of("s3:GetObject", uri)
        return super().stat(uri)

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        for each in downloads:
            self._ask_of("s3:GetObject", S3Uri(each.source.bucket, each.source.key))
        super().download(downloads, shared=shared)

    def upload(self, uploads: Sequence[Upload], *, given_up: bool = False) -> list[StoredObject]:
        for each in uploads:
            self._ask_of("s3:PutObject", each.target)
        return super().upload(uploads, given_up=given_up)

    def _ask_of(self, action: str, uri: S3Uri) -> None:
        self._ask(Question(action, uri.bucket, uri.key), str(uri))

    def _ask(self, question: Question, where: str) -> None:
        if self.role.asked(question).answer != "allowed":
            raise AccessDeniedError(
                f"AccessDenied: {question.action} on {where}", action=question.action, where=where
            )
