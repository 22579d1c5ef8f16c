"""The fixture `sea_trial` in a user's test suite: a pytest of its own, with real containers."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import docker
import pytest

from seatrial.images import Images
from seatrial.ports.storage import StoreAddress
from seatrial.runners.labels import EXECUTION_LABEL, LABEL
from seatrial.storage.ephemeral import OWNER_LABEL
from tests.functional.cli.definitions import output_of, pipeline, processing, under_prefix, writes

pytest_plugins = ("pytester",)

PAGE = Path(__file__).parents[3] / "docs" / "pytest.md"
PIPELINE = """
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep


SOURCE = "s3://harbour-data/soundings/"


def get_pipeline(sagemaker_session):
    session = sagemaker_session
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    unit = ParameterString("Unit", default_value="feet")
    counter = ScriptProcessor(
        image_uri="python", command=["python3"], role="arn:aws:iam::123456789012:role/pipeline",
        instance_type="ml.m5.large", instance_count=1, env={"UNIT": unit}, sagemaker_session=session,
    )
    count = ProcessingStep("Count", step_args=counter.run(
        code="count.py",
        inputs=[ProcessingInput(SOURCE, "/opt/ml/processing/in", input_name="soundings")],
        outputs=[ProcessingOutput(
            output_name="report", source="/opt/ml/processing/out",
            destination=Join(on="/", values=[prefix, "count", "report"]),
        )],
    ))
    return Pipeline("Soundings", parameters=[prefix, unit], steps=[count], sagemaker_session=session)
"""
COUNT = """
import json, os
from pathlib import Path
lines = [line for file in Path("/opt/ml/processing/in").iterdir() for line in file.open()]
report = {"soundings": len(lines), "unit": os.environ["UNIT"]}
Path("/opt/ml/processing/out/report.json").write_text(json.dumps(report))
"""
BREAKS = processing(
    "Break", "import sys; print('the mast broke'); sys.exit(3)", outputs={"data": under_prefix("b")}
)
AFTER = processing("After", "print('ashore')", inputs={"data": output_of("Break", "data")})
SILENT = processing("Write", "print('nothing')", outputs={"data": under_prefix("write")})
SHORE = processing(
    "Shore",
    "print(open('/opt/ml/processing/in/raw/file.txt').read())",
    inputs={"raw": "s3://trial-shore/raw/"},
    CacheConfig={"Enabled": True, "ExpireAfter": "P1D"},
)


@pytest.fixture
def suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, images: Images) -> pytest.Pytester:
    """A user's folder; `python` names the base image."""
    images.ensure("base")
    monkeypatch.setenv("SEATRIAL_IMAGES", json.dumps({"python": "base"}))
    monkeypatch.setenv("SEATRIAL_CACHE_DIR", str(pytester.path / "cache"))
    for name, steps in {"breaks": [BREAKS, AFTER], "silent": [SILENT], "shore": [SHORE]}.items():
        (pytester.path / f"{name}.json").write_text(json.dumps(pipeline(*steps)))
    (pytester.path / "file.txt").write_text("from the shore")
    (pytester.path / "other").mkdir()
    (pytester.path / "other" / "file.txt").write_text("from another shore")
    return pytester


@pytest.fixture
def shared_store(monkeypatch: pytest.MonkeyPatch, store_address: StoreAddress) -> None:
    """The settings name the session's store, so that the suite starts none."""
    for name, value in {
        "ENDPOINT_URL": store_address.endpoint_url,
        "CONTAINER_ENDPOINT_URL": store_address.container_endpoint_url,
        "NETWORK": store_address.network,
        "ACCESS_KEY": store_address.credentials.access_key,
        "SECRET_KEY": store_address.credentials.secret_key,
    }.items():
        monkeypatch.setenv(f"SEATRIAL_STORE__{name}", value)


def started(suite: pytest.Pytester, *options: str) -> subprocess.Popen[bytes]:
    """The suite, running; its temporary folder is `here`."""
    command = [sys.executable, "-m", "pytest", "--basetemp", "here", *options]
    return subprocess.Popen(command, cwd=suite.path, stdout=subprocess.PIPE)


def left_by(
    process: subprocess.Popen[bytes], suite: pytest.Pytester, client: docker.DockerClient
) -> list[str]:
    """Its store, and the containers of its executions, as far as they are still there."""
    executions = {folder.name for folder in suite.path.glob("here/*/executions/*")}
    assert executions
    return [
        container.name
        for container in client.containers.list(all=True, ignore_removed=True, filters={"label": LABEL})
        if container.labels.get(EXECUTION_LABEL) in executions
        or str(process.pid) in container.labels.get(OWNER_LABEL, "").split()
    ]


def test_the_documented_example_passes_and_leaves_nothing(
    suite: pytest.Pytester, docker_client: docker.DockerClient
) -> None:
    [example] = re.findall(r"```python\n(.*?)```", PAGE.read_text(), flags=re.DOTALL)
    suite.makepyfile(test_pipeline=example, pipeline=PIPELINE, count=COUNT)
    (suite.path / "data/soundings").mkdir(parents=True)
    (suite.path / "data/soundings/bay.txt").write_text("12\n7\n9\n")

    with started(suite, "-W", "error") as running:
        said, _ = running.communicate(timeout=120)

    assert b"2 passed" in said
    assert running.returncode == 0
    assert left_by(running, suite, docker_client) == []
    assert not (suite.path / ".seatrial").exists()


def test_what_goes_wrong_is_told_in_the_words_of_the_failure(suite: pytest.Pytester) -> None:
    suite.makepyfile(
        """
        import pytest
        from seatrial.errors import RefusedError

        @pytest.fixture(scope="module")
        def broken(sea_trial):
            return sea_trial("breaks.json")

        def test_fails(broken):
            broken.assert_succeeded()

        def test_is_asked(broken):
            assert broken.status == "Failed"
            assert broken.failed_step.name == "Break"
            assert broken.log_tail == ("the mast broke",)
            assert broken.log("Break") == "the mast broke\\n"

        def test_finds(sea_trial):
            trial = sea_trial("silent.json")
            trial.assert_succeeded()
            trial.assert_no_findings("warning", ignore={found.code for found in trial.findings})
            trial.assert_no_findings()

        def test_seeds(sea_trial):
            trial = sea_trial("shore.json", seeds={"s3://trial-shore/raw/": "file.txt"})
            assert trial.log("Shore") == "from the shore\\n"

        def test_takes_nothing_from_another_tests_run(sea_trial):
            trial = sea_trial("shore.json", seeds={"s3://trial-shore/raw/": "other"})
            assert trial.log("Shore") == "from another shore\\n"

        def test_forgets_its_seeds(sea_trial):
            sea_trial("shore.json")

        def test_knows_that_it_is_refused(sea_trial):
            with pytest.raises(RefusedError, match="there is no away.json"):
                sea_trial("away.json")
        """
    )
    result = suite.runpytest_subprocess()

    result.assert_outcomes(passed=4, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*_ test_fails _*",
            "E*AssertionError: breaks Failed: Step failure: One or multiple steps failed.",
            "E*Break (Processing) failed",
            "E*ClientError: AlgorithmError: , exit code: 3",
            "E*the mast broke",
            "E*full log*log.txt",
            "E*not started: After",
            "*_ test_finds _*",
            "E*AssertionError: silent: findings of weight warning or more",
            "E*warning ST101*",
            "*_ test_forgets_its_seeds _*",
            "E*DefinitionError: nothing lies at s3://trial-shore/raw/*",
            "*- seatrial -*",
            "error ST103: nothing lies at s3://trial-shore/raw/, which Shore will read",
            "*at /Steps/0/*",
            "*seeds.toml*",
        ]
    )
    assert "/site-packages/" not in result.stdout.str()
    assert "preflight" not in result.stdout.str()


@pytest.mark.usefixtures("shared_store")
def test_what_is_kept_is_there_for_the_command_line(suite: pytest.Pytester) -> None:
    written = processing("Write", writes("data", "ahoy"), outputs={"data": under_prefix("write")})
    quick = {"Name": "Quick", "Type": "Boolean", "DefaultValue": False}
    (suite.path / "writes.json").write_text(json.dumps(pipeline(written, parameters=[quick])))
    suite.makepyfile(
        """
        def test_writes(sea_trial, tmp_path):
            trial = sea_trial("writes.json", prefix="s3://trial-kept/one", parameters={"Quick": True})
            assert trial.record.parameters["Quick"] is True
            assert trial.registry.get_step_output_path("Write", "data") == "s3://trial-kept/one/write"
            [file] = trial.download("Write.data", tmp_path)
            assert file.read_text() == "ahoy"
        """
    )
    suite.runpytest_subprocess("--seatrial-keep").assert_outcomes(passed=1)

    seatrial = Path(sys.executable).with_name("seatrial")
    status = subprocess.run([seatrial, "status", "--json"], capture_output=True, check=True)
    [execution] = json.loads(status.stdout)["executions"]
    assert (execution["pipeline_name"], execution["status"]) == ("writes", "Succeeded")


def test_ctrl_c_stops_the_trials_containers(
    suite: pytest.Pytester, docker_client: docker.DockerClient
) -> None:
    waits = processing("Wait", "print('at anchor', flush=True); import time; time.sleep(300)")
    (suite.path / "waits.json").write_text(json.dumps(pipeline(waits)))
    suite.makepyfile("def test_waits(sea_trial): sea_trial('waits.json')")
    with started(suite) as running:
        try:
            wait_for_log(suite.path / "here", "at anchor")
            assert len(left_by(running, suite, docker_client)) == 2
            running.send_signal(signal.SIGINT)
            said, _ = running.communicate(timeout=60)
        finally:
            running.kill()

    assert running.returncode == pytest.ExitCode.INTERRUPTED
    assert b"KeyboardInterrupt" in said
    assert left_by(running, suite, docker_client) == []


def wait_for_log(folder: Path, text: str) -> None:
    """Until a step below has said it."""
    deadline = time.monotonic() + 60
    while not any(text in log.read_text() for log in folder.rglob("log.txt")):
        assert time.monotonic() < deadline, "the step never spoke"
        time.sleep(0.1)


def test_a_suite_that_does_not_use_it_imports_none_of_it(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        """
        import sys

        def test_is_light(request):
            assert request.config.pluginmanager.hasplugin("seatrial")
            loaded = {name for name in sys.modules if name.partition(".")[0] == "seatrial"}
            assert loaded == {"seatrial", "seatrial.pytest_plugin"}
            heavy = {"botocore", "boto3", "docker", "minio", "pydantic", "rich", "testcontainers"}
            assert not heavy & set(sys.modules)

        def test_fails_without_it():
            assert False
        """
    )
    pytester.runpytest_subprocess().assert_outcomes(passed=1, failed=1)
