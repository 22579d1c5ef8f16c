"""`seatrial run` and what can be asked afterwards, in real containers."""

from __future__ import annotations

import json
from pathlib import Path

import docker
import pytest

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import output_of, pipeline, processing, under_prefix, writes

READ = "print(open('/opt/ml/processing/in/data/file.txt').read())"
TWO_STEPS = pipeline(
    processing("Write", writes("data", "ahoy"), outputs={"data": under_prefix("write", "data")}),
    processing("Read", READ, inputs={"data": output_of("Write", "data")}),
)


@pytest.fixture
def two_steps(project: Project) -> Project:
    """A project in which a pipeline of two steps has run."""
    result = project.run("run", project.write("two.json", TWO_STEPS))
    assert result.returncode == 0, result.stderr
    return project


def test_what_one_step_wrote_is_what_the_next_one_read(two_steps: Project, tmp_path: Path) -> None:
    assert two_steps.run("logs", "Read").stdout.strip() == "ahoy"

    outputs = two_steps.json("outputs")
    assert outputs["step_outputs"]["Write"]["data"]["s3_uri"].endswith("/write/data")
    [lineage] = [entry for entry in two_steps.json("lineage")["entries"] if entry["from_step"]]
    assert (lineage["from_step"], lineage["to_step"]) == ("Write", "Read")

    assert two_steps.run("download", "Write.data", str(tmp_path / "here")).returncode == 0
    assert (tmp_path / "here" / "file.txt").read_text() == "ahoy"

    [execution] = two_steps.json("status")["executions"]
    assert [(step["name"], step["status"]) for step in execution["steps"]] == [
        ("Write", "Succeeded"),
        ("Read", "Succeeded"),
    ]
    assert two_steps.run("check", "--fail-on", "warning").returncode == 0


def test_json_is_one_object_on_stdout_and_the_news_go_to_stderr(project: Project) -> None:
    result = project.run("run", project.write("two.json", TWO_STEPS), "--json")

    report = json.loads(result.stdout)
    assert report["status"] == "Succeeded"
    assert [step["name"] for step in report["steps"]] == ["Write", "Read"]
    assert set(report["outputs"]["step_outputs"]) == {"Write"}
    assert "Write: Succeeded" in result.stderr


def test_nothing_is_left_behind_but_records_and_logs(
    two_steps: Project, docker_client: docker.DockerClient
) -> None:
    [execution] = two_steps.json("status")["executions"]
    label = f"seatrial.execution={execution['execution_id']}"
    assert docker_client.containers.list(all=True, filters={"label": label}) == []

    folder = two_steps.folder / ".seatrial" / "executions" / execution["execution_id"]
    kept = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert kept == {
        "contents.json",
        "definition.json",
        "manifest.json",
        "source.txt",
        "steps/Read/attempt-1/log.txt",
        "steps/Write/attempt-1/log.txt",
    }


def test_a_failing_step_is_told_first_and_independent_steps_run_to_their_end(project: Project) -> None:
    failing = "import sys; print('the mast broke'); sys.exit(3)"
    definition = pipeline(
        processing("Break", failing, outputs={"data": under_prefix("break")}),
        processing("After", READ, inputs={"data": output_of("Break", "data")}),
        processing("Apart", "print('still afloat')"),
    )
    result = project.run("run", project.write("breaks.json", definition), "--json")

    assert result.returncode == 1
    report = json.loads(result.stdout)
    assert report["status"] == "Failed"
    assert report["failure_reason"] == "Step failure: One or multiple steps failed."
    states = {step["name"]: step for step in report["steps"]}
    assert states["Break"]["failure_reason"] == "ClientError: AlgorithmError: , exit code: 3"
    assert states["Apart"]["status"] == "Succeeded"
    assert "After" not in states
    assert "the mast broke" in result.stderr
    assert "not started: After" in result.stderr
    assert "seatrial logs Break" in result.stderr


def test_parameters_come_from_the_command_line_and_from_a_file(project: Project) -> None:
    word = {"Name": "Word", "Type": "String", "DefaultValue": "none"}
    number = {"Name": "Number", "Type": "Integer", "DefaultValue": 1}
    step = processing("Say", "import os; print(os.environ['SAID'])")
    said = {"Std:Join": {"On": " ", "Values": [{"Get": "Parameters.Word"}, {"Get": "Parameters.Number"}]}}
    step["Arguments"]["Environment"] = {"SAID": said}
    (project.folder / "parameters.json").write_text('{"Word": "fathoms", "Number": 2}')
    name = project.write("says.json", pipeline(step, parameters=[word, number]))

    result = project.run("run", name, "--parameters", "parameters.json", "-p", "Number=7")

    assert result.returncode == 0, result.stderr
    assert project.run("logs", "Say").stdout.strip() == "fathoms 7"


def test_the_prefix_is_a_flag_an_environment_variable_and_a_parameter(project: Project) -> None:
    name = project.write("two.json", TWO_STEPS)
    one, other = "s3://trial-prefix/one", "s3://trial-prefix/other"

    assert project.run("run", name, "--prefix", one).returncode == 0
    assert one in project.run("outputs").stdout
    assert project.run("run", name, env={"EXECUTION_S3_PREFIX": other}).returncode == 0
    assert other in project.run("outputs").stdout


def test_a_seed_is_sown_before_the_run(project: Project) -> None:
    (project.folder / "data").mkdir()
    (project.folder / "data" / "file.txt").write_text("from the shore")
    definition = pipeline(processing("Read", READ, inputs={"data": "s3://trial-shore/raw/"}))
    name = project.write("reads.json", definition)

    [planned] = [found for found in project.json("plan", name)["findings"] if found["code"] == "ST103"]
    assert "seatrial seed" in planned["hint"]
    refused = project.run("run", name)
    assert refused.returncode == 2
    assert "s3://trial-shore/raw/" in refused.stderr
    assert "seatrial seed" in refused.stderr

    assert project.run("seed", name, "--seed", "s3://trial-shore/raw/=data").returncode == 0
    assert project.run("run", name).returncode == 0
    assert project.run("logs", "Read").stdout.strip() == "from the shore"


def test_a_pipeline_whose_prefix_has_no_default_can_be_seeded(project: Project) -> None:
    definition = pipeline(
        processing("Read", READ, inputs={"data": "s3://trial-open/raw/", "own": under_prefix("fixture")})
    )
    del definition["Parameters"][0]["DefaultValue"]
    name = project.write("reads.json", definition)

    assert project.json("seed", name)["inputs_to_fill_in"] == ["s3://trial-open/raw/"]
    given = project.json("seed", name, "--prefix", "s3://trial-open/out")["inputs_to_fill_in"]
    assert given == ["s3://trial-open/raw/", "s3://trial-open/out/fixture"]


def test_a_log_for_programs_is_its_text_and_its_file(two_steps: Project) -> None:
    log = two_steps.json("logs", "Read")

    assert log["text"] == "ahoy\n"
    assert Path(log["file"]).read_text() == "ahoy\n"
    assert two_steps.json("logs", "Read", "-f") == log
    [execution] = two_steps.json("status")["executions"]
    beginning = execution["execution_id"][:6]
    assert two_steps.json("logs", "Read", beginning) == log
    assert two_steps.json("logs", "Read", "-e", beginning) == log
    assert two_steps.run("download", "Write.data", "here", beginning).returncode == 0
    assert two_steps.run("logs", "Read", beginning, "-e", "other").returncode == 2
    assert "no attempt 2" in two_steps.run("logs", "Read", "--attempt", "2").stderr


def test_a_download_to_where_nothing_can_be_written_names_the_place(two_steps: Project) -> None:
    result = two_steps.run("download", "Write.data", "/proc/nowhere")

    assert result.returncode == 3
    assert "/proc/nowhere" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_status_without_executions_says_what_to_type(project: Project) -> None:
    result = project.run("status")

    assert (result.returncode, result.stdout) == (0, "")
    assert "seatrial run PIPELINE" in result.stderr


def test_a_local_file_can_be_an_input(project: Project) -> None:
    (project.folder / "file.txt").write_text("from this disk")
    uri = f"file://{project.folder / 'file.txt'}"
    name = project.write("reads.json", pipeline(processing("Read", READ, inputs={"data": uri})))

    assert project.run("run", name).returncode == 0
    assert project.run("logs", "Read").stdout.strip() == "from this disk"


def test_a_fault_of_the_data_flow_makes_exit_code_1_although_every_step_succeeded(project: Project) -> None:
    silent = processing("Write", "print('nothing')", outputs={"data": under_prefix("write")})
    reader = processing("Read", "print('read')", inputs={"data": output_of("Write", "data")})
    name = project.write("empty.json", pipeline(silent, reader))

    result = project.run("run", name, "--json")

    findings = json.loads(result.stdout)["findings"]
    assert result.returncode == 1
    assert "ST101" in {found["code"] for found in findings}


def test_a_seed_that_lost_a_file_takes_it_out_of_the_store(project: Project) -> None:
    listing = "import os; print(sorted(os.listdir('/opt/ml/processing/in/data')))"
    definition = pipeline(processing("List", listing, inputs={"data": "s3://trial-renamed/raw/"}))
    name = project.write("lists.json", definition)
    (project.folder / "data").mkdir()
    (project.folder / "data" / "old.csv").write_text("1")
    seed = "s3://trial-renamed/raw/=data"
    assert project.run("run", name, "--seed", seed).returncode == 0
    assert project.run("logs", "List").stdout.strip() == "['old.csv']"

    (project.folder / "data" / "old.csv").rename(project.folder / "data" / "new.csv")
    assert project.run("run", name, "--seed", seed).returncode == 0

    assert project.run("logs", "List").stdout.strip() == "['new.csv']"


def test_the_last_line_says_that_the_data_flow_is_what_failed(project: Project) -> None:
    outside = processing("Write", writes("data"), outputs={"data": "s3://trial-elsewhere/data"})

    result = project.run("run", project.write("outside.json", pipeline(outside)))

    assert result.returncode == 1
    assert "), with 1 error in the data flow" in result.stderr
