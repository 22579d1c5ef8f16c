"""What an execution wrote and read is looked into once, kept with it, and never ends a run."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from pydantic import TypeAdapter

from seatrial.app import contents
from seatrial.app.contents import contents_of, look_inside
from seatrial.app.parts import Parts
from seatrial.execution import execution_folder
from seatrial.outputs import S3OutputPathRegistry, registry_of
from seatrial.outputs.profiled import profile_of_info, with_profiles
from seatrial.outputs.profiling import INSTALL, kept
from seatrial.outputs.profiling.schemas import Frame, schema_failures
from seatrial.ports.contents import Contents, FileProfile, Table
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus
from seatrial.ports.storage import Download, S3Uri
from seatrial.settings import Settings
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing
from tests.adapters.simulated_run import Doing, simulate

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TRAIN = ("Preprocess", "train")
DATA = ("Score", "data")
NEVER = Contents(note="Nobody has looked into what its steps wrote and read.")
PEOPLE = b"age,label\n31,0\n54,1\n"
DEFINITION = pipeline(
    processing("Preprocess", outputs={"train": join(PREFIX, "train")}),
    processing("Score", inputs={"data": output_of("Preprocess", "train")}),
)


class Watched(MemoryStore):
    """Counts what is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.fetched: list[str] = []

    def download(self, downloads: Sequence[Download], *, shared: bool = False) -> None:
        self.fetched += [each.source.key.rpartition("/")[2] for each in downloads]
        super().download(downloads, shared=shared)


def parts_in(folder: Path, store: MemoryStore, **settings: Any) -> Parts:
    parts = Parts(Settings(state_dir=folder / "state", cache_dir=folder / "cache", **settings), print)
    (folder / "state").mkdir(exist_ok=True)
    vars(parts)["store"] = store
    return parts


def run(store: MemoryStore, files: Mapping[str, bytes]) -> ExecutionRecord:
    return simulate(DEFINITION, {"Preprocess": Doing(writes={"train": files})}, store=store).record


def looked(parts: Parts, record: ExecutionRecord) -> Contents:
    look_inside(parts, record)
    return contents_of(parts, record)


def test_both_ends_of_the_flow_are_profiled_by_looking_once(tmp_path: Path) -> None:
    store = Watched()
    record = run(store, {"a.csv": PEOPLE, "model.pkl": b"x", "b.csv": b""})
    found = looked(parts_in(tmp_path, store), record)
    assert [table.name for table in found.outputs[TRAIN].tables] == ["a.csv", "b.csv"]
    assert found.outputs[TRAIN] == found.inputs[DATA]
    assert store.fetched == ["a.csv"]


def test_the_same_content_is_not_looked_into_again_under_any_name(tmp_path: Path) -> None:
    store = Watched()
    parts = parts_in(tmp_path, store)
    looked(parts, run(store, {"a.csv": PEOPLE}))
    store.fetched.clear()
    again = looked(parts, run(store, {"other.csv": PEOPLE}))
    assert store.fetched == []
    assert [table.name for table in again.outputs[TRAIN].tables] == ["other.csv"]


def test_what_is_known_of_many_files_is_read_by_one_reader(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """To make one for each file took longer than to look into the files."""
    store = Watched()
    parts = parts_in(tmp_path, store)
    record = run(store, {f"{name}.csv": b"a,b\n%s,2\n" % name.encode() for name in "abc"})
    looked(parts, record)
    made: list[object] = []

    def counted(type_: Any) -> Any:
        made.append(type_)
        return TypeAdapter(type_)

    monkeypatch.setattr(kept, "TypeAdapter", counted)
    for each in (kept._profile_reader, kept._contents_reader):
        each.cache_clear()
    looked(parts, record)
    looked(parts, record)
    assert len(made) == 2


def test_what_is_no_table_is_remembered_as_well(tmp_path: Path) -> None:
    store = Watched()
    parts = parts_in(tmp_path, store)
    for _ in range(2):
        looked(parts, run(store, {"metrics.json": b'{"auc": 0.9}'}))
    assert store.fetched == ["metrics.json"]


def test_a_limit_is_for_each_output_and_what_is_beyond_is_said(tmp_path: Path) -> None:
    store = Watched()
    rows = b"a,b\n" + b"1,2\n" * 1000
    parts = parts_in(tmp_path, store, profiles={"bytes_per_output": 2000})
    profile = looked(parts, run(store, {"a.csv": rows, "b.csv": rows})).outputs[TRAIN]
    (table,) = profile.tables
    assert (table.name, table.total) == ("a.csv", None)
    assert profile.left_out == ("1 of 2 files: beyond the limit in [profiles]",)


def test_a_limit_is_for_the_whole_execution(tmp_path: Path) -> None:
    store = Watched()
    rows = b"a,b\n" + b"1,2\n" * 1000
    parts = parts_in(tmp_path, store, profiles={"bytes_per_execution": 5000})
    profile = looked(parts, run(store, {"a.csv": rows, "b.csv": rows + b"3,4\n", "c.csv": b"1\n"})).outputs[
        TRAIN
    ]
    assert [table.total for table in profile.tables] == [1000, None]
    assert len(profile.left_out) == 1


def test_a_large_archive_is_left_alone(tmp_path: Path) -> None:
    store = Watched()
    parts = parts_in(tmp_path, store, profiles={"bytes_per_execution": 10})
    profile = looked(parts, run(store, {"model.tar.gz": b"x" * 11})).outputs[TRAIN]
    assert profile.left_out == ("model.tar.gz: beyond the limit in [profiles]",)
    assert store.fetched == []


def test_only_so_many_files_are_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contents, "_MOST_FILES", 3)
    store = Watched()
    profile = looked(
        parts_in(tmp_path, store), run(store, {f"part-{n}.csv": b"a,b\n%d,2\n" % n for n in range(5)})
    ).outputs[TRAIN]
    assert profile.tables[0].files == 3
    assert profile.left_out == ("2 of 5 files: beyond the limit in [profiles]",)


def test_what_was_replaced_since_is_said_and_not_remembered(tmp_path: Path) -> None:
    store = Watched()
    record = run(store, {"a.csv": PEOPLE})
    written = next(iter(store.list_objects(S3Uri.parse("s3://seatrial/cancer/abc123def456/train"))))
    store.write(S3Uri(written.bucket, written.key), b"other")
    parts = parts_in(tmp_path, store)
    assert "replaced" in looked(parts, record).outputs[TRAIN].left_out[0]
    store.write(S3Uri(written.bucket, written.key), PEOPLE)
    assert looked(parts, record).outputs[TRAIN].tables


def test_what_fails_unexpectedly_is_a_note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def falls(*_: Any) -> None:
        raise ValueError("never thought of")

    monkeypatch.setattr(contents, "profile_of", falls)
    store = Watched()
    found = looked(parts_in(tmp_path, store), run(store, {"a.csv": PEOPLE}))
    assert found == Contents(note="Nothing was looked into: never thought of")


def test_nothing_is_looked_into_where_that_is_switched_off(tmp_path: Path) -> None:
    store = Watched()
    parts = parts_in(tmp_path, store, profiles={"enabled": False})
    assert looked(parts, run(store, {"a.csv": PEOPLE})) == NEVER
    assert store.fetched == []


def test_where_nothing_can_look_into_parquet_it_is_said_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        contents, "profile_file", lambda *_: FileProfile("parquet", total=None, unseen=INSTALL)
    )
    store = Watched()
    found = looked(parts_in(tmp_path, store), run(store, {"a.parquet": b"1", "b.parquet": b"2"}))
    assert found.note == f"Parquet was not looked into: {INSTALL}"


def test_a_contract_says_whether_there_is_a_header(tmp_path: Path) -> None:
    store = Watched()
    held = {"Preprocess.*": {"header": False}}
    found = looked(parts_in(tmp_path, store, contents=held), run(store, {"a.csv": PEOPLE}))
    assert found.outputs[TRAIN].tables[0].header is False
    assert found.inputs[DATA].tables[0].header is True  # no contract is about it


def test_drift_is_held_against_the_last_run_that_went_well_and_had_the_output(tmp_path: Path) -> None:
    store = Watched()
    parts = parts_in(tmp_path, store)
    record = run(store, {"a.csv": PEOPLE})

    def begun(number: int, **more: Any) -> ExecutionRecord:
        began = record.started_at + timedelta(hours=number)
        name = f"run{number}"
        return replace(record, execution_id=name, arn=f"arn:{name}", started_at=began, **more)

    first = begun(1, parameters={**record.parameters, "EXECUTION_S3_PREFIX": "s3://a/b", "N": 3, "M": 1})
    for each in (first, begun(2, status=ExecutionStatus.FAILED), begun(3, steps=())):
        parts.records.create(each)
        look_inside(parts, each)
    earlier = looked(parts, begun(4, parameters={**record.parameters, "N": 4, "M": 1})).earlier[TRAIN]
    assert (earlier.execution_id, earlier.parameters) == ("run1", {"N": "3"})
    assert looked(parts, begun(1)).earlier == {}


def test_a_schema_of_the_project_is_asked_about_what_was_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contracts.py").write_text(
        "import pandera.pandas as pa\n"
        "People = pa.DataFrameSchema({'age': pa.Column(int, pa.Check.le(50)), 'label': pa.Column(int),"
        " 'city': pa.Column(str)})\n"
    )
    monkeypatch.chdir(tmp_path)
    store = Watched()
    held = {"Preprocess.train": {"schema": "contracts.py:People"}}
    found = looked(parts_in(tmp_path, store, contents=held), run(store, {"a.csv": PEOPLE}))
    assert [(each.column, each.problem) for each in found.failures[TRAIN]] == [
        (None, "it lacks 'city'"),
        ("age", "less_than_or_equal_to(50) fails for 1 row, such as 54"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no file contracts.py"),
        ("1 / 0\n", "ZeroDivisionError"),
        ("Other = 1\n", "has no attribute 'People'"),
        ("import pandera.no_such_part\n", "pip install 'seatrial[schemas]'"),
        ("raise SystemExit(2)\n", "SystemExit: 2"),
    ],
)
def test_a_schema_that_cannot_be_asked_is_a_failure_and_no_success(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str | None, said: str
) -> None:
    if text is not None:
        (tmp_path / "contracts.py").write_text(text)
    monkeypatch.chdir(tmp_path)
    store = Watched()
    held = {"Preprocess.train": {"schema": "contracts.py:People"}}
    (failure,) = looked(parts_in(tmp_path, store, contents=held), run(store, {"a.csv": PEOPLE})).failures[
        TRAIN
    ]
    assert failure.problem.startswith("it was not checked: ")
    assert said in failure.problem


def test_a_library_that_the_schema_itself_lacks_is_not_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What its file prints is no answer of the command, which may be JSON."""
    (tmp_path / "contracts.py").write_text("print('loading')\nimport no_such_library\n")
    monkeypatch.chdir(tmp_path)
    (failure,) = schema_failures("contracts.py:People", Frame(Table("a.csv", "csv", 1, 1, 1, ()), []))
    assert failure.problem == "it was not checked: ModuleNotFoundError: No module named 'no_such_library'"
    assert capsys.readouterr().out == ""


def test_schemas_are_asked_one_after_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two executions may end at once: pandera's modules, imported by two threads, wait for one another."""
    (tmp_path / "contracts.py").write_text(
        "import sys, time\n"
        "assert 'somebody_inside' not in sys.modules, 'two at once'\n"
        "sys.modules['somebody_inside'] = sys\n"
        "time.sleep(0.05)\n"
        "del sys.modules['somebody_inside']\n"
        "class People:\n"
        "    validate = staticmethod(lambda frame, lazy: frame)\n"
    )
    (tmp_path / "a.csv").write_bytes(PEOPLE)
    monkeypatch.chdir(tmp_path)
    frame = Frame(Table("a.csv", "csv", 1, 1, 1, ()), [tmp_path / "a.csv"])
    with ThreadPoolExecutor(3) as threads:
        asked = list(threads.map(lambda _: schema_failures("contracts.py:People", frame), range(3)))
    assert asked == [(), (), ()]


def test_a_value_that_a_schema_refuses_is_shown_in_short(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contracts.py").write_text(
        "import pandera.pandas as pa\n"
        "Texts = pa.DataFrameSchema({'text': pa.Column(str, pa.Check.str_length(max_value=9))})\n"
    )
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.csv").write_text("text\n" + "x" * 5000 + "\n")
    frame = Frame(Table("a.csv", "csv", 1, 1, 1, (), header=True), [tmp_path / "a.csv"])
    (failure,) = schema_failures("contracts.py:Texts", frame)
    assert len(failure.problem) < 200


def test_a_schema_is_asked_about_as_many_rows_as_were_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "contracts.py").write_text(
        "import pandera.pandas as pa\nSmall = pa.DataFrameSchema({'n': pa.Column(int, pa.Check.lt(3))})\n"
    )
    monkeypatch.chdir(tmp_path)
    pq.write_table(pa.table({"n": list(range(9))}), tmp_path / "a.parquet")
    (tmp_path / "a.jsonl").write_text("".join(f'{{"n": {n}}}\n' for n in range(9)))
    for kind in ("parquet", "jsonl"):
        frame = Frame(Table(f"a.{kind}", kind, 1, 3, 9, ()), [tmp_path / f"a.{kind}"])
        assert schema_failures("contracts.py:Small", frame) == ()


def test_what_another_version_kept_is_not_there(tmp_path: Path) -> None:
    store = Watched()
    parts = parts_in(tmp_path, store)
    record = run(store, {"a.csv": PEOPLE})
    file = execution_folder(parts.settings, record.execution_id) / "contents.json"
    for text in ('{"schema_version": 99}', '{"schema_version": 1}', "[]", "no JSON"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
        assert contents_of(parts, record) == NEVER


def test_a_profile_travels_with_the_registry(tmp_path: Path) -> None:
    store = Watched()
    record = run(store, {"a.csv": PEOPLE})
    found = looked(parts_in(tmp_path, store), record)
    registry = with_profiles(registry_of(record, DEFINITION), found.outputs)
    again = S3OutputPathRegistry()
    again.import_from_manifest(registry.export_to_manifest())
    info = again.get_step_output_info(*TRAIN)
    assert info is not None
    assert profile_of_info(info) == found.outputs[TRAIN]
    assert again == registry


def test_the_contracts_of_the_page_are_settings() -> None:
    page = (Path(__file__).parents[3] / "docs" / "contents.md").read_text()
    examples = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)
    assert len(examples) == 2
    for example in examples:
        settings = Settings.model_validate(tomllib.loads(example))
        assert settings.contents


@pytest.mark.parametrize(
    "contract",
    [
        {"columns": {"age": "int"}},
        {"columns": {"age": "category"}},
        {"columns": {"age": "integer: 1, 2"}},
        {"columns": {"age": "integer"}, "required": ["label"]},
        {"columns": {"age": "integer"}, "nullable": ["label"]},
        {"schema": "contracts.py"},
        {"colums": {}},
    ],
)
def test_a_contract_that_means_nothing_is_refused(contract: Mapping[str, Any]) -> None:
    with pytest.raises(ValueError, match="contents"):
        Settings.model_validate({"contents": {"Preprocess.train": contract}})
