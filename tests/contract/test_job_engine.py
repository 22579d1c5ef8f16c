"""What every job engine does, asked of the one in memory and of ours on parts in memory alike.

What a job itself does is the conformance cases' subject; here it is how an engine deals with its caller.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from seatrial.ports.jobs import JobEngine, JobProgress, JobRequest
from tests.adapters.memory_engine import MemoryEngine, failed
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.adapters.memory_server import Asked, Dies, MemoryServer, echo
from tests.unit.engines.local_mode.bench import Bench as LocalModeBench
from tests.unit.engines.native.requests import Bench, job_request, processing_parameters, training_parameters
from tests.unit.engines.serving.bench import Bench as ServingBench
from tests.unit.engines.serving.bench import model, transform_parameters


@dataclass
class Subject:
    """An engine, and one whose jobs fail, and one whose jobs last until they are stopped."""

    good: JobEngine
    bad: JobEngine
    endless: JobEngine


def _memory(folder: Path) -> Subject:
    return Subject(MemoryEngine(), MemoryEngine({"Step": failed}), MemoryEngine(hold=("Step",)))


def _native(folder: Path) -> Subject:
    def wait(inside: Inside) -> int:
        inside.sleep(30)
        return 0

    programs: list[Callable[[Inside], int]] = [lambda inside: 0, lambda inside: 1, wait]
    bench = Bench(folder)
    return Subject(*(bench.engine(runner=MemoryRunner({"*": program})) for program in programs))


def _local_mode(folder: Path) -> Subject:
    acts = ["", "answer['failure'] = 'AlgorithmError: , exit code: 1'", "time.sleep(30)"]
    return Subject(*(LocalModeBench(folder, act).engine for act in acts))


def _serving(folder: Path) -> Subject:
    def fail(asked: Asked) -> tuple[int, bytes]:
        raise Dies(1)

    def wait(asked: Asked) -> tuple[int, bytes]:
        time.sleep(5)
        return 200, b""

    engines = []
    for answer in (echo, fail, wait):
        bench = ServingBench(folder / answer.__name__, MemoryServer(answer))
        bench.put("in/a.csv", b"1")
        engines.append(bench.engine)
    return Subject(*engines)


MAKERS = {"memory": _memory, "native": _native, "local-mode": _local_mode, "serving": _serving}
PARAMETERS = {
    "Processing": processing_parameters,
    "Training": training_parameters,
    "Transform": transform_parameters,
}
PAIRS = [(name, kind) for name in ("memory", "native", "local-mode") for kind in ("Processing", "Training")]


@pytest.fixture(params=[*PAIRS, ("serving", "Transform")], ids="-".join)
def pair(request: pytest.FixtureRequest) -> tuple[str, str]:
    """An engine, and a kind of job that it runs."""
    found: tuple[str, str] = request.param
    return found


@pytest.fixture
def subject(pair: tuple[str, str], tmp_path: Path) -> Subject:
    """Each engine in turn."""
    return MAKERS[pair[0]](tmp_path)


@pytest.fixture
def job(pair: tuple[str, str], tmp_path: Path) -> JobRequest:
    """A job of each of its kinds."""
    kind = pair[1]
    request = job_request(tmp_path / "attempt", kind, PARAMETERS[kind]())
    return replace(request, model=model()) if kind == "Transform" else request


@dataclass
class Listener:
    """Remembers the news, and says when the job runs."""

    news: list[JobProgress] = field(default_factory=list)
    running: threading.Event = field(default_factory=threading.Event)

    def __call__(self, progress: JobProgress) -> None:
        self.news.append(progress)
        self.running.set()


def test_a_job_that_ends_well_is_completed(subject: Subject, job: JobRequest) -> None:
    describe = subject.good.run(job, Listener()).describe
    assert describe[f"{job.kind}JobStatus"] == "Completed"
    assert "FailureReason" not in describe


def test_a_failing_job_is_a_result_with_a_reason(subject: Subject, job: JobRequest) -> None:
    describe = subject.bad.run(job, Listener()).describe
    assert describe[f"{job.kind}JobStatus"] == "Failed"
    assert re.fullmatch("AlgorithmError: .*, exit code: 1", describe["FailureReason"])


def test_the_describe_response_names_the_job(subject: Subject, job: JobRequest) -> None:
    describe = subject.good.run(job, Listener()).describe
    assert (describe[f"{job.kind}JobName"], describe[f"{job.kind}JobArn"]) == (job.name, job.arn)
    assert describe["CreationTime"].endswith("+00:00")


@pytest.mark.parametrize("name", [name for name, kind in PAIRS if kind == "Training"])
def test_a_training_job_says_where_its_model_is(name: str, tmp_path: Path) -> None:
    job = job_request(tmp_path / "attempt", "Training", training_parameters())
    describe = MAKERS[name](tmp_path).good.run(job, Listener()).describe
    assert describe["ModelArtifacts"] == {"S3ModelArtifacts": "s3://bucket/models/job-1/output/model.tar.gz"}
    assert describe["SecondaryStatus"] == "Completed"


def test_the_first_news_is_the_start_and_the_last_is_the_end(subject: Subject, job: JobRequest) -> None:
    listener = Listener()
    subject.bad.run(job, listener)
    assert [listener.news[0].status, listener.news[-1].status] == ["Starting", "Failed"]
    assert {news.job_name for news in listener.news} == {job.name}


def test_the_log_is_all_that_is_left_in_the_folder(subject: Subject, job: JobRequest) -> None:
    subject.good.run(job, Listener())
    assert [path.name for path in job.folder.iterdir()] == ["log.txt"]


def test_a_running_job_can_be_stopped(subject: Subject, job: JobRequest) -> None:
    listener = Listener()
    statuses: list[str] = []

    def run() -> None:
        statuses.append(subject.endless.run(job, listener).describe[f"{job.kind}JobStatus"])

    thread = threading.Thread(target=run)
    thread.start()
    assert listener.running.wait(10)
    subject.endless.stop(job.name)
    thread.join(20)
    assert statuses == ["Stopped"]


def test_stopping_an_unknown_job_is_no_error(subject: Subject) -> None:
    subject.good.stop("never-heard-of")


def test_a_plain_request_is_supported_and_has_nothing_without_effect(
    subject: Subject, job: JobRequest
) -> None:
    assert subject.good.unsupported(job.kind, job.parameters) == []
    timeless = {name: value for name, value in job.parameters.items() if name != "StoppingCondition"}
    assert subject.good.without_effect(job.kind, timeless) == []
