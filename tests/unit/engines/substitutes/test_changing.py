"""Another script, image or input in a job that runs: what the engine is asked, what is told of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seatrial.ports.jobs import InputReceipt, JobRequest, JobResult
from seatrial.ports.substitutes import Substitute
from tests.adapters.memory_engine import completed
from tests.unit.engines.native.requests import processing_input, processing_parameters, training_parameters
from tests.unit.engines.substitutes.bench import Bench

READING = processing_parameters(ProcessingInputs=[processing_input("raw", "s3://bucket/raw")])


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def asked(bench: Bench) -> dict[str, Any]:
    """The parameters that the inner engine was given."""
    (request,) = bench.inner.requests
    assert request.substitute is None
    return dict(request.parameters)


def test_a_script_runs_in_our_python_with_the_steps_own_inputs(bench: Bench) -> None:
    script = bench.local("mock.py", "print('hello')")
    result = bench.run("Processing", READING, script=script)

    given = asked(bench)
    carried = given["ProcessingInputs"][1]["S3Input"]
    assert given["AppSpecification"]["ImageUri"] == "seatrial/base"
    assert given["AppSpecification"]["ContainerEntrypoint"] == [
        "python3",
        f"{carried['LocalPath']}/mock.py",
    ]
    assert given["ProcessingInputs"][0] == READING["ProcessingInputs"][0]
    assert bench.text(carried["S3Uri"]) == "print('hello')"
    assert result.describe["AppSpecification"] == READING["AppSpecification"]
    assert [item["InputName"] for item in result.describe["ProcessingInputs"]] == ["raw"]


def test_a_shell_script_is_run_by_the_shell_of_the_image_that_is_named(bench: Bench) -> None:
    bench.run("Processing", processing_parameters(), script=bench.local("mock.sh", "true"), image="mine:1")
    application = asked(bench)["AppSpecification"]
    assert (application["ImageUri"], application["ContainerEntrypoint"][0]) == ("mine:1", "sh")


def test_a_job_without_inputs_is_told_of_without_inputs(bench: Bench) -> None:
    result = bench.run("Processing", processing_parameters(), script=bench.local("mock.py"))
    assert "ProcessingInputs" not in result.describe


def test_an_image_changes_nothing_but_the_image(bench: Bench) -> None:
    result = bench.run("Processing", READING, image="local:1")
    expected = {**READING, "AppSpecification": {**READING["AppSpecification"], "ImageUri": "local:1"}}
    assert asked(bench) == expected
    assert result.describe["AppSpecification"] == READING["AppSpecification"]


def test_a_training_script_comes_by_a_channel_of_its_own(bench: Bench) -> None:
    parameters = training_parameters()
    parameters["AlgorithmSpecification"] = {"AlgorithmName": "internal", "TrainingInputMode": "File"}
    result = bench.run("Training", parameters, script=bench.local("train.py"))

    specification = asked(bench)["AlgorithmSpecification"]
    assert specification == {
        "TrainingInputMode": "File",
        "TrainingImage": "seatrial/base",
        "ContainerEntrypoint": ["python3", "/opt/ml/input/data/seatrial-substitute/train.py"],
    }
    assert result.describe["AlgorithmSpecification"] == parameters["AlgorithmSpecification"]
    assert "InputDataConfig" not in result.describe


def test_a_query_is_replaced_by_local_data_where_the_step_expects_its_answer(bench: Bench) -> None:
    athena = {
        "InputName": "rows",
        "DatasetDefinition": {
            "LocalPath": "/opt/ml/processing/rows",
            "AthenaDatasetDefinition": {"QueryString": "select 1"},
        },
    }
    parameters = processing_parameters(ProcessingInputs=[athena])
    result = bench.run("Processing", parameters, inputs={"rows": str(Path(bench.local("rows/a.csv")).parent)})

    (given,) = asked(bench)["ProcessingInputs"]
    assert "DatasetDefinition" not in given
    assert given["S3Input"]["LocalPath"] == "/opt/ml/processing/rows"
    assert bench.text(f"{given['S3Input']['S3Uri']}a.csv") == "1,2\n"
    assert result.describe["ProcessingInputs"] == [{"AppManaged": False, **athena}]


def test_a_channel_of_a_file_system_is_read_from_local_data(bench: Bench) -> None:
    channel = {
        "ChannelName": "train",
        "InputMode": "FastFile",
        "DataSource": {"FileSystemDataSource": {"FileSystemId": "fs-1"}},
    }
    bench.run(
        "Training", training_parameters(InputDataConfig=[channel]), inputs={"train": bench.local("a.csv")}
    )
    (given,) = asked(bench)["InputDataConfig"]
    assert given["DataSource"]["S3DataSource"]["S3Uri"].endswith("/a.csv")
    assert "InputMode" not in given


def test_the_model_of_a_transform_is_served_in_the_other_image(bench: Bench) -> None:
    request = bench.request("Transform", {}, Substitute(image="mine:1"))
    model = {"PrimaryContainer": {"Image": "theirs:1", "ModelDataUrl": "s3://b/m.tar.gz"}}
    bench.engine.run(replace(request, model=model), lambda progress: None)
    (given,) = bench.inner.requests
    assert given.model == {"PrimaryContainer": {"Image": "mine:1", "ModelDataUrl": "s3://b/m.tar.gz"}}


def test_nobody_is_told_that_the_script_was_read(tmp_path: Path) -> None:
    def answer(request: JobRequest) -> JobResult:
        names = [item["InputName"] for item in request.parameters["ProcessingInputs"]]
        read = tuple(InputReceipt(name, "s3://bucket/x", "/x", ()) for name in names)
        return replace(completed(request), inputs=read)

    bench = Bench(tmp_path, {"Step": answer})
    result = bench.run("Processing", READING, script=bench.local("mock.py"))
    assert [receipt.name for receipt in result.inputs] == ["raw"]


def test_a_job_without_a_substitute_is_the_inner_engines(bench: Bench) -> None:
    request = bench.request("Processing", READING, None)
    bench.engine.run(request, lambda progress: None)
    bench.engine.stop("job-1")
    assert bench.inner.requests == [request]
    assert bench.inner.stopped == ["job-1"]


def test_the_inner_engine_lets_go_of_what_an_execution_left(tmp_path: Path) -> None:
    bench, released = Bench(tmp_path), []
    bench.inner.release = released.append

    bench.engine.release("exec")

    assert released == ["exec"]
