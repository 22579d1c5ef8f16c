"""The monitoring image: what its variables mean, of which type values are, who of several hosts works."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from model_monitor_analyzer.captured import captured_fields
from model_monitor_analyzer.constraints import suggest
from model_monitor_analyzer.dataset import read_columns
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.hosts import is_idle, sharded_inputs
from model_monitor_analyzer.json_text import to_json
from model_monitor_analyzer.settings import read_settings
from model_monitor_analyzer.types import count_types, inferred_type, matching_share, type_of

TOLD = {"dataset_source": "/data", "dataset_format": '{"csv": {"header": true}}'}
QUALITY = {**TOLD, "analysis_type": "MODEL_QUALITY", "problem_type": "Regression"}


def config(folder: Path, current: str, *hosts: str, distribution: str = "FullyReplicated") -> Path:
    source = {"S3DataDistributionType": distribution}
    inputs = [{"InputName": "data", "S3Input": source}, {"InputName": "set", "DatasetDefinition": {}}]
    resources = {"current_host": current, "hosts": list(hosts)}
    (folder / "resourceconfig.json").write_text(json.dumps(resources))
    (folder / "processingjobconfig.json").write_text(json.dumps({"ProcessingInputs": inputs}))
    return folder


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *(("1", "Integral"), (" -12 ", "Integral"), ("1.0", "Fractional"), (".5", "Fractional")),
        *(("1e3", "Fractional"), ("1,5", "String"), ("", "String"), ("nan", "String"), ("True", "String")),
        *(("1e400", "String"), ("9" * 400, "String"), ("\u0661\u0662", "String")),
    ],
)
def test_a_value_has_the_type_of_its_text(text: str, kind: str) -> None:
    assert type_of(text) == kind


def test_a_whole_number_is_a_fraction_and_anything_is_text() -> None:
    counts = count_types(["1", "2", "0.5", "x", None])
    assert inferred_type(counts) == "String"
    assert matching_share("Integral", counts) == 0.5
    assert matching_share("Fractional", counts) == 0.75
    assert matching_share("String", counts) == 1.0


def test_text_of_many_values_has_no_domain() -> None:
    def domains(*counts: int) -> Any:
        buckets = [{"value": f"v{number:03}", "count": count} for number, count in enumerate(counts)]
        strings = {
            "common": {"num_present": sum(counts), "num_missing": 0},
            "distribution": {"categorical": {"buckets": buckets}},
        }
        feature = {"name": "a", "inferred_type": "String", "string_statistics": strings}
        (suggested,) = suggest({"features": [feature]}, "LInfinity")["features"]
        return suggested.get("string_constraints", {}).get("domains")

    assert domains(5, 3) == ["v000", "v001"]
    assert domains(*[2] * 10, 1) is not None
    assert domains(*[2] * 10, 1, 1) is None  # more than a tenth occur once
    assert domains(*[2] * 121) is None


@pytest.mark.parametrize(
    ("told", "fault"),
    [
        ({}, "the environment variable dataset_source is required"),
        ({**TOLD, "dataset_format": "csv"}, "dataset_format is not JSON"),
        ({**TOLD, "dataset_format": "{}"}, "dataset_format must name one format"),
        ({**TOLD, "analysis_type": "BIAS"}, "analysis_type BIAS is not known"),
        ({**TOLD, "baseline_constraints": "/none"}, "baseline_constraints names a file that is not there"),
        ({**QUALITY, "ground_truth_attribute": "y"}, "inference_attribute is required"),
        ({**QUALITY, "inference_attribute": "p"}, "the environment variable ground_truth_attribute is"),
    ],
)
def test_what_a_variable_cannot_mean_is_said(told: dict[str, str], fault: str) -> None:
    with pytest.raises(JobFaultError, match=fault):
        read_settings(told)


def test_the_first_host_does_all_the_work(tmp_path: Path) -> None:
    assert not is_idle(config(tmp_path, "algo-1", "algo-2", "algo-1"))
    assert is_idle(config(tmp_path, "algo-2", "algo-2", "algo-1"))
    assert not is_idle(config(tmp_path, "algo-1", "algo-1"))
    assert not is_idle(tmp_path / "nothing")


def test_a_part_of_the_data_is_not_the_data(tmp_path: Path) -> None:
    sharded = "ShardedByS3Key"
    assert sharded_inputs(config(tmp_path, "algo-1", "algo-1", "algo-2", distribution=sharded)) == ["data"]
    assert sharded_inputs(config(tmp_path, "algo-1", "algo-1", distribution=sharded)) == []
    assert sharded_inputs(config(tmp_path, "algo-1", "algo-1", "algo-2")) == []


def test_what_marks_or_hides_is_no_data(tmp_path: Path) -> None:
    for name in ("part-0.csv", ".hidden/part-0.csv", "_temporary/part-1.csv", "deeper/part-2.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("a\n1\n")
    (tmp_path / "_SUCCESS").touch()
    (tmp_path / "part-3.csv").touch()
    assert read_columns(tmp_path, {"csv": {}}) == {"a": ["1", "1"]}


def test_a_separator_of_lines_within_json_ends_none(tmp_path: Path) -> None:
    lines = [json.dumps({"a": f"x{mark}y"}, ensure_ascii=False) for mark in ("\u2028", "\x85", "é")]
    (tmp_path / "data.jsonl").write_text("\ufeff" + "\r\n".join(lines), encoding="utf-8", newline="")
    assert read_columns(tmp_path, {"json": {"lines": True}}) == {"a": ["x\u2028y", "x\x85y", "xéy"]}


@pytest.mark.parametrize(("kind", "name"), [("csv", "CSV"), ("json", "JSON")])
def test_data_that_is_no_text_is_said(tmp_path: Path, kind: str, name: str) -> None:
    (tmp_path / "data").write_bytes(b'{"a": "\xe9"}\n')
    with pytest.raises(JobFaultError, match=f"data cannot be read as {name}: 'utf-8' codec"):
        read_columns(tmp_path, {kind: {}})


def test_documents_hold_what_json_has_no_number_for_as_text() -> None:
    written = to_json({"a": [float("inf"), -float("inf")], "b": {"c": float("nan"), "d": 0.5}})
    assert json.loads(written) == {"a": ["Infinity", "-Infinity"], "b": {"c": "NaN", "d": 0.5}}


@pytest.mark.parametrize(
    ("data", "encoding", "fault"),
    [
        ("1,2\n3,4\n", "CSV", "a captured request holds 2 records; one is supported here"),
        ("{", "JSON", "a captured request cannot be read as JSON"),
    ],
)
def test_of_a_captured_request_nothing_is_dropped(data: str, encoding: str, fault: str) -> None:
    record = {"captureData": {"endpointInput": {"data": data, "encoding": encoding}}}
    with pytest.raises(JobFaultError, match=fault):
        captured_fields(record, {})
