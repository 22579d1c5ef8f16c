"""The execution role's policy: read, kept with the execution, and in force while its jobs run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from seatrial.app.parts import Parts
from seatrial.dataflow.permissions import PolicyText, Role, as_kept, from_kept, read_role
from seatrial.dataflow.permissions.variables import Caller
from seatrial.dataflow.settings_without_effect import ROLE_NOTE, settings_without_effect
from seatrial.definition import PipelineDefinition, Step
from seatrial.errors import RecordError, RefusedError, StorageError
from seatrial.execution import execution_folder
from seatrial.ports.findings import Finding
from seatrial.records.lease import Lease, holder
from seatrial.settings import Settings

_KEPT = "role-policy.json"


def chosen_role(settings: Settings) -> Role | None:
    """The role of the files that the settings name; None where they name none."""
    given = settings.role_policy
    return role_of(settings, given if isinstance(given, list) else [given])


def role_of(settings: Settings, files: Iterable[Path]) -> Role | None:
    """The role of these files, None without any; what the store cannot hold it to is refused."""
    texts = tuple(_read(file) for file in files)
    return _role(settings, texts) if texts else None


def kept_role(settings: Settings, execution_id: str) -> Role | None:
    """The role that the execution runs in; None if it has no policy."""
    place = _place(settings, execution_id)
    if not place.is_file():
        return None
    try:
        texts = from_kept(place.read_text(encoding="utf-8"))
    except (OSError, ValueError, KeyError, TypeError) as broken:
        raise RecordError(
            f"the role's policy in {place} cannot be read: {broken}",
            slug="role-policy-unreadable",
            where=str(place),
            hint="give it again: seatrial resume --role-policy FILE",
        ) from broken
    return _role(settings, texts)


def refuse_engine(role: Role | None, engine: str) -> None:
    """Only where staging is our own can it be held to a role."""
    if role is not None and engine != "native":
        raise RefusedError(
            f"the engine {engine} stages data by itself and cannot be held to a role's policy",
            slug="role-policy-engine",
            where="--role-policy",
            hint="leave --role-policy out (and the setting role_policy), or use --engine native",
        )


def asked_of(steps: Iterable[Step], findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings without denials of steps that do no work of their own: nothing is asked for them."""
    names = {step.name for step in steps}
    return (found for found in findings if found.code != "ST150" or found.step in names)


def told_of(parts: Parts, execution_id: str, definition: PipelineDefinition, role: Role | None) -> None:
    """Say of a resumed execution what it is held to now: its notes name the policy that it started with."""
    notes = [each for each in settings_without_effect(definition, role=role) if each.code == ROLE_NOTE]
    parts.records.judge_findings(execution_id, notes, (ROLE_NOTE,))


def check_role(parts: Parts, role: Role | None) -> None:
    """Refuse, while nothing has started, what the store cannot hold anybody to."""
    if role is not None:
        from seatrial.storage import DOCUMENT_LIMIT, check_documents  # with the store, when it is wanted

        check_documents(parts.address, role.documents(DOCUMENT_LIMIT))


@contextmanager
def acting(parts: Parts, execution_id: str, role: Role | None) -> Iterator[None]:
    """While this lasts, engines stage in the role, and jobs have keys of it; then it is gone from the store.

    The policies are remembered with the execution. A lease tells other processes that the role is in use.
    """
    if role is None:
        yield
        return
    from seatrial.storage import DOCUMENT_LIMIT, make_role, remove_role  # with the store, when it is wanted

    held = Lease(_lease(parts.settings, execution_id), f"execution {execution_id}")
    try:
        _place(parts.settings, execution_id).write_text(as_kept(role), encoding="utf-8")
        remove_stale(parts)
        parts.role = make_role(parts.address, execution_id, role.documents(DOCUMENT_LIMIT))
        yield
    finally:
        parts.role = None
        with suppress(StorageError):  # a store that is gone keeps nobody in a role; the next run looks again
            remove_role(parts.address, execution_id)
        held.release()


def remove_stale(parts: Parts) -> int:
    """Remove the roles that executions of this project left behind; how many there were."""
    from seatrial.storage import remove_role, roles_in

    ours = _known(parts)
    left = [
        name
        for name in roles_in(parts.address)
        if name in ours and holder(_lease(parts.settings, name)) is None
    ]
    return sum(remove_role(parts.address, name) for name in left)


def _known(parts: Parts) -> set[str]:
    """The ids of this project's executions: a store may be shared."""
    records = parts.existing_records
    return {record.execution_id for record in records.list()} if records else set()


def _role(settings: Settings, texts: tuple[PolicyText, ...]) -> Role:
    return read_role(texts, Caller(settings.account_id, settings.region))


def _read(file: Path) -> PolicyText:
    try:
        return PolicyText(str(file), file.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as problem:
        raise RefusedError(
            f"cannot read the role's policy: {problem}",
            slug="role-policy-unreadable",
            where=str(file),
            hint="write it there with `aws iam get-role-policy` or `aws iam get-policy-version`, or name "
            "another file",
        ) from problem


def _place(settings: Settings, execution_id: str) -> Path:
    return execution_folder(settings, execution_id) / _KEPT


def _lease(settings: Settings, execution_id: str) -> Path:
    return settings.state_dir.absolute() / "leases" / f"role-{execution_id}"
