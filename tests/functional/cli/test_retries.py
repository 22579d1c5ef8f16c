"""A container whose end nobody sees, and a retry policy that knows what to do, for real."""

from __future__ import annotations

import json
from dataclasses import replace

from seatrial.ports.storage import S3Uri
from seatrial.storage import MinioStore
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline, processing, under_prefix
from tests.integration.runners.proxy import Proxy

# Ends where the gate is open, else waits to be given up.
HELD = (
    "import os,time;gate='/opt/ml/processing/in/gate/go';print('waiting',flush=True);"
    "time.sleep(0 if os.path.exists(gate) else 60);"
    "open('/opt/ml/processing/out/data/a','w').write('second')"
)


def test_a_job_whose_end_was_lost_runs_again_by_policy(project: Project, store: MinioStore) -> None:
    step = processing(
        "Held", HELD, inputs={"gate": "s3://trial-retry/gate/"}, outputs={"data": under_prefix("held")}
    )
    step["RetryPolicies"] = [
        {"ExceptionType": ["SageMaker.JOB_INTERNAL_ERROR"], "IntervalSeconds": 1, "MaxAttempts": 2}
    ]
    (project.folder / "gate").mkdir()
    (project.folder / "gate" / "closed").touch()
    name = project.write("held.json", pipeline(step))
    with Proxy(project.folder / "docker.sock") as proxy:
        behind = replace(project, environment={**project.environment, "DOCKER_HOST": f"unix://{proxy.path}"})
        process = behind.start("run", name, "--json", "--seed", "s3://trial-retry/gate/=gate")
        proxy.wait_for("/start")
        store.write(S3Uri("trial-retry", "gate/go"), b"")
        proxy.cut("/wait")
        proxy.cut("/attach")  # the log of a container that may still run would be waited for
        out, told = process.communicate(timeout=60)

    assert process.returncode == 0, told
    report = json.loads(out)
    (held,) = report["steps"]
    assert (held["status"], held["attempts"], held["retry_at"]) == ("Succeeded", 2, None)
    (earlier,) = held["earlier_attempts"]
    assert (earlier["exception_type"], earlier["retried"]) == ("SageMaker.JOB_INTERNAL_ERROR", True)
    assert earlier["failure_reason"].startswith("ClientError: InternalServerError: the exit status")
    assert "Held: Starting" in told
    assert ", attempt 2 at " in told
    assert report["outputs"]["step_outputs"]["Held"]["data"]["metadata"]["attempt"] == 2
    attempts = sorted((project.folder / ".seatrial").glob("executions/*/steps/Held/*/log.txt"))
    assert [log.parent.name for log in attempts] == ["attempt-1", "attempt-2"]
    assert "Attempt 1" in _report(project)


def _report(project: Project) -> str:
    return (project.folder / project.json("report")["html"]).read_text()
