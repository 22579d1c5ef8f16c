"""Profiles in words, in the terminal and on the page: what is there, and how far the look went."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from seatrial.app.contents import look_inside
from seatrial.app.parts import Parts
from seatrial.cli import main
from seatrial.ports.contents import Archive, Column, Profile, Table, Trouble
from seatrial.ports.jobs import JobRequest
from seatrial.reports.contents import notes_of, range_of, said_of, show_profiles, table_words
from seatrial.settings import load_settings
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, pipeline, processing
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.reports.rendering import drawn

AGE = Column("age", "integer", 2, "1", "54", integral=True)
TABLE = Table("train.csv", "csv", 1, 1200, 1200, (AGE,), header=True)


@pytest.mark.parametrize(
    ("table", "said"),
    [
        (TABLE, "1,200 rows, 1 column, CSV"),
        (replace(TABLE, header=False), "1,200 rows, 1 column, CSV without header"),
        (replace(TABLE, sure=False), "1,200 rows, 1 column, CSV with a header, it seems"),
        (replace(TABLE, total=None), "of the first 1,200 rows, 1 column, CSV"),
        (replace(TABLE, total=5000, format="parquet"), "5,000 rows, of the first 1,200, 1 column, Parquet"),
        (replace(TABLE, files=3, rows=1, total=1), "1 row, 1 column, 3 parts, CSV"),
    ],
)
def test_a_table_in_a_line(table: Table, said: str) -> None:
    assert said_of(table) == said


@pytest.mark.parametrize(
    ("column", "said"),
    [
        (AGE, "1 to 54"),
        (replace(AGE, minimum="7", maximum="7"), "7"),
        (Column("x", "text", 0, "no", "yes", ("no", "yes")), "no, yes"),
        (Column("x", "text", 0, "a", "z"), "a to z"),
        (Column("x", "empty", 3), ""),
    ],
)
def test_the_range_of_a_column(column: Column, said: str) -> None:
    assert range_of(column) == said


def test_of_a_wide_table_the_first_columns_are_on_the_page() -> None:
    wide = replace(TABLE, columns=tuple(replace(AGE, name=str(number)) for number in range(70)))
    (words,) = table_words(Profile(tables=(wide,)))
    assert (len(words.columns), words.left_out) == (60, 10)


def test_what_is_wrong_and_what_nobody_looked_at_is_said() -> None:
    profile = Profile(troubles=(Trouble("a.gz", "not packed"),), left_out=("b.parquet: no library",))
    assert notes_of(profile) == ("a.gz: not packed", "not looked into: b.parquet: no library")


def test_tables_archives_and_notes_in_the_terminal() -> None:
    profile = Profile((TABLE,), (Archive("model.tar.gz", ("weights",)),), (Trouble("a.gz", "not [packed]"),))
    assert drawn(lambda console: show_profiles(console, {"Prep.train": profile})) == (
        "Prep.train  train.csv  1,200 rows, 1 column, CSV\n"
        "  COLUMN  TYPE     NULLS  RANGE\n"
        "  age     integer      2  1 to 54\n"
        "Prep.train  model.tar.gz  1 member\n"
        "  weights\n"
        "Prep.train  a.gz: not [packed]\n"
    )


@pytest.fixture
def _run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An execution whose step wrote a table and something else."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEATRIAL_CACHE_DIR", str(tmp_path / "cache"))
    store = MemoryStore()
    definition = pipeline(processing("Prep", outputs={"train": join(PREFIX, "t"), "x": join(PREFIX, "x")}))
    writes = {"train": {"a.csv": b"age,<b>\n31,0\n"}, "x": {"notes.txt": b"."}}
    record = simulate(definition, {"Prep": Doing(writes=writes)}, store=store).record
    parts = Parts(load_settings(), print)
    vars(parts)["store"] = store
    parts.records.create(replace(record, steps=()))
    with parts.records.drive(record.execution_id) as journal:
        for step in record.steps:
            job = JobRequest(
                "Processing", step.job_name or "", "arn:job", {}, record.execution_id, step.name, 1, tmp_path
            )
            begun = replace(step, result=None)
            journal.step_changed(None, begun, job=job)
            journal.step_changed(begun, step)
    look_inside(parts, parts.records.execution(record.execution_id))


@pytest.mark.usefixtures("_run")
def test_the_command_shows_what_outputs_hold() -> None:
    told = CliRunner().invoke(main, ["outputs", "--profile"])
    assert told.exit_code == 0, told.output
    assert "Prep.train  a.csv  1 row, 2 columns, CSV" in told.stdout
    assert CliRunner().invoke(main, ["outputs", "--of", "Prep.train"]).stdout == told.stdout


@pytest.mark.usefixtures("_run")
def test_an_output_without_a_table_is_told_and_an_unknown_one_is_refused() -> None:
    told = CliRunner().invoke(main, ["outputs", "--of", "Prep.x"])
    assert (told.exit_code, told.stdout) == (0, "")
    assert "there is no table and no archive" in told.stderr
    assert "there is no output Prep.y" in CliRunner().invoke(main, ["outputs", "--of", "Prep.y"]).output


@pytest.mark.usefixtures("_run")
def test_the_page_shows_columns_and_escapes_their_names(tmp_path: Path) -> None:
    assert CliRunner().invoke(main, ["report", "-o", "page.html"]).exit_code == 0
    page = (tmp_path / "page.html").read_text()
    assert "1 row, 2 columns, CSV" in page
    assert "<td>&lt;b&gt;</td><td>integer</td>" in page
