"""The files of a report: written whole or not at all, without a container or a real store."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app.parts import Parts
from seatrial.app.report import write_html, write_junit
from seatrial.app.trial import Trial
from seatrial.errors import RefusedError
from seatrial.settings import Settings
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import simulate


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    """Parts whose store is in memory."""
    made = Parts(Settings(state_dir=tmp_path / "state"), print)
    vars(made)["store"] = MemoryStore()
    return made


@pytest.fixture
def trial(parts: Parts) -> Trial:
    """A run of one step."""
    store = parts.store
    assert isinstance(store, MemoryStore)
    definition = pipeline(processing("Prep", outputs={"data": join(PREFIX, "prep")}))
    flow = simulate(definition, store=store)
    return Trial(flow.record, flow.definition, flow.registry, flow)


def test_the_page_lies_in_the_execution_s_folder_with_the_previews_of_the_store(
    parts: Parts, trial: Trial, tmp_path: Path
) -> None:
    file = write_html(parts, trial)
    assert file == tmp_path / "state" / "executions" / "abc123def456" / "report.html"
    page = file.read_text(encoding="utf-8")
    assert "<td>1</td><td>2</td>" in page
    assert "No previews" not in page
    assert [path.name for path in file.parent.iterdir()] == ["report.html"]


def test_a_file_of_one_s_own_choice_gets_its_folders(parts: Parts, trial: Trial, tmp_path: Path) -> None:
    assert write_html(parts, trial, tmp_path / "a" / "b.html").read_text(encoding="utf-8")
    write_junit(parts, trial, tmp_path / "c" / "d.xml", "error")
    assert (tmp_path / "c" / "d.xml").read_bytes().startswith(b"<?xml")


def test_a_place_where_nothing_can_be_written_is_refused_with_its_name(
    parts: Parts, trial: Trial, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RefusedError) as refused:
        write_junit(parts, trial, tmp_path / "file" / "junit.xml", "error")
    assert refused.value.where == str(tmp_path / "file" / "junit.xml")
