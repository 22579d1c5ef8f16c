"""The role's policy on its way into an execution: read from files, kept, handed out again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seatrial.app import role_policy
from seatrial.app.parts import Parts
from seatrial.app.role_policy import (
    acting,
    asked_of,
    chosen_role,
    kept_role,
    refuse_engine,
    remove_stale,
    told_of,
)
from seatrial.errors import RecordError, RefusedError, StorageError
from seatrial.execution import execution_folder
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.storage import Credentials
from seatrial.records.lease import Lease
from seatrial.settings import Settings
from seatrial.storage import RoleKeys
from tests.adapters.pipelines import pipeline, processing
from tests.unit.dataflow.permissions.policies import allow, policy
from tests.unit.engines.native.requests import ADDRESS

EXECUTION = "exec00000001"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "role.json"
    file.write_text(policy(allow("s3:*")).text)
    return file


@pytest.fixture
def parts(settings: Settings, file: Path) -> Parts:
    execution_folder(settings, EXECUTION).mkdir(parents=True)
    return Parts(settings.model_copy(update={"role_policy": file}), print, address=ADDRESS)


@pytest.fixture
def in_store(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The roles that are in the store."""
    names: set[str] = set()

    def make(address: object, name: str, documents: object) -> RoleKeys:
        names.add(name)
        return RoleKeys(Credentials(name, "secret"), Credentials(name, "secret"), "{}")

    def remove(address: object, name: str) -> bool:
        present = name in names
        names.discard(name)
        return present

    monkeypatch.setattr("seatrial.storage.make_role", make)
    monkeypatch.setattr("seatrial.storage.remove_role", remove)
    monkeypatch.setattr("seatrial.storage.roles_in", lambda address: tuple(names))
    return names


@pytest.mark.parametrize("several", [False, True])
def test_one_file_or_several_make_one_role(settings: Settings, file: Path, several: bool) -> None:
    given = [file, file] if several else file
    role = chosen_role(settings.model_copy(update={"role_policy": given}))
    assert role is not None
    assert len(role.texts) == (2 if several else 1)
    assert chosen_role(settings) is None


def test_a_file_that_is_not_there_is_refused_with_its_name(settings: Settings) -> None:
    with pytest.raises(RefusedError, match="cannot read the role's policy") as refused:
        chosen_role(settings.model_copy(update={"role_policy": [Path("nowhere.json")]}))
    assert refused.value.where == "nowhere.json"


def test_the_role_lasts_as_long_as_its_execution_and_is_remembered(parts: Parts, in_store: set[str]) -> None:
    role = chosen_role(parts.settings)
    with acting(parts, EXECUTION, role):
        assert parts.role is not None
        assert in_store == {EXECUTION}
        with pytest.raises(RecordError, match="is being run by"), acting(parts, EXECUTION, role):
            pass
        assert in_store == {EXECUTION}
    assert (parts.role, in_store) == (None, set())
    kept = kept_role(parts.settings, EXECUTION)
    assert kept == role


def test_without_a_policy_nothing_is_made_and_nothing_remembered(parts: Parts, in_store: set[str]) -> None:
    with acting(parts, EXECUTION, None):
        assert (parts.role, in_store) == (None, set())
    assert kept_role(parts.settings, EXECUTION) is None


def test_a_store_that_is_lost_at_the_end_hides_no_failure(
    parts: Parts, in_store: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(address: object, name: str) -> bool:
        raise StorageError("the store does not answer", slug="store-lost")

    monkeypatch.setattr("seatrial.storage.remove_role", lost)
    with pytest.raises(ValueError, match="the driver"), acting(parts, EXECUTION, chosen_role(parts.settings)):
        raise ValueError("the driver")
    assert parts.role is None


def test_only_roles_of_this_project_that_nobody_uses_are_stale(
    parts: Parts, in_store: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(role_policy, "_known", lambda parts: {"left", "used"})
    in_store |= {"left", "used", "of-another-project"}
    held = Lease(parts.settings.state_dir / "leases" / "role-used", "execution used")
    assert remove_stale(parts) == 1
    held.release()
    assert in_store == {"used", "of-another-project"}


def test_what_was_kept_and_cannot_be_read_is_told_with_its_place(parts: Parts) -> None:
    place = execution_folder(parts.settings, EXECUTION) / "role-policy.json"
    place.write_text(json.dumps([{"source": "role.json"}]))
    with pytest.raises(RecordError, match="cannot be read") as broken:
        kept_role(parts.settings, EXECUTION)
    assert broken.value.where == str(place)


def test_only_our_own_engine_is_held_to_a_role(settings: Settings, file: Path) -> None:
    role = chosen_role(settings.model_copy(update={"role_policy": file}))
    refuse_engine(None, "local-mode")
    refuse_engine(role, "native")
    with pytest.raises(RefusedError, match="local-mode stages data by itself"):
        refuse_engine(role, "local-mode")


def test_nothing_is_asked_for_steps_that_do_no_work_of_their_own() -> None:
    steps = pipeline(processing("Works")).all_steps()
    findings = [
        Finding(code, Severity.ERROR, "…", step=step)
        for code in ("ST150", "ST109")
        for step in ("Works", "Given")
    ]
    left = [(found.code, found.step) for found in asked_of(steps, findings)]
    assert left == [("ST150", "Works"), ("ST109", "Works"), ("ST109", "Given")]


def test_a_resumed_execution_names_the_policy_that_it_is_held_to_now(
    parts: Parts, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[tuple[str, list[Finding], tuple[str, ...]]] = []
    monkeypatch.setattr(parts.records, "judge_findings", lambda *given: judged.append(given))
    told_of(parts, EXECUTION, pipeline(processing("Works")), chosen_role(parts.settings))
    [(execution, [note], codes)] = judged
    assert (execution, codes) == (EXECUTION, ("ST216",))
    assert f"are held to {file} instead" in note.message


def test_a_mark_of_the_encoding_before_the_text_does_no_harm(settings: Settings, file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert chosen_role(settings.model_copy(update={"role_policy": file})) is not None
