"""A job that asks a model has it for itself, from before its container starts until it has ended."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from seatrial.engines.checks import ShadowEngine
from seatrial.engines.checks.engine import MODEL_URL
from seatrial.engines.hosting import Standing
from seatrial.engines.hosting.desk import FrontDesk
from seatrial.ports.endpoints import EndpointPlan
from seatrial.ports.jobs import InputReceipt, JobListener, JobRequest, JobResult
from tests.adapters.clock import StillClock
from tests.adapters.memory_engine import MemoryEngine

DESK = FrontDesk("http://desk:8080", "http://127.0.0.1:1", "http://127.0.0.1:1", "token")
MODEL = InputReceipt("model", "s3://bucket/model.tar.gz", "/opt/ml/model", ())


@dataclass
class Hosting:
    """Answers for the engine that hosts endpoints; `stands` are those that it was not told to end."""

    standing: Standing
    status: str = "InService"
    hold: bool = False
    requests: list[JobRequest] = field(default_factory=list)
    stands: list[str] = field(default_factory=list)
    asked: threading.Event = field(default_factory=threading.Event)
    stopped: threading.Event = field(default_factory=threading.Event)

    def run(self, request: JobRequest, listener: JobListener) -> JobResult:
        self.requests.append(request)
        self.asked.set()
        if self.hold:
            assert self.stopped.wait(10)
            return JobResult({"EndpointStatus": "OutOfService"})
        request.folder.mkdir(parents=True)
        (request.folder / "log.txt").write_text("no such file: model\n")
        if self.status == "InService":
            stack = ExitStack()
            self.stands.append(request.name)
            stack.callback(self.stands.remove, request.name)
            self.standing.bring_in(
                request.execution_id, request.name, stack, open_desk=lambda _: DESK, announce=lambda _: ""
            )
        reason = {} if self.status == "InService" else {"FailureReason": "it did not pass the ping"}
        return JobResult({"EndpointStatus": self.status, **reason}, inputs=(MODEL,))

    def stop(self, job_name: str) -> None:
        self.stopped.set()


@dataclass
class Bench:
    """The engine on an engine of jobs that runs nothing."""

    hosting: Hosting
    jobs: MemoryEngine
    engine: ShadowEngine

    def run(self, request: JobRequest) -> JobResult:
        return self.engine.run(request, lambda progress: None)


@pytest.fixture
def bench() -> Bench:
    standing = Standing()
    hosting, jobs = Hosting(standing), MemoryEngine()
    return Bench(hosting, jobs, ShadowEngine(jobs, hosting, standing, StillClock()))


@pytest.fixture
def request_(tmp_path: Path) -> JobRequest:
    parameters = {
        "ProcessingJobName": "job",
        "ProcessingResources": {"ClusterConfig": {"InstanceType": "ml.m5.large"}},
        "Environment": {"own": "kept"},
    }
    plan = EndpointPlan({"EndpointConfigName": "config"}, {"AllTraffic": {}})
    arn = "arn:aws:sagemaker:us-east-1:123456789012:processing-job/job"
    folder = tmp_path / "attempt"
    folder.mkdir()
    return JobRequest("Processing", "job", arn, parameters, "exec", "Check", 1, folder, endpoint=plan)


def test_a_job_without_a_model_goes_on_as_it_is(bench: Bench, request_: JobRequest) -> None:
    plain = replace(request_, endpoint=None)
    bench.run(plain)
    assert bench.jobs.requests == [plain]
    assert bench.hosting.requests == []


def test_the_job_is_told_where_the_model_answers(bench: Bench, request_: JobRequest) -> None:
    seen: list[Any] = []
    answer = bench.jobs._answer
    bench.jobs._answer = lambda request: seen.append(list(bench.hosting.stands)) or answer(request)

    result = bench.run(request_)

    assert result.describe["ProcessingJobStatus"] == "Completed"
    (asked,) = bench.jobs.requests
    assert asked.parameters["Environment"] == {
        "own": "kept",
        MODEL_URL: "http://desk:8080/endpoints/job-shadow/invocations",
    }
    (shadow,) = bench.hosting.requests
    assert (shadow.kind, shadow.name) == ("Endpoint", "job-shadow")
    assert shadow.parameters == {"EndpointName": "job-shadow", "EndpointConfigName": "config"}
    assert seen == [["job-shadow"]]
    assert bench.hosting.stands == []
    assert MODEL in result.inputs


def test_the_model_goes_also_when_the_job_does_not_end_well(bench: Bench, request_: JobRequest) -> None:
    def break_down(request: JobRequest) -> JobResult:
        raise OSError("Docker is gone")

    bench.jobs.answers["Check"] = break_down
    with pytest.raises(OSError, match="Docker is gone"):
        bench.run(request_)
    assert bench.hosting.stands == []


def test_a_model_that_does_not_answer_fails_the_job_with_its_own_last_lines(
    bench: Bench, request_: JobRequest
) -> None:
    bench.hosting.status = "Failed"
    result = bench.run(request_)
    assert result.describe["ProcessingJobStatus"] == "Failed"
    assert result.describe["FailureReason"] == "ClientError: it did not pass the ping"
    assert result.log_tail == ("no such file: model",)
    assert bench.jobs.requests == []


def test_an_isolated_job_cannot_ask_anybody(bench: Bench, request_: JobRequest) -> None:
    isolated = {**request_.parameters, "NetworkConfig": {"EnableNetworkIsolation": True}}
    result = bench.run(replace(request_, parameters=isolated))
    assert "does not reach the model" in result.describe["FailureReason"]
    assert bench.hosting.requests == []


def test_a_stop_reaches_the_model_that_is_still_starting(bench: Bench, request_: JobRequest) -> None:
    bench.hosting.hold = True
    ended: list[JobResult] = []
    thread = threading.Thread(target=lambda: ended.append(bench.run(request_)))
    thread.start()
    assert bench.hosting.asked.wait(10)
    bench.engine.stop("job")
    thread.join(10)
    assert ended[0].describe["ProcessingJobStatus"] == "Stopped"
    assert bench.jobs.requests == []
