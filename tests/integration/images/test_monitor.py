"""The monitoring image's figures beside what follows from its data by hand.

Many analyses share a container, for a container costs more than an analysis.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any

import docker
import numpy
import pandas
import pytest

from seatrial.images import Images
from tests.integration.images.box import run

ANALYZE_EACH = """
import dataclasses, json, pathlib
from model_monitor_analyzer.analysis import analyze
from model_monitor_analyzer.faults import JobFaultError
from model_monitor_analyzer.json_text import to_json
from model_monitor_analyzer.settings import read_settings

found = {}
for case in pathlib.Path("/cases").iterdir():
    told = json.loads((case / "environment.json").read_text())
    try:
        found[case.name] = once = dataclasses.asdict(analyze(read_settings(told)))
        if case.name.startswith("random"):
            for part in ("constraints", "statistics"):
                told[f"baseline_{part}"] = str(case / part)
                (case / part).write_text(to_json(once[part]))
            found[f"{case.name} again"] = dataclasses.asdict(analyze(read_settings(told)))
    except JobFaultError as fault:
        found[case.name] = {"fault": str(fault)}
pathlib.Path("/found.json").write_text(json.dumps(found))
"""

CSV = '{"csv": {"header": true, "output_columns_position": "START"}}'
CHECKED = {
    "features": [
        {"name": "n", "inferred_type": "Integral", "completeness": 1.0},
        {
            "name": "city",
            "inferred_type": "String",
            "completeness": 0.5,
            "string_constraints": {"domains": ["Bonn", "Kiel"]},
        },
        {"name": "gone", "inferred_type": "String", "completeness": 0.0},
    ],
    "monitoring_config": {"evaluate_constraints": "Enabled"},
}
COMPARED = {
    "features": [{"name": "n", "inferred_type": "Integral", "completeness": 1.0}],
    "monitoring_config": {
        "distribution_constraints": {
            "perform_comparison": "Enabled",
            "comparison_threshold": 0.1,
            "comparison_method": "Simple",
        }
    },
}
ROBUST = json.loads(json.dumps(COMPARED).replace("Simple", "Robust"))
SKETCHED = {"kll": {"sketch": {"data": [[1.0, 2.0], [3.0]]}}}  # 1 once, 2 once, 3 twice
BEFORE = {"features": [{"name": "n", "numerical_statistics": {"distribution": SKETCHED}}]}
SCORED = "label,said,score\n1,1,0.9\n1,1,0.8\n1,0,0.4\n0,1,0.6\n0,0,0.1\n,1,0.5\n"


def case(data: str, file: str = "data.csv", **told: Any) -> dict[str, Any]:
    """One analysis: its data, its variables, and what lies beside (`baseline_*` are documents)."""
    return {"data": data, "file": file, "told": told}


def quality(problem: str, data: str, **told: Any) -> dict[str, Any]:
    return case(
        data,
        analysis_type="MODEL_QUALITY",
        problem_type=problem,
        ground_truth_attribute="label",
        **told,
    )


RANDOM = range(8)


def numbers(seed: int) -> str:
    """Columns of some size, some of whose values are missing; the first row is whole."""
    chosen = numpy.random.default_rng(seed)
    rows, missing = int(chosen.choice((1, 2, 50, 5000))), chosen.choice((0.0, 0.3))
    middles, spread = chosen.integers(-1, 4, 3), 10.0 ** chosen.integers(-3, 10, 3)

    def field(row: int, column: int) -> str:
        if row and chosen.random() < missing:
            return ""
        value = float(chosen.normal(middles[column]) * spread[column])
        return str(round(value)) if column == 0 else repr(value)

    lines = [",".join(field(row, column) for column in range(3)) for row in range(rows)]
    return "\n".join(["whole,one,two", *lines]) + "\n"


CASES = {
    **{f"random {seed}": case(numbers(seed)) for seed in RANDOM},
    "columns": case(
        "n,f,city,none\n1,-0.5,Kiel,\n2,0.5,Kiel,\n3,1,Bonn,\n4,2e0,Bonn,\n,,Bonn,\n",
    ),
    "headless": case("1,2\n3,4\n", dataset_format='{"csv": {"header": false}}'),
    "lines": case('{"a": {"b": 1}, "c": "x"}\n{"a": {"b": 2}}\n', dataset_format='{"json": {"lines": true}}'),
    "captured": case(
        '{"captureData": {"endpointInput": {"data": "1,2", "encoding": "CSV"}, '
        '"endpointOutput": {"data": "0.5", "encoding": "CSV"}}}\n',
        dataset_format='{"sagemakerCaptureJson": {}}',
    ),
    "checked": case(
        "n,city,extra\n1,Kiel,1\n2,Rom,1\nx,,1\n4,,1\n,,1\n",
        baseline_constraints=CHECKED,
    ),
    "kept": case("n,city,gone\n1,Kiel,\n2,Bonn,\n", baseline_constraints=CHECKED),
    "simple": case("n\n3\n3\n4\n5\n", baseline_constraints=COMPARED, baseline_statistics=BEFORE),
    "robust": case("n\n3\n3\n4\n5\n", baseline_constraints=ROBUST, baseline_statistics=BEFORE),
    "binary": quality(
        "BinaryClassification",
        SCORED,
        inference_attribute="said",
        probability_attribute="score",
        baseline_constraints={
            "binary_classification_constraints": {
                "recall": {"threshold": 0.9, "comparison_operator": "LessThanThreshold"},
                "precision": {"threshold": 0.5, "comparison_operator": "LessThanThreshold"},
                "false_positive_rate": {"threshold": 0.2, "comparison_operator": "GreaterThanThreshold"},
            }
        },
    ),
    "scores": quality(
        "BinaryClassification",
        SCORED,
        probability_attribute="2",
        probability_threshold_attribute="0.7",
    ),
    "regression": quality("Regression", "label,said\n1,1\n2,2\n3,5\n", inference_attribute="said"),
    "multiclass": quality(
        "MulticlassClassification", "label,said\na,a\na,b\nb,b\nc,c\n", inference_attribute="said"
    ),
    "many": quality(
        "Regression",
        "label,said\n" + "".join(f"{n},{n + n % 2}\n" for n in range(250)),
        inference_attribute="1",
    ),
    "script": case(
        "a\n1\n2\n",
        record_preprocessor_script="def preprocess_handler(record):\n"
        "    return {'twice': 2 * int(record.endpoint_input.data)}\n",
    ),
    "too many fields": case("a,b\n1,2,3\n4,5,6\n"),
    "an end of each": case("a,b\n1,2,\n4,5,\n"),
    "beyond": case("n,f\n1,1e400\n9007199254740993,1\n"),
    "other baseline": quality(
        "Regression",
        "label,said\n1,1\n",
        inference_attribute="said",
        baseline_constraints={"binary_classification_constraints": {}},
    ),
    "other operator": quality(
        "Regression",
        "label,said\n1,1\n",
        inference_attribute="said",
        baseline_constraints={"regression_constraints": {"mae": {"comparison_operator": "GreaterThan"}}},
    ),
    "one label": quality(
        "BinaryClassification",
        "label,said,score\n1,1,0.9\n1,1,0.8\n",
        inference_attribute="said",
        probability_attribute="score",
        baseline_constraints={
            "binary_classification_constraints": {
                "auc": {"threshold": 0.9, "comparison_operator": "LessThanThreshold"}
            }
        },
    ),
    "ten is more": quality("BinaryClassification", "label,said\n10,9\n10,1e1\n", inference_attribute="said"),
    "near labels": quality(
        "MulticlassClassification",
        "label,said\n9007199254740993,9007199254740992\n1,1.0\n",
        inference_attribute="said",
    ),
    "no number": quality("Regression", "label,said\n1,nan\n", inference_attribute="said"),
    "no column": quality("Regression", "label,said\n1,1\n", inference_attribute="other"),
    "no data": case("", file=".hidden"),
    "no problem": quality("Clustering", "label,said\n1,1\n", inference_attribute="said"),
    "three labels": quality("BinaryClassification", "label,said\n0,1\n2,1\n", inference_attribute="said"),
}


@pytest.fixture(scope="module")
def found(images: Images, docker_client: docker.DockerClient) -> Mapping[str, Any]:
    """What each analysis gives."""
    files: dict[str, str | bytes] = {"analyze.py": ANALYZE_EACH}
    for name, given in CASES.items():
        folder = f"cases/{name}"
        told = {"dataset_source": f"/{folder}/data", "dataset_format": CSV}
        for key, value in given["told"].items():
            told[key] = value
            if key.startswith("baseline_") or key.endswith("_script"):
                told[key] = f"/{folder}/{key}"
                files[f"{folder}/{key}"] = value if isinstance(value, str) else json.dumps(value)
        files[f"{folder}/data/{given['file']}"] = given["data"]
        files[f"{folder}/environment.json"] = json.dumps(told)
    with run(
        docker_client, images.ensure("monitor"), "/analyze.py", files=files, entrypoint=["python3"]
    ) as ended:
        text = ended.read("/found.json")
        assert text is not None, ended.output
        result: Mapping[str, Any] = json.loads(text)
        return result


def features(found: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {feature["name"]: feature for feature in found[name]["statistics"]["features"]}


def values(found: Mapping[str, Any], name: str) -> dict[str, float]:
    """The plain figures of a model's quality."""
    (section,) = (part for key, part in found[name]["statistics"].items() if key.endswith("_metrics"))
    return {key: part["value"] for key, part in section.items() if isinstance(part, dict) and "value" in part}


def test_numbers_are_described(found: Mapping[str, Any]) -> None:
    described = features(found, "columns")["n"]
    assert described["inferred_type"] == "Integral"
    figures = described["numerical_statistics"]
    distribution = figures.pop("distribution")["kll"]
    assert figures == {
        "common": {"num_present": 4, "num_missing": 1},
        "mean": 2.5,
        "sum": 10.0,
        "std_dev": pytest.approx(1.25**0.5),
        "min": 1.0,
        "max": 4.0,
    }
    assert [bucket["count"] for bucket in distribution["buckets"]] == [1, 0, 0, 1, 0, 0, 1, 0, 0, 1]
    assert distribution["buckets"][0]["lower_bound"] == 1.0
    assert distribution["buckets"][9]["upper_bound"] == 4.0
    assert distribution["sketch"] == {"parameters": {"c": 0.64, "k": 2048.0}, "data": [[1.0, 2.0, 3.0, 4.0]]}


def test_each_column_has_the_narrowest_type_of_its_values(found: Mapping[str, Any]) -> None:
    types = {name: feature["inferred_type"] for name, feature in features(found, "columns").items()}
    assert types == {"n": "Integral", "f": "Fractional", "city": "String", "none": "Unknown"}
    assert found["columns"]["statistics"]["dataset"] == {"item_count": 5}


def test_text_is_counted(found: Mapping[str, Any]) -> None:
    assert features(found, "columns")["city"]["string_statistics"] == {
        "common": {"num_present": 5, "num_missing": 0},
        "distinct_count": 2.0,
        "distribution": {
            "categorical": {"buckets": [{"value": "Bonn", "count": 3}, {"value": "Kiel", "count": 2}]}
        },
    }


def test_constraints_are_what_the_data_keeps(found: Mapping[str, Any]) -> None:
    document = found["columns"]["constraints"]
    assert document["features"] == [
        {
            "name": "n",
            "inferred_type": "Integral",
            "completeness": 0.8,
            "num_constraints": {"is_non_negative": True},
        },
        {
            "name": "f",
            "inferred_type": "Fractional",
            "completeness": 0.8,
            "num_constraints": {"is_non_negative": False},
        },
        {
            "name": "city",
            "inferred_type": "String",
            "completeness": 1.0,
            "string_constraints": {"domains": ["Bonn", "Kiel"]},
        },
        {"name": "none", "inferred_type": "Unknown", "completeness": 0.0},
    ]
    assert document["monitoring_config"]["distribution_constraints"]["comparison_method"] == "Robust"


def test_data_comes_in_every_format(found: Mapping[str, Any]) -> None:
    assert list(features(found, "headless")) == ["_c0", "_c1"]
    assert list(features(found, "lines")) == ["a.b", "c"]
    assert features(found, "lines")["a.b"]["numerical_statistics"]["sum"] == 3.0
    captured = features(found, "captured")
    assert [captured[name]["inferred_type"] for name in ("_c0", "_c1", "_c2")] == [
        "Fractional",
        "Integral",
        "Integral",
    ]


def test_a_script_may_change_each_record(found: Mapping[str, Any]) -> None:
    assert features(found, "script")["twice"]["numerical_statistics"]["sum"] == 6.0


def test_each_check_says_what_it_expected(found: Mapping[str, Any]) -> None:
    violations = found["checked"]["violations"]
    assert [(each["constraint_check_type"], each["feature_name"]) for each in violations] == [
        ("missing_column_check", "Missing columns"),
        ("extra_column_check", "Extra columns"),
        ("data_type_check", "n"),
        ("completeness_check", "n"),
        ("completeness_check", "city"),
        ("categorical_values_check", "city"),
    ]
    texts = [each["description"] for each in violations]
    assert texts[0].endswith(
        "Number of columns in current dataset: 3, Number of columns in baseline constraints: 3"
    )
    assert texts[2] == (
        "Data type match requirement is not met. Expected data type: Integral, Expected match: 100.0%. "
        "Observed: Only 75.0% of data is Integral."
    )
    assert "Only 80.0% of data is complete" in texts[3]
    assert "Only 50.0% of data is among the known values. Unknown values: Rom" in texts[5]


def test_data_that_keeps_the_constraints_violates_nothing(found: Mapping[str, Any]) -> None:
    assert found["kept"]["violations"] == []


def test_drift_is_the_largest_distance_of_the_distributions(found: Mapping[str, Any]) -> None:
    # At 2 half of the earlier values lie below and none of these; a value of the second level counts twice.
    (violation,) = found["simple"]["violations"]
    assert violation == {
        "feature_name": "n",
        "constraint_check_type": "baseline_drift_check",
        "description": "Baseline drift distance: 0.5 exceeds threshold: 0.1",
    }
    assert found["robust"]["violations"] == []  # four values against four tell nothing


def test_binary_answers_are_judged(found: Mapping[str, Any]) -> None:
    section = found["binary"]["statistics"]["binary_classification_metrics"]
    assert found["binary"]["statistics"]["dataset"] == {"item_count": 5}  # a row without a label is none
    assert section["confusion_matrix"] == {"0": {"0": 1, "1": 1}, "1": {"0": 1, "1": 2}}
    assert values(found, "binary") == pytest.approx(
        {
            "recall": 2 / 3,
            "precision": 2 / 3,
            "accuracy": 3 / 5,
            "f0_5": 2 / 3,
            "f1": 2 / 3,
            "f2": 2 / 3,
            "true_positive_rate": 2 / 3,
            "true_negative_rate": 1 / 2,
            "false_positive_rate": 1 / 2,
            "false_negative_rate": 1 / 3,
            "auc": 5 / 6,
            "recall_best_constant_classifier": 1.0,
            "precision_best_constant_classifier": 3 / 5,
            "accuracy_best_constant_classifier": 3 / 5,
            "f0_5_best_constant_classifier": 1.25 * 0.6 / (0.25 * 0.6 + 1),
            "f1_best_constant_classifier": 0.75,
            "f2_best_constant_classifier": 5 * 0.6 / (4 * 0.6 + 1),
        }
    )
    assert section["recall"]["standard_deviation"] == "NaN"
    assert section["receiver_operating_characteristic_curve"]["true_positive_rates"][-1] == 1.0


def test_a_figure_on_the_wrong_side_of_its_threshold_is_a_violation(found: Mapping[str, Any]) -> None:
    assert found["binary"]["violations"] == [
        {
            "constraint_check_type": "LessThanThreshold",
            "description": "Metric recall with 0.6666666666666666 was LessThanThreshold 0.9",
            "metric_name": "recall",
        },
        {
            "constraint_check_type": "GreaterThanThreshold",
            "description": "Metric false_positive_rate with 0.5 was GreaterThanThreshold 0.2",
            "metric_name": "false_positive_rate",
        },
    ]
    suggested = found["binary"]["constraints"]["binary_classification_constraints"]
    assert suggested["accuracy"] == {"threshold": 0.6, "comparison_operator": "LessThanThreshold"}


def test_scores_alone_are_turned_into_labels(found: Mapping[str, Any]) -> None:
    # From 0.7 on two of the three positives are found, and no negative.
    assert values(found, "scores")["recall"] == pytest.approx(2 / 3)
    assert values(found, "scores")["precision"] == 1.0


def test_regression_and_many_classes_are_judged(found: Mapping[str, Any]) -> None:
    assert values(found, "regression") == pytest.approx(
        {"mae": 2 / 3, "mse": 4 / 3, "rmse": (4 / 3) ** 0.5, "r2": -1.0}
    )
    several = values(found, "multiclass")
    assert several["accuracy"] == several["weighted_recall"] == 0.75
    assert several["weighted_precision"] == 0.875
    assert several["weighted_f1"] == pytest.approx(0.75)


def test_a_deviation_is_told_of_enough_rows(found: Mapping[str, Any]) -> None:
    mae = found["many"]["statistics"]["regression_metrics"]["mae"]
    assert mae["value"] == 0.5
    assert 0.0 < mae["standard_deviation"] < 0.1


def test_a_comma_at_every_end_is_no_column(found: Mapping[str, Any]) -> None:
    described = features(found, "an end of each")
    assert [described[name]["numerical_statistics"]["sum"] for name in ("a", "b")] == [5.0, 7.0]


def test_digits_that_no_double_holds_are_text(found: Mapping[str, Any]) -> None:
    described = features(found, "beyond")
    assert described["f"]["inferred_type"] == "String"
    assert described["n"]["numerical_statistics"]["max"] == 2.0**53


def test_a_figure_that_cannot_be_told_is_not_checked(found: Mapping[str, Any]) -> None:
    assert found["one label"]["violations"] == []
    assert found["one label"]["unchecked"] == ["auc"]


def test_labels_are_compared_as_they_are(found: Mapping[str, Any]) -> None:
    assert values(found, "ten is more")["recall"] == 0.5
    assert values(found, "near labels")["accuracy"] == 0.5


@pytest.mark.parametrize("name", [f"random {seed}" for seed in RANDOM])
def test_the_figures_of_any_numbers_are_those_of_pandas(found: Mapping[str, Any], name: str) -> None:
    written = pandas.read_csv(io.StringIO(CASES[name]["data"]), dtype=float)
    for column, feature in features(found, name).items():
        expected, figures = written[column], feature["numerical_statistics"]
        assert figures["common"] == {"num_present": expected.count(), "num_missing": expected.isna().sum()}
        told = {key: figures[key] for key in ("mean", "sum", "std_dev", "min", "max")}
        assert told == pytest.approx(
            {
                "mean": expected.mean(),
                "sum": expected.sum(),
                "std_dev": expected.std(ddof=0),
                "min": expected.min(),
                "max": expected.max(),
            },
            rel=1e-9,
            abs=1e-6,
        )
        buckets = figures["distribution"]["kll"]["buckets"]
        assert sum(bucket["count"] for bucket in buckets) == expected.count()


@pytest.mark.parametrize("name", [f"random {seed}" for seed in RANDOM])
def test_no_data_violates_its_own_baseline(found: Mapping[str, Any], name: str) -> None:
    assert found[f"{name} again"]["violations"] == []


@pytest.mark.parametrize(
    ("name", "fault"),
    [
        (
            "too many fields",
            "data.csv cannot be read as CSV: Length of header or names does not match length of data. "
            "This leads to a loss of data with index_col=False.",
        ),
        ("other baseline", "the baseline's constraints have no regression_constraints"),
        (
            "other operator",
            "the baseline's constraint of mae is not known: it has a number as its threshold, "
            "and LessThanThreshold or GreaterThanThreshold as its comparison_operator",
        ),
        ("no number", "column said holds what is no number: NaN or infinity"),
        ("no column", "the data has no column other; it has label, said"),
        ("no data", "there is no data in /cases/no data/data"),
        (
            "no problem",
            "problem_type Clustering is not known; "
            "it is one of Regression, BinaryClassification, MulticlassClassification",
        ),
        ("three labels", "a binary classification has two labels, and the data has 0, 1, 2"),
    ],
)
def test_what_cannot_be_meant_is_said(found: Mapping[str, Any], name: str, fault: str) -> None:
    assert found[name] == {"fault": fault}
