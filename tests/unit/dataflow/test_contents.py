"""What is inside the data: drift, contracts, rows, parts, members, names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seatrial.dataflow import Flow, judge
from seatrial.outputs.profiling import profile_file, profile_of
from seatrial.ports.contents import Archive, Contents, Earlier, FileProfile, Place, Profile, SchemaFailure
from seatrial.ports.executions import StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.settings import ContentContract
from tests.adapters.pipelines import PREFIX, join, model_of, output_of, pipeline, processing, training
from tests.adapters.simulated_run import Doing, simulate

Files = Mapping[str, str]
TRAIN = ("Preprocess", "train")
PEOPLE = "age,label\n31,0\n54,1\n"


@pytest.fixture
def look(tmp_path: Path) -> Any:
    """Profiles files given as text."""

    def look(files: Files, header: bool | None = None) -> Profile:
        found: list[tuple[str, FileProfile]] = []
        for name, text in files.items():
            file = tmp_path / "looked-into"
            file.write_text(text)
            profile = profile_file(file, name, 1_000_000, header)
            if profile is not None:
                found.append((name, profile))
        return profile_of(found)

    return look


def flow_of(outputs: Mapping[Place, Profile], **more: Any) -> Flow:
    """Preprocess writes `train`, Score reads it as `data`."""
    flow = simulate(
        pipeline(
            processing("Preprocess", outputs={"train": join(PREFIX, "train")}),
            processing(
                "Score",
                inputs={"data": output_of("Preprocess", "train")},
                outputs={"scores": join(PREFIX, "scores")},
            ),
        )
    )
    inputs = {("Score", "data"): outputs[TRAIN]} if TRAIN in outputs else {}
    return replace(flow, contents=Contents(outputs, inputs, **more))


def held(flow: Flow, place: str = "Preprocess.train", **contract: Any) -> Flow:
    return replace(flow, contracts={place: ContentContract.model_validate(contract)})


def found(flow: Flow) -> list[Finding]:
    return [each for each in judge(flow) if each.code >= "ST130" and each.code <= "ST136"]


def codes(flow: Flow) -> list[str]:
    return [each.code for each in found(flow)]


def drifted(look: Any, before: Files, after: Files) -> Flow:
    return flow_of({TRAIN: look(after)}, earlier={TRAIN: Earlier("abc", look(before))})


def test_a_column_that_is_gone_is_drift_with_what_changed(look: Any) -> None:
    (drift,) = found(drifted(look, {"a.csv": "age,income\n1,2\n"}, {"a.csv": "age,wage\n1,2\n"}))
    assert (drift.code, drift.severity, drift.step) == ("ST130", Severity.WARNING, "Preprocess")
    assert drift.message.endswith("'income' is gone; 'wage' is new")
    assert "abc" in str(drift.expected)


def test_a_column_of_another_type_is_drift(look: Any) -> None:
    (drift,) = found(drifted(look, {"a.csv": "age,x\n1,2\n"}, {"a.csv": "age,x\nold,2\n"}))
    assert drift.message.endswith("'age' was integer and is text")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1,2,x\n", "7,2.5,y\n"),  # no header: another first row
        ("good,pos\nbad,neg\n", "fine,pos\npoor,neg\n"),  # texts alone: a header cannot be told
        ("age,x\n1,2\n", "age,x\n1.5,\n"),  # an integer that became a number, a value that became null
        ("day,x\n2026-01-02,1\n", "day,x\n2026-01-02 10:00:00,1\n"),
        ("age,x\n1,2\n", "x,age\n2,1\n"),  # by name, in another order
        ("age,x\n1,\n", "age,x\n1,abc\n"),  # nothing was known of x
    ],
)
def test_what_is_no_drift(look: Any, before: str, after: str) -> None:
    assert codes(drifted(look, {"a.csv": before}, {"a.csv": after})) == []


def test_drift_is_a_note_where_the_step_was_told_otherwise_by_a_parameter(look: Any) -> None:
    def run(parameter: str) -> Flow:
        step = processing(
            "Preprocess",
            outputs={"train": join(PREFIX, "train")},
            arguments=["--columns", {"Get": "Parameters.Columns"}],
        )
        flow = simulate(pipeline(step, parameters={"Columns": "4", "Rounds": "60"}))
        earlier = Earlier("abc", look({"a.csv": "a,b\n1,2\n"}), {parameter: "2"})
        return replace(flow, contents=Contents({TRAIN: look({"a.csv": "a,c\n1,2\n"})}, {}, {TRAIN: earlier}))

    (meant,) = found(run("Columns"))
    assert meant.severity is Severity.NOTE
    assert meant.message.endswith("'c' is new (parameter Columns was 2 and is 4)")
    (drift,) = found(run("Rounds"))
    assert drift.severity is Severity.WARNING


def test_a_key_of_records_may_come_and_go(look: Any) -> None:
    before = {"a.jsonl": '{"a": 1, "b": 2}\n{"a": 2}\n'}
    assert codes(drifted(look, before, {"a.jsonl": '{"a": 1}\n{"a": 2, "c": 3}\n'})) == []
    (drift,) = found(drifted(look, before, {"a.jsonl": '{"b": 1}\n{"b": 2}\n'}))
    assert drift.message.endswith("'a' is gone")


def test_a_headerless_table_drifts_by_its_number_of_columns(look: Any) -> None:
    (drift,) = found(drifted(look, {"a.csv": "1,2,3\n"}, {"a.csv": "1,2\n"}))
    assert "it had 3 columns and has 2" in drift.message


def test_a_header_that_is_gone_is_drift(look: Any) -> None:
    (drift,) = found(drifted(look, {"a.csv": PEOPLE}, {"a.csv": "31,0\n54,1\n"}))
    assert "its header is gone" in drift.message


def test_where_a_contract_names_the_columns_the_contract_decides(look: Any) -> None:
    flow = drifted(look, {"a.csv": "age,income\n1,2\n"}, {"a.csv": PEOPLE})
    assert codes(held(flow, columns={"age": "integer"})) == []


def test_a_column_of_the_contract_that_nobody_wrote_is_missing(look: Any) -> None:
    (missing,) = found(held(flow_of({TRAIN: look({"a.csv": "age,x\n1,2\n"})}), columns={"label": "any"}))
    assert (missing.code, missing.severity) == ("ST131", Severity.ERROR)
    assert missing.where.endswith("/S3Output/S3Uri")
    assert missing.also == "s3://seatrial/cancer/abc123def456/train/a.csv"


def test_a_sink_is_held_to_its_contract_by_what_it_read(look: Any) -> None:
    flow = held(flow_of({TRAIN: look({"a.csv": "age,x\n1,2\n"})}), "Score.*", columns={"label": "any"})
    missing = next(each for each in found(flow) if "data" in each.message)
    assert missing.message == "Score read 'data' from Preprocess.train, and a.csv lacks 'label'"
    assert missing.step == "Score"


def test_what_a_contract_says_of_both_ends_is_said_at_the_source(look: Any) -> None:
    flow = held(flow_of({TRAIN: look({"a.csv": "age,x\n1,2\n"})}), "*", columns={"label": "any"}, files="a.*")
    assert [each.step for each in found(flow) if "lacks" in each.message] == ["Preprocess"]


def test_of_many_columns_the_first_are_shown(look: Any) -> None:
    names = ",".join(f"c{number}" for number in range(40))
    (missing,) = found(
        held(flow_of({TRAIN: look({"a.csv": f"{names}\n{'1,' * 39}1\n"})}), columns={"label": "any"})
    )
    assert str(missing.observed).endswith("c11 integer and 28 more")


def test_columns_that_are_not_required_may_be_missing(look: Any) -> None:
    flow = flow_of({TRAIN: look({"a.csv": PEOPLE})})
    assert codes(held(flow, columns={"age": "integer", "x": "text"}, required=["age"])) == []


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        ("1,2", "integer"),
        ("1.0,", "integer"),  # as pandas writes integers beside nulls
        ("1,2.5", "number"),
        ("True,false", "boolean"),
        ("0,1", "boolean"),
        ("2026-01-02,2026-02-03", "date"),
        ("2026-01-02,2026-02-03T10:00:00Z", "timestamp"),
        ("12345,00123", "text"),  # codes of digits are a text where nothing says what they are
        ("yes,no", "category: yes, no"),
        ("0.0,1.0", "category: 0, 1"),
        (",", "number"),
        ("anything,1", "any"),
    ],
)
def test_what_fits_a_type(look: Any, cells: str, kind: str) -> None:
    one, other = cells.split(",")
    flow = flow_of({TRAIN: look({"a.csv": f"x,n\n{one},1\n{other},2\n"})})
    assert codes(held(flow, columns={"x": kind})) == []


@pytest.mark.parametrize(
    ("cells", "kind", "said"),
    [
        ("1,2.5", "integer", "'x' is number, not integer"),
        ("1,old", "number", "'x' is text, not number (it holds 'old')"),
        ("1,2", "boolean", "'x' is integer, not boolean"),
        ("1,2", "date", "'x' is integer, not date"),
        ("yes,perhaps", "category: yes, no", "'x' has the values 'perhaps'"),
    ],
)
def test_what_does_not_fit_a_type(look: Any, cells: str, kind: str, said: str) -> None:
    one, other = cells.split(",")
    flow = flow_of({TRAIN: look({"a.csv": f"x,n\n{one},1\n{other},2\n"})})
    (unfit,) = found(held(flow, columns={"x": kind}))
    assert unfit.code == "ST132"
    assert unfit.message.endswith(said)


def test_without_a_header_the_contract_goes_by_position(look: Any) -> None:
    flow = flow_of({TRAIN: look({"a.csv": "0,31,x\n1,54,y\n"})})
    names = {"label": "category: 0, 1", "age": "integer"}
    assert codes(held(flow, columns={**names, "name": "text"})) == []
    assert codes(held(flow, columns={**names, "name": "integer"})) == ["ST132"]
    assert codes(held(flow, columns={**names, "name": "text", "city": "text"})) == ["ST131"]
    assert codes(held(flow, columns=names)) == ["ST132"]


def test_a_header_that_a_contract_denies_is_told_by_its_names(look: Any) -> None:
    flow = flow_of({TRAIN: look({"a.csv": "label,age\n0,31\n1,54\n"}, header=False)})
    columns = {"label": "category: 0, 1", "age": "integer"}
    (refused,) = found(held(flow, columns=columns, header=False))
    assert "there is a header, it seems" in refused.message
    assert "`header = true`" in refused.hint


def test_nulls_are_refused_where_the_contract_names_who_may_have_them(look: Any) -> None:
    flow = flow_of({TRAIN: look({"a.csv": "age,x\n1,\n,2\n"})})
    columns = {"age": "integer", "x": "integer"}
    assert codes(held(flow, columns=columns)) == []
    (refused,) = found(held(flow, columns=columns, nullable=["x"]))
    assert "'age' has 1 nulls in 2 rows" in refused.message


def test_an_output_of_a_contract_without_a_table_lacks_its_columns(look: Any) -> None:
    assert codes(held(flow_of({}), columns={"age": "integer"})) == ["ST131"]


def test_what_nobody_could_look_into_is_not_called_missing() -> None:
    flow = flow_of({TRAIN: Profile(left_out=("a.parquet: no library",))})
    (unchecked,) = found(held(flow, columns={"age": "integer"}))
    assert (unchecked.code, unchecked.severity) == ("ST132", Severity.WARNING)
    assert "was not checked" in unchecked.message


def test_what_a_schema_of_the_project_refuses_does_not_fit(look: Any) -> None:
    refused = SchemaFailure("a.csv", "contracts.py:People", "540 is too old", "age")
    flow = flow_of({TRAIN: look({"a.csv": PEOPLE})}, failures={TRAIN: (refused,)})
    (unfit,) = found(held(flow, schema="contracts.py:People"))
    assert unfit.code == "ST132"
    assert "contracts.py:People refuses it: column 'age': 540 is too old" in unfit.message
    assert codes(flow) == []  # no contract names the schema any more


def test_a_header_without_rows_is_an_empty_table(look: Any) -> None:
    (empty,) = found(flow_of({TRAIN: look({"a.csv": "age,label\n"})}))
    assert (empty.code, empty.severity) == ("ST133", Severity.WARNING)


@pytest.mark.parametrize("name", ["rejected.csv", "validation_errors.csv", "bad/quarantine.csv"])
def test_a_table_of_what_went_wrong_may_be_empty(look: Any, name: str) -> None:
    assert codes(flow_of({TRAIN: look({name: "age,label\n"})})) == []
    (empty,) = found(held(flow_of({TRAIN: look({name: "age,label\n"})}), not_empty=True))
    assert empty.severity is Severity.ERROR


def test_a_part_without_rows_is_said_and_of_spark_only_noted(look: Any) -> None:
    (part,) = found(flow_of({TRAIN: look({"part-0.csv": PEOPLE, "part-1.csv": "age,label\n"})}))
    assert "1 part of 2 without rows: 'part-1.csv'" in part.message
    spark = look({"part-00000.csv": PEOPLE, "part-00001.csv": "age,label\n"})
    assert [each.severity for each in found(flow_of({TRAIN: spark}))] == [Severity.NOTE]


def test_an_empty_partition_is_said(look: Any) -> None:
    written = look({"year=2025/a.csv": PEOPLE, "year=2026/a.csv": "age,label\n"})
    (part,) = found(flow_of({TRAIN: written}))
    assert "year=2026/a.csv" in part.message


def test_a_contract_makes_an_empty_table_an_error(look: Any) -> None:
    (empty,) = found(held(flow_of({TRAIN: look({"a.csv": "age,label\n"})}), not_empty=True))
    assert (empty.code, empty.severity) == ("ST133", Severity.ERROR)


def archive(*members: str) -> Profile:
    return profile_of([("model.tar.gz", FileProfile("tar", members=members))])


def test_a_member_of_the_contract_that_is_not_in_the_archive(look: Any) -> None:
    flow = held(flow_of({TRAIN: archive("model.pkl", "code/inference.py")}), members=["*.joblib", "code/*"])
    (missing,) = found(flow)
    assert missing.code == "ST134"
    assert missing.message == "Preprocess wrote 'train', and model.tar.gz lacks '*.joblib'"
    assert missing.observed == "'model.pkl', 'code/inference.py'"


def evaluated(path: str, *members: str, said: str | None = None) -> Flow:
    """Evaluate fails for want of a file."""
    flow = simulate(
        pipeline(
            training("Train", {"train": "s3://data/train/"}),
            processing("Evaluate", inputs={"model": model_of("Train")}),
        ),
        {"Evaluate": Doing(fails="AlgorithmError")},
    )
    step = flow.record.step("Evaluate")
    assert step is not None
    assert step.result is not None
    assert step.status is StepStatus.FAILED
    log = ("Traceback", said or f"FileNotFoundError: [Errno 2] No such file or directory: '{path}'")
    failed = replace(step, result=replace(step.result, log_tail=log))
    record = replace(flow.record, steps=(*flow.record.steps[:-1], failed))
    return replace(flow, record=record, contents=Contents(inputs={("Evaluate", "model"): archive(*members)}))


@pytest.mark.parametrize("folder", ["/opt/ml/processing/input/model", "/opt/ml/model"])
def test_what_a_failed_step_looked_for_and_the_archive_lacks(folder: str) -> None:
    (missing,) = found(evaluated(f"{folder}/xgboost-model", "model.joblib"))
    assert (missing.code, missing.step, missing.also) == ("ST134", "Evaluate", "Train.model")
    assert missing.expected == "xgboost-model"


@pytest.mark.parametrize(
    "said",
    [
        "cat: /opt/ml/model/xgboost-model: No such file or directory",
        "xgboost.core.XGBoostError: Opening /opt/ml/model/xgboost-model failed: No such file or directory",
        "KeyError: \"filename 'xgboost-model' not found\"",
        "KeyError: \"There is no item named 'xgboost-model' in the archive\"",
    ],
)
def test_the_ways_in_which_a_log_says_it(said: str) -> None:
    (missing,) = found(evaluated("", "model.joblib", said=said))
    assert (missing.code, missing.expected) == ("ST134", "xgboost-model")


@pytest.mark.parametrize(
    ("path", "member"),
    [
        ("/opt/ml/processing/input/model/xgboost-model", "xgboost-model"),  # it is there: another fault
        ("/home/me/settings.yml", "model.joblib"),  # nobody knows what was unpacked there
        ("/opt/ml/processing/input/modelling/xgboost-model", "model.joblib"),
        ("thresholds.csv", "model.joblib"),
        ("model.pkl", "artifacts/model.pkl"),  # it is there, and somebody looks in the wrong folder
    ],
)
def test_what_is_not_said_of_an_archive(path: str, member: str) -> None:
    assert codes(evaluated(path, member)) == []


@pytest.mark.parametrize(
    "path", ["xgboost-model", "./model.pkl", "/home/me/model/model.pkl", "/model/best.pt"]
)
def test_a_model_that_was_looked_for_where_scripts_unpack_theirs(path: str) -> None:
    (missing,) = found(evaluated(path, "model.joblib"))
    assert (missing.code, missing.severity, missing.also) == ("ST134", Severity.WARNING, "Train.model")
    assert missing.message == (
        f"Evaluate looked for {path}, and model.tar.gz of its input 'model' does not hold "
        f"{path.rpartition('/')[2]!r}"
    )


def test_parts_with_other_columns_disagree(look: Any) -> None:
    written = look({"part-0.csv": "a,b\n1,2\n", "part-1.csv": "a,c\n1,2\n"})
    (odd,) = found(flow_of({TRAIN: written}))
    assert odd.code == "ST135"
    assert odd.message.endswith("part-1.csv lacks 'b' and has 'c' besides")


def test_tables_that_only_share_a_folder_are_not_compared(look: Any) -> None:
    written = look({"X_train.csv": "a,b\n1,2\n", "y_train.csv": "label\n1\n", "stats_v2.csv": "m\n1\n"})
    assert codes(flow_of({TRAIN: written})) == []


def test_a_file_that_is_not_what_its_name_says(look: Any) -> None:
    (wrong,) = found(flow_of({TRAIN: look({"a.parquet": PEOPLE})}))
    assert (wrong.code, wrong.severity) == ("ST136", Severity.WARNING)


def test_what_is_wrong_with_an_output_is_not_said_again_of_who_reads_it(look: Any) -> None:
    assert [each.step for each in found(flow_of({TRAIN: look({"a.csv": "1,2\n3\n"})}))] == ["Preprocess"]


def channels(look: Any, train: str, validation: str) -> Flow:
    flow = simulate(
        pipeline(training("Train", {"train": "s3://data/train/", "validation": "s3://data/validation/"}))
    )
    inputs = {
        ("Train", "train"): look({"a.csv": train}),
        ("Train", "validation"): look({"a.csv": validation}),
    }
    return replace(flow, contents=Contents(inputs=inputs))


def test_channels_of_one_job_have_the_same_columns(look: Any) -> None:
    assert codes(channels(look, "0,1,2\n", "1,2,3\n")) == []
    assert codes(channels(look, PEOPLE, "age,label\n1.5,1\n")) == []
    (missing,) = found(channels(look, PEOPLE, "age\n1\n"))
    assert missing.code == "ST131"
    assert missing.message == "Train read 'validation', and it lacks 'label', which 'train' has"
    assert codes(channels(look, "0,1,2\n", "1,2\n")) == ["ST131"]


def test_a_number_that_is_a_text_in_the_other_channel(look: Any) -> None:
    (other,) = found(channels(look, PEOPLE, "age,label\nold,1\n"))
    assert (other.code, other.severity) == ("ST132", Severity.WARNING)


def test_a_table_of_which_no_row_was_seen_is_not_called_empty(look: Any) -> None:
    table = replace(look({"a.csv": "a,b\n"}).tables[0], total=None)
    assert codes(held(flow_of({TRAIN: Profile(tables=(table,))}), not_empty=True)) == []


def test_of_many_members_the_first_are_shown() -> None:
    archive = Archive("model.tar.gz", tuple(f"shard-{number}" for number in range(5000)))
    (lacking,) = found(held(flow_of({TRAIN: Profile(archives=(archive,))}), members=["weights"]))
    assert len(str(lacking.observed)) < 100


@pytest.mark.parametrize(
    "contract", [{"columns": {"a": "integer"}}, {"members": ["weights"]}, {"not_empty": True}]
)
def test_what_nobody_looked_into_fails_no_contract_and_is_said(contract: Any) -> None:
    for contents in (
        Contents(note="nobody looked"),
        Contents({TRAIN: Profile(left_out=("model.tar.gz: beyond the limit",))}),
    ):
        flow = replace(held(flow_of({}), **contract), contents=contents)
        assert [(each.code, each.severity) for each in found(flow)] == [("ST132", Severity.WARNING)]
