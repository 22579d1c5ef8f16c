"""The figures of Clarify's image beside what follows from its data by hand; one container for all."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import docker
import pytest

from seatrial.images import Images
from tests.integration.images.box import run

# The models that are asked: one adds its two features, one the worth of a city and a number.
ANALYZE_EACH = """
import csv, http.server, io, json, pathlib, threading
from clarify_processing import __main__ as job
from model_monitor_analyzer import ending

class Model(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        said = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if self.path == "/lines":
            rows = [json.loads(line)["features"] for line in said.splitlines()]
            answer = "".join(json.dumps({"score": sum(row)}) + "\\n" for row in rows)
        elif self.path == "/broken":
            self.send_error(500, "no")
            return
        else:
            worth = {"Kiel": 5.0, "Bonn": 1.0, "": 7.0}
            rows = list(csv.reader(io.StringIO(said)))
            answer = "".join(f"{sum(worth.get(one) or float(one) for one in row)}\\n" for row in rows)
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer.encode())

    def log_message(self, *said):
        pass

server = http.server.ThreadingHTTPServer(("127.0.0.1", 8080), Model)
threading.Thread(target=server.serve_forever, daemon=True).start()
found = {}
for case in pathlib.Path("/cases").iterdir():
    told = json.loads((case / "environment.json").read_text())
    code = job.main(case, told)
    output = case / "output"
    found[case.name] = {"code": code, "message": ending.MESSAGE.read_text()} | {
        path.relative_to(output).name: path.read_text() for path in output.rglob("*") if path.is_file()
    }
pathlib.Path("/found.json").write_text(json.dumps(found))
"""

# Of four in group a one is hired, of six in group d three; the model hires two and three.
PEOPLE = (
    "group,hired,said\n"
    "a,yes,yes\na,no,yes\na,no,no\na,no,no\n"
    "d,yes,yes\nd,yes,yes\nd,yes,no\nd,no,yes\nd,no,no\nd,no,no\n"
)
BIAS = {
    "dataset_type": "text/csv",
    "label": "hired",
    "label_values_or_threshold": ["yes"],
    "facet": [{"name_or_index": "group", "value_or_threshold": ["a"]}],
}
BEFORE = {
    "pre_training_bias_metrics": {
        "facets": {
            "group": [
                {
                    "value_or_threshold": "a",
                    "metrics": [{"name": "CI", "value": 0.2}, {"name": "DPL", "value": 0.1}],
                }
            ]
        }
    }
}
SHAP = {
    "dataset_type": "text/csv",
    "headers": ["label", "one", "two"],
    "label": "label",
    "predictor": {"content_type": "text/csv", "accept_type": "text/csv"},
}
KNOWN = {"explanations": {"kernel_shap": {"label0": {"global_shap_values": {"one": 0.0, "two": 9.0}}}}}


def case(data: str, config: Any, baseline: Any = None, path: str | None = None) -> dict[str, Any]:
    return {"data": data, "config": config, "baseline": baseline, "path": path}


def pre(*names: str, **more: Any) -> dict[str, Any]:
    return {**BIAS, "methods": {"pre_training_bias": {"methods": list(names)}, "report": {}}, **more}


def explained(baseline: Any, **more: Any) -> dict[str, Any]:
    shap = {"baseline": baseline, "num_samples": 20, "agg_method": "mean_abs", "seed": 1}
    return {**SHAP, "methods": {"shap": shap}, **more}


def ages(oldest: int) -> str:
    """Every second one of them was hired."""
    return "age,hired\n" + "".join(f"{age},{age % 2}\n" for age in range(20, oldest + 1))


def aged(interval: str) -> dict[str, Any]:
    """An earlier analysis of those over forty, as many as there are in `ages(75)`."""
    metrics = [{"name": "CI", "value": -14 / 56}]
    group = {"value_or_threshold": interval, "metrics": metrics}
    return {"pre_training_bias_metrics": {"facets": {"age": [group]}}}


THRESHOLD = {
    **pre("CI"),
    "label_values_or_threshold": [1],
    "facet": [{"name_or_index": "age", "value_or_threshold": [40]}],
}
CASES = {
    "labels": case(PEOPLE, pre("CI", "DPL", "KL", "TVD", "LP", "KS", excluded_columns=["said"]), BEFORE),
    "answers": case(
        PEOPLE,
        {**BIAS, "predicted_label": "said", "methods": {"post_training_bias": {"methods": ["DPPL", "DI"]}}},
    ),
    "asked": case(
        "group,hired,x\na,1,0.9\na,0,0.2\nd,1,0.8\nd,1,0.7\n",
        {
            **BIAS,
            "label_values_or_threshold": [1],
            "excluded_columns": ["group"],
            "probability_threshold": 0.5,
            "predictor": {"content_type": "text/csv"},
            "methods": {"post_training_bias": {"methods": ["DPPL"]}},
        },
        path="sum",
    ),
    "no labels": case(
        "group,hired,x\na,1,0.9\na,0,0.2\nd,1,1.8\n",
        {
            **BIAS,
            "label_values_or_threshold": [1],
            "excluded_columns": ["group"],
            "predictor": {"content_type": "text/csv"},
            "methods": {"post_training_bias": {"methods": ["DPPL"]}},
        },
        path="sum",
    ),
    "explained": case("0,1,1\n0,3,1\n", explained([[0, 0]]), KNOWN, path="sum"),
    "cities": case(
        "0,Kiel,1\n0,Bonn,3\n", explained([["Bonn", 1]], headers=["label", "city", "number"]), path="sum"
    ),
    "lines": case(
        '{"features": [1, 1], "label": 0}\n{"features": [3, 1], "label": 0}\n',
        explained(
            [{"features": [0, 0]}],
            dataset_type="application/jsonlines",
            headers=["one", "two"],
            features="features",
            predictor={"content_type": "application/jsonlines", "label": "score"},
        ),
        path="lines",
    ),
    "gaps": case(
        "0,Kiel,1\n0,,\n", explained([["Bonn", 1]], headers=["label", "city", "number"]), path="sum"
    ),
    "older": case(ages(95), THRESHOLD, aged("(40, 75]")),
    "as old": case(ages(75), THRESHOLD, aged("(40, 75]")),
    "unnamed": case(",group,hired\n0,a,yes\n1,d,no\n2,d,yes\n", pre("CI", excluded_columns=["Unnamed: 0"])),
    "too many": case("group,hired\na,yes,1\nd,no,2\n", pre("CI")),
    "twice": case("a,yes\n", {**pre("CI"), "headers": ["group", "group"]}),
    "other baseline": case(PEOPLE, pre("CI"), KNOWN),
    "other labels": case(
        "0,1,1\n0,3,1\n",
        explained([[0, 0]], label="label", predictor={"label_headers": ["risk"]}),
        KNOWN,
        path="sum",
    ),
    "no lines": case("{", {**pre("CI"), "dataset_type": "application/jsonlines"}),
    "broken": case("0,1,1\n0,3,1\n", explained([[0, 0]]), path="broken"),
    "unserved": case("0,1,1\n", explained([[0, 0]])),
    "partial": case("0,1,1\n", {**SHAP, "methods": {"pdp": {}, "shap": {"text_config": {"language": "en"}}}}),
    "no methods": case("0,1,1\n", {"dataset_type": "text/csv"}),
    "no json": case("0,1,1\n", "{"),
}


@pytest.fixture(scope="module")
def found(images: Images, docker_client: docker.DockerClient) -> Mapping[str, Any]:
    """What each analysis leaves."""
    files: dict[str, str | bytes] = {"analyze.py": ANALYZE_EACH}
    for name, given in CASES.items():
        folder, config = f"cases/{name}", given["config"]
        told = {}
        files[f"{folder}/input/config/analysis_config.json"] = (
            config if isinstance(config, str) else json.dumps(config)
        )
        files[f"{folder}/input/data/data.csv"] = given["data"]
        files[f"{folder}/output/"] = ""
        if given["baseline"]:
            files[f"{folder}/analysis.json"] = json.dumps(given["baseline"])
            told["baseline_constraints"] = f"/{folder}/analysis.json"
        if given["path"]:
            told["model_url"] = f"http://127.0.0.1:8080/{given['path']}"
        files[f"{folder}/environment.json"] = json.dumps(told)
    image = images.ensure("clarify")
    with run(docker_client, image, "/analyze.py", files=files, entrypoint=["python3"]) as ended:
        text = ended.read("/found.json")
        assert text is not None, ended.output
        result: Mapping[str, Any] = json.loads(text)
        return result


def document(found: Mapping[str, Any], name: str, file: str = "analysis.json") -> Any:
    assert file in found[name], found[name]
    return json.loads(found[name][file])


def metrics(found: Mapping[str, Any], name: str, section: str) -> dict[str, float]:
    (group,) = document(found, name)[section]["facets"]["group"]
    assert group["value_or_threshold"] == "a"
    return {metric["name"]: metric["value"] for metric in group["metrics"]}


def attributions(found: Mapping[str, Any], name: str) -> Any:
    return document(found, name)["explanations"]["kernel_shap"]["label0"]


def test_the_bias_of_labels_is_computed(found: Mapping[str, Any]) -> None:
    a, d = (0.25, 0.75), (0.5, 0.5)  # hired and not
    assert metrics(found, "labels", "pre_training_bias_metrics") == pytest.approx(
        {
            "CI": (6 - 4) / 10,
            "DPL": 3 / 6 - 1 / 4,
            "KL": sum(p * math.log(p / q) for p, q in zip(d, a, strict=True)),
            "KS": 0.25,
            "LP": math.sqrt(2 * 0.25**2),
            "TVD": 0.25,
        }
    )
    section = document(found, "labels")["pre_training_bias_metrics"]
    assert (section["label"], section["label_value_or_threshold"]) == ("hired", "yes")


def test_a_metric_that_is_not_what_it_was_is_a_violation(found: Mapping[str, Any]) -> None:
    assert document(found, "labels", "constraint_violations.json") == {
        "version": "1.0",
        "violations": [
            {
                "facet": "group",
                "facet_value": "a",
                "metric_name": "DPL",
                "constraint_check_type": "bias_drift_check",
                "description": "Metric value 0.25 doesn't meet the baseline constraint requirement 0.1",
            }
        ],
    }
    assert found["labels"]["code"] == 0


def test_the_bias_of_predictions_is_computed_from_those_in_the_data(found: Mapping[str, Any]) -> None:
    assert metrics(found, "answers", "post_training_bias_metrics") == pytest.approx(
        {"DPPL": 3 / 6 - 2 / 4, "DI": (2 / 4) / (3 / 6)}
    )


def test_or_from_those_of_the_model(found: Mapping[str, Any]) -> None:
    # From 0.5 on it says 1: of one in two, and of both others.
    assert metrics(found, "asked", "post_training_bias_metrics") == {"DPPL": 0.5}


def test_what_features_add_is_found_by_asking_the_model(found: Mapping[str, Any]) -> None:
    explained = attributions(found, "explained")
    assert explained["expected_value"] == 0.0
    assert explained["global_shap_values"] == pytest.approx({"one": 2.0, "two": 1.0})
    rows = found["explained"]["out.csv"].splitlines()
    assert rows[0] == "one_label0,two_label0"
    assert [[round(float(value), 6) for value in row.split(",")] for row in rows[1:]] == [[1, 1], [3, 1]]
    assert found["explained"]["baseline.csv"] == "one,two\n0,0\n"


def test_features_may_be_text(found: Mapping[str, Any]) -> None:
    assert attributions(found, "cities")["global_shap_values"] == pytest.approx({"city": 2.0, "number": 1.0})


def test_what_is_missing_is_missing_for_the_model_too(found: Mapping[str, Any]) -> None:
    # No city counts seven and no number seven: against Bonn and one either adds six.
    assert found["gaps"]["code"] == 0, found["gaps"]["message"]
    rows = [row.split(",") for row in found["gaps"]["out.csv"].splitlines()[1:]]
    assert [[round(float(value), 6) for value in row] for row in rows] == [[4, 0], [6, 6]]


def test_a_group_above_a_threshold_is_the_same_whoever_is_the_oldest(found: Mapping[str, Any]) -> None:
    (violation,) = document(found, "older", "constraint_violations.json")["violations"]
    assert (violation["facet_value"], violation["metric_name"]) == ("(40, 95]", "CI")
    assert "constraint_violations.json" not in found["as old"]


def test_a_first_line_with_a_name_left_out_is_a_header(found: Mapping[str, Any]) -> None:
    assert metrics(found, "unnamed", "pre_training_bias_metrics") == pytest.approx({"CI": 1 / 3})


def test_records_may_be_lines_of_json(found: Mapping[str, Any]) -> None:
    assert attributions(found, "lines")["global_shap_values"] == pytest.approx({"one": 2.0, "two": 1.0})


def test_features_in_another_order_than_before_are_a_violation(found: Mapping[str, Any]) -> None:
    # What mattered most, and alone, comes second now: 1 / log2(3).
    (violation,) = document(found, "explained", "constraint_violations.json")["violations"]
    said = violation.pop("description")
    assert violation == {
        "label": "label0",
        "metric_name": "shap",
        "constraint_check_type": "feature_attribution_drift_check",
    }
    assert float(said.split()[3]) == pytest.approx(1 / math.log2(3))
    assert said.endswith("exceeds threshold 0.9")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("broken", "Error: the model answered 500: "),
        ("unserved", "Error: predictions need a model: none was served for this job"),
        ("partial", "Error: not supported here: methods.pdp, methods.shap.text_config"),
        ("no labels", "Error: 0.9 is no label like those of the data"),
        ("too many", "Error: data.csv cannot be read as CSV: Length of header or names does not match"),
        ("twice", "Error: headers has a name twice: group, group"),
        ("other baseline", "Error: the baseline has none of the pre_training_bias_metrics of this analysis"),
        ("other labels", "Error: the baseline has no SHAP values of risk"),
        ("no lines", "Error: data.csv cannot be read as JSON lines: "),
        ("no methods", "Error: Analysis configuration schema validation error. "),
        ("no json", "Error: Unable to load analysis configuration as JSON. "),
    ],
)
def test_what_cannot_be_done_is_said(found: Mapping[str, Any], name: str, said: str) -> None:
    assert found[name]["code"] == 1
    assert found[name]["message"].startswith(said)
    assert "analysis.json" not in found[name]
