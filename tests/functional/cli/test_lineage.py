"""`seatrial lineage` of a package that was really trained, and what another script changes in it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from xml.etree import ElementTree

import pytest

from tests.adapters.openlineage import hold
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import Json, output_of, pipeline, processing, training, under_prefix

CODE = "s3://lineage-code/prepare.py"
RAW = "s3://lineage-raw/in/"
PREPARE = """\
from pathlib import Path
rows = "".join(sorted(p.read_text() for p in Path('/opt/ml/processing/in/raw').iterdir()))
Path('/opt/ml/processing/out/rows/rows.csv').write_text(rows)
"""
TRAIN = "open('/opt/ml/model/m', 'w').write(open('/opt/ml/input/data/rows/rows.csv').read())"
EVALUATE = (
    "import glob, json; assert glob.glob('/opt/ml/processing/in/model/*'); "
    "json.dump({'auc': 0.9}, open('/opt/ml/processing/out/report/report.json', 'w'))"
)


def definition() -> Json:
    model = {"Get": "Steps.Train.ModelArtifacts.S3ModelArtifacts"}
    prepare = processing(
        "Prepare", "", inputs={"raw": RAW, "code": CODE}, outputs={"rows": under_prefix("rows")}
    )
    script = "/opt/ml/processing/in/code/prepare.py"
    prepare["Arguments"]["AppSpecification"]["ContainerEntrypoint"] = ["python3", script]
    files = [{"PropertyFileName": "Report", "OutputName": "report", "FilePath": "report.json"}]
    evaluate = processing(
        "Evaluate",
        EVALUATE,
        inputs={"model": model},
        outputs={"report": under_prefix("report")},
        PropertyFiles=files,
    )
    specification = {
        "Containers": [{"Image": "python", "ModelDataUrl": model}],
        "SupportedContentTypes": ["text/csv"],
        "SupportedResponseMIMETypes": ["text/csv"],
    }
    arguments = {"ModelPackageGroupName": "Lineage", "InferenceSpecification": specification}
    auc = {"Std:JsonGet": {"PropertyFile": {"Get": "Steps.Evaluate.PropertyFiles.Report"}, "Path": "auc"}}
    gate = {
        "Name": "Gate",
        "Type": "Condition",
        "Arguments": {
            "Conditions": [{"Type": "GreaterThan", "LeftValue": auc, "RightValue": 0.5}],
            "IfSteps": [{"Name": "Register", "Type": "RegisterModel", "Arguments": arguments}],
            "ElseSteps": [],
        },
    }
    train = training("Train", TRAIN, inputs={"rows": output_of("Prepare", "rows")})
    return pipeline(prepare, train, evaluate, gate)


@pytest.fixture
def listener() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    heard: list[dict[str, Any]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(201)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", heard
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_package_leads_back_to_every_object_image_and_line_of_code(
    project: Project, listener: tuple[str, list[dict[str, Any]]]
) -> None:
    url, heard = listener
    (project.folder / "raw").mkdir()
    for name in ("a", "b"):
        (project.folder / "raw" / f"{name}.csv").write_text(f"{name}\n")
    told = [_run(project, PREPARE, url), _run(project, f"{PREPARE}# another line\n", url)]

    first, second = told
    (package,) = first["sinks"]
    assert package["steps"] == ["Prepare", "Train", "Register"]
    assert (package["decisions"], package["decision_steps"]) == (["Gate"], ["Evaluate"])
    assert package["sources"] == [RAW, CODE]
    assert first["decisions"][0]["read"][0]["value"] == "0.9"
    raw = next(entry for entry in first["entries"] if entry["to_input"] == "raw")
    assert [stored["etag"] for stored in raw["objects"]] == [
        "60b725f10c9c85c70d97880dfe8191b3",
        "3b5d5c3712955042212316173ccf37be",
    ]
    (container,) = package["containers"]
    assert container["etag"] == _receipt(first, "Evaluate", "model")["etag"]
    assert container["ran"]["image_id"].startswith("sha256:")
    assert container["ran"]["requested"] == "python" != container["ran"]["reference"]

    assert _identity(first, code=False) == _identity(second, code=False)
    changed = [
        (name, kind)
        for (name, kind), digest in _identity(first).items()
        if _identity(second)[name, kind] != digest
    ]
    assert changed == [("Prepare", "code")]

    for event in heard:
        hold(event)
    assert [event["eventType"] for event in heard[:12]].count("COMPLETE") == 6
    assert len(heard) == 24

    tree = project.run("lineage").stdout
    assert "let through by Gate  true" in tree
    assert "prepare.py sha256 " in tree
    svg = project.run("lineage", "--format", "svg").stdout
    assert ElementTree.fromstring(svg).tag.endswith("svg")  # noqa: S314  # ours
    assert "flowchart TD" in project.run("lineage", "--of", "Train.model", "--format", "mermaid").stdout


def _run(project: Project, script: str, url: str) -> Any:
    (project.folder / "prepare.py").write_text(script)
    done = project.run(
        "run",
        project.write("lineage.json", definition()),
        *("--seed", f"{RAW}=raw", "--seed", f"{CODE}=prepare.py"),
        env={"SEATRIAL_OPENLINEAGE__URL": url},
    )
    assert done.returncode == 0, done.stderr
    return project.json("lineage")


def _receipt(lineage: Any, step: str, name: str) -> Any:
    entry = next(e for e in lineage["entries"] if (e["to_step"], e["to_input"]) == (step, name))
    return entry["objects"][0]


def _identity(lineage: Any, *, code: bool = True) -> dict[tuple[str, str], Any]:
    """What tells one run of a step from another: images, settings, and code."""
    found: dict[tuple[str, str], Any] = {}
    for step in lineage["steps"]:
        found[step["name"], "image"] = step["image"]
        found[step["name"], "settings"] = step["settings_sha256"]
        if code:
            found[step["name"], "code"] = [each["sha256"] for each in step["code"]]
    return found
