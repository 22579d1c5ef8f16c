"""Bad input, as a user meets it: a clear message with a remedy, the right exit code, nothing left behind."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import docker
import pytest

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import Json, output_of, pipeline, processing, under_prefix, writes

SOUND = pipeline(
    processing("Write", writes("data"), outputs={"data": under_prefix("write")}),
    processing("Read", "pass", inputs={"data": output_of("Write", "data")}),
    parameters=[{"Name": "Number", "Type": "Integer", "DefaultValue": 1}],
)


@dataclass(frozen=True)
class Refusal:
    """A definition spoilt in one way (or arguments), and what the user is told."""

    says: tuple[str, ...]
    spoil: Callable[[Json], Any] = lambda definition: None
    arguments: tuple[str, ...] = ()
    text: str | None = None
    code: int = 2


def _step(definition: Json, index: int) -> Json:
    return definition["Steps"][index]


def _cycle(definition: Json) -> None:
    _step(definition, 0)["DependsOn"] = ["Read"]


def _unknown_type(definition: Json) -> None:
    _step(definition, 0)["Type"] = "Procesing"


def _missing_step(definition: Json) -> None:
    _step(definition, 1)["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3Uri"] = output_of("Wriite", "data")


def _missing_output(definition: Json) -> None:
    _step(definition, 1)["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3Uri"] = output_of("Write", "dota")


def _outside(definition: Json) -> None:
    outputs = _step(definition, 0)["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    outputs[0]["S3Output"]["LocalPath"] = "/tmp/data"  # noqa: S108  # a path in a container


def _unknown_member(definition: Json) -> None:
    _step(definition, 0)["Arguments"]["Colour"] = "red"


def _wrong_enum(definition: Json) -> None:
    _step(definition, 1)["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3InputMode"] = "FastFile"


def _query(definition: Json) -> None:
    query = {
        "Catalog": "AwsDataCatalog",
        "Database": "sales",
        "QueryString": "SELECT * FROM orders",
        "OutputS3Uri": "s3://bucket/orders",
        "OutputFormat": "PARQUET",
    }
    dataset = {"LocalPath": "/opt/ml/processing/orders", "AthenaDatasetDefinition": query}
    inputs = _step(definition, 1)["Arguments"]["ProcessingInputs"]
    inputs.append({"InputName": "orders", "DatasetDefinition": dataset})


def _image(definition: Json) -> None:
    _step(definition, 0)["Arguments"]["AppSpecification"]["ImageUri"] = (
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/ours/sextant:3"
    )


def _experiment(definition: Json) -> None:
    definition["PipelineExperimentConfig"] = {"ExperimentName": {"Get": "Steps.Write.ProcessingJobName"}}


REFUSALS = {
    "malformed JSON": Refusal(("malformed JSON", "pipeline.json:1:13"), text='{"Version": '),
    "not a definition": Refusal(("Json Object",), text="[]"),
    "unknown step type": Refusal(("Procesing", "Processing"), _unknown_type),
    "unknown parameter": Refusal(("Nummer", "Number"), arguments=("-p", "Nummer=2")),
    "wrong type": Refusal(("Number", "integer"), arguments=("-p", "Number=two")),
    "cycle": Refusal(("Write", "Read", "cycle"), _cycle),
    "reference to a missing step": Refusal(("Wriite", "Write"), _missing_step),
    "reference to a missing output": Refusal(("dota", "data"), _missing_output),
    "unknown member of a request": Refusal(("Colour",), _unknown_member),
    "a value that the service refuses": Refusal(("FastFile", "[Pipe, File]"), _wrong_enum),
    "an input that the engine cannot read": Refusal(("ST201", "Athena", "[substitutes."), _query),
    "output not under /opt/ml/processing": Refusal(("/tmp/data", "/opt/ml/processing"), _outside),  # noqa: S108
    "missing image": Refusal(("ours/sextant:3", "[images]"), _image, code=3),
    "an experiment that only a step could name": Refusal(("Steps.Write.ProcessingJobName",), _experiment),
    "a prefix that is no S3 URI": Refusal(("s3://bucket",), arguments=("--prefix", "here")),
    "a prefix in what is no bucket": Refusal(
        ("'My_Bucket'", "bucket name"), arguments=("--prefix", "s3://My_Bucket/x")
    ),
    "a parameter without a value": Refusal(("NAME=VALUE",), arguments=("-p", "Number")),
    "an unknown engine": Refusal(("steam", "native"), arguments=("--engine", "steam")),
    "a seed that is not there": Refusal(("nowhere",), arguments=("--seed", "s3://b/p=./nowhere")),
    "a file of parameters that is none": Refusal(("absent.json",), arguments=("--parameters", "absent.json")),
}


@pytest.mark.parametrize("name", REFUSALS)
def test_a_pipeline_that_cannot_run_is_refused_before_anything_starts(project: Project, name: str) -> None:
    refusal = REFUSALS[name]
    definition = copy.deepcopy(SOUND)
    refusal.spoil(definition)
    file = project.write("pipeline.json", refusal.text or json.dumps(definition))

    result = project.run("run", file, "--json", *refusal.arguments)

    assert result.returncode == refusal.code, result.stderr
    for word in refusal.says:
        assert word in result.stderr
    assert "→" in result.stderr
    assert "Traceback" not in result.stderr
    findings = json.loads(result.stdout)["findings"]
    assert findings
    assert all(found["hint"] for found in findings)
    assert not (project.folder / ".seatrial" / "executions").exists()


def test_all_problems_stand_in_one_report(project: Project) -> None:
    definition = copy.deepcopy(SOUND)
    for spoil in (_unknown_member, _missing_output, _outside):
        spoil(definition)

    findings = project.json("run", project.write("pipeline.json", definition))["findings"]

    assert {found["where"].split("/")[2] for found in findings} == {"0", "1"}
    assert len(findings) >= 3


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("run", "--nope"),
        ("run", "x.json", "--fail-on", "much"),
        ("rnu",),
        ("logs", "A", "--attempt", "0"),
    ],
)
def test_wrong_use_is_a_refusal_under_json_too(project: Project, arguments: tuple[str, ...]) -> None:
    result = project.run(*arguments, "--json")

    [finding] = json.loads(result.stdout)["findings"]
    assert result.returncode == 2
    assert (finding["code"], finding["hint"].endswith("--help")) == ("wrong-use", True)
    assert finding["message"] in result.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", "p.json", "--seed", "s3://trial-place/p=p.json"),
        ("compile", "p.json", "-o", "/proc/nowhere"),
        ("seed", "p.json", "-o", "/proc/nowhere/s.toml"),
    ],
)
def test_a_place_that_cannot_be_written_is_named(project: Project, arguments: tuple[str, ...]) -> None:
    project.write("p.json", pipeline(processing("One", "pass", inputs={"d": "s3://trial-place/p"})))

    result = project.run(*arguments, env={"SEATRIAL_STATE_DIR": "/proc/nowhere"})

    assert result.returncode in {2, 3}
    assert "/proc/nowhere" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("file", "text"),
    [("seatrial.toml", "jobs = ["), ("pyproject.toml", "[tool.seatrial"), ("seatrial.toml", "jobz = 1")],
)
def test_settings_that_cannot_be_read_are_refused(project: Project, file: str, text: str) -> None:
    (project.folder / file).write_text(text)

    result = project.run("status", "--json")

    assert result.returncode == 2
    assert json.loads(result.stdout)["findings"][0]["code"] == "invalid-setting"
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize("value", [None, [1], {"a": 1}])
def test_a_file_of_parameters_holds_plain_values(project: Project, value: object) -> None:
    (project.folder / "p.json").write_text(json.dumps({"Number": value}))

    result = project.run("plan", project.write("pipeline.json", SOUND), "--parameters", "p.json")

    assert result.returncode == 2
    assert "'Number'" in result.stderr


def test_missing_inputs_and_images_stand_in_one_report_and_the_plan_ends_with_them(project: Project) -> None:
    step = processing("Read", "pass", inputs={"data": "s3://trial-absent/raw/"})
    step["Arguments"]["AppSpecification"]["ImageUri"] = (
        "123456789012.dkr.ecr.us-east-1.amazonaws.com/ours/sextant:3"
    )
    file = project.write("pipeline.json", pipeline(step))

    codes = [found["code"] for found in project.json("run", file)["findings"]]
    planned = project.run("plan", file)

    assert codes == ["ST103", "ST302"]
    assert planned.returncode == 0
    told = " ".join(planned.stdout.split())
    assert "does not run because nothing lies at s3://trial-absent/raw/, which Read will read (" in told
    assert "; no local image stands for 123456789012.dkr.ecr.us-east-1.amazonaws.com/ours/sextant:3" in told


def test_a_pipeline_that_has_not_run_can_be_checked(project: Project) -> None:
    outside = processing("Write", writes("data"), outputs={"data": "s3://trial-elsewhere/data"})
    file = project.write("outside.json", pipeline(outside))

    checked = project.run("check", file, "--json")

    assert checked.returncode == 1
    assert "ST104" in {found["code"] for found in json.loads(checked.stdout)["findings"]}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("run", "absent.json"), "absent.json"),
        (("run", "absent.py"), "absent.py"),
        (("logs", "Write"), "seatrial run"),
        (("resume",), "seatrial run"),
        (("outputs", "nothere"), "nothere"),
        (("download", "Write"), "STEP.OUTPUT"),
    ],
)
def test_what_is_not_there_is_said_with_what_to_type(
    project: Project, arguments: tuple[str, ...], says: str
) -> None:
    result = project.run(*arguments)

    assert result.returncode == 2
    assert says in result.stderr
    assert "Traceback" not in result.stderr


def test_a_bad_setting_is_named(project: Project) -> None:
    (project.folder / "seatrial.toml").write_text("jobs = 'many'\n")

    result = project.run("status")

    assert result.returncode == 2
    assert "'jobs'" in result.stderr


def test_without_an_engine_the_exit_code_says_so_and_the_message_what_to_do(project: Project) -> None:
    file = project.write("pipeline.json", SOUND)

    result = project.run("run", file, "--json", env={"DOCKER_HOST": "unix:///nowhere/docker.sock"})

    assert result.returncode == 3
    assert "/nowhere/docker.sock" in result.stderr
    assert "Traceback" not in result.stderr
    assert json.loads(result.stdout)["findings"][0]["code"].startswith("ST3")


def test_without_a_store_the_exit_code_says_so(project: Project) -> None:
    file = project.write("pipeline.json", SOUND)

    result = project.run("run", file, "--json", env={"SEATRIAL_STORE__ENDPOINT_URL": "http://127.0.0.1:9"})

    assert result.returncode == 3
    assert "127.0.0.1:9" in result.stderr
    assert "Traceback" not in result.stderr


def test_an_entrypoint_that_is_not_in_the_image_fails_its_step(
    project: Project, docker_client: docker.DockerClient
) -> None:
    step = processing("Write", "pass")
    step["Arguments"]["AppSpecification"]["ContainerEntrypoint"] = ["/usr/bin/astrolabe"]

    result = project.run("run", project.write("pipeline.json", pipeline(step)), "--json")

    report = json.loads(result.stdout)
    assert result.returncode == 1
    assert "astrolabe" in report["steps"][0]["failure_reason"]
    assert "Traceback" not in result.stderr
    label = f"seatrial.execution={report['execution_arn'].rpartition('/')[2]}"
    assert docker_client.containers.list(all=True, filters={"label": label}) == []
