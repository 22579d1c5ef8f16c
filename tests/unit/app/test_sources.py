"""Into which file findings point: the one that the user named, else our copy of the definition."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from seatrial.app.parts import Parts
from seatrial.app.sources import keep_source, source_file, source_of
from seatrial.settings import load_settings

RECORD: Any = SimpleNamespace(execution_id="abc123def456", definition='{"Steps": []}')


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project's folder with a pipeline in each form."""
    (tmp_path / "team").mkdir()
    (tmp_path / "team" / "churn.py").write_text("code")
    (tmp_path / "made").mkdir()
    (tmp_path / "made" / "definition.json").write_text("{}")
    (tmp_path / "with space.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("named", "uri"),
    [
        ("team/churn.py", "team/churn.py"),
        ("team/churn.py:pipeline", "team/churn.py"),
        ("team.churn:pipeline", "team/churn.py"),
        ("made", "made/definition.json"),
        ("with space.json", "with%20space.json"),
    ],
)
def test_each_form_of_naming_a_pipeline_leads_to_its_file(named: str, uri: str) -> None:
    found = source_file(named)
    assert found is not None
    assert found.uri == uri


def test_a_file_outside_the_folder_has_its_whole_address(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(here / "made")
    found = source_file("../team/churn.py")
    assert found is not None
    assert found.uri.startswith("file:///")
    assert found.artifact.uri_base_id is None


def test_in_a_repository_its_root_is_where_addresses_begin(
    here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / ".git").mkdir()
    monkeypatch.chdir(here / "made")
    uris = [found.uri for named in (".", "../team/churn.py") if (found := source_file(named))]
    assert uris == ["made/definition.json", "team/churn.py"]


def test_a_package_is_its_own_file(here: Path) -> None:
    (here / "team" / "__init__.py").write_text("code")
    found = source_file("team:pipeline")
    assert found is not None
    assert found.uri == "team/__init__.py"


@pytest.mark.parametrize("named", ["", "gone.json", "no.such:pipeline"])
def test_what_is_not_there_is_no_file(named: str) -> None:
    assert source_file(named) is None


def an_execution() -> Parts:
    parts = Parts(load_settings(), print)
    folder = parts.settings.state_dir / "executions" / RECORD.execution_id
    folder.mkdir(parents=True)
    return parts


def test_an_execution_remembers_what_was_named() -> None:
    parts = an_execution()
    keep_source(parts, RECORD, "team/churn.py")
    assert source_of(parts, RECORD).uri == "team/churn.py"
    assert source_of(parts, RECORD).text == "code"


def test_where_that_is_gone_its_own_definition_stands_for_it() -> None:
    parts = an_execution()
    assert source_of(parts, RECORD).uri == ".seatrial/executions/abc123def456/definition.json"
    keep_source(parts, RECORD, "gone.py")
    assert source_of(parts, RECORD).text == RECORD.definition
