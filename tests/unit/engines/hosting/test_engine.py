"""One endpoint: what is started, what stays until the execution ends, and how it fails."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from tests.adapters.memory_server import MemoryServer
from tests.unit.engines.hosting.bench import EXECUTION, Bench, plan, variant
from tests.unit.engines.serving.bench import MODEL_DATA, model

DESK = "seatrial/base"


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def status(result: Any) -> str:
    return str(result.describe["EndpointStatus"])


def test_it_is_in_service_until_the_execution_ends(bench: Bench) -> None:
    result = bench.run(plan(variant("A")))

    assert status(result) == "InService"
    assert bench.server.running == ["image:1", DESK]
    bench.engine.release("another")
    assert bench.server.running == ["image:1", DESK]
    bench.engine.release(EXECUTION)
    assert bench.server.running == []
    assert sorted(path.name for path in (bench.folder / "job-1").iterdir()) == ["log.txt"]


def test_the_response_is_what_the_service_s_model_knows(bench: Bench) -> None:
    described = bench.run(plan(variant("A", InitialVariantWeight=2.0), variant("B"))).describe

    shape = botocore.session.get_session().get_service_model("sagemaker").shape_for("DescribeEndpointOutput")
    assert not ParamValidator().validate(described, shape).has_errors()
    assert described["EndpointArn"] == "arn:aws:sagemaker:us-east-1:123456789012:endpoint/smoke"
    assert [(each["VariantName"], each["CurrentWeight"]) for each in described["ProductionVariants"]] == [
        ("A", 2.0),
        ("B", 1.0),
    ]


def test_its_address_is_said_to_people_and_to_the_jobs_that_follow(bench: Bench) -> None:
    assert bench.standing.environment(EXECUTION) == {}
    result = bench.run(plan(variant("A")))

    assert result.note is not None
    assert "/endpoints/smoke/invocations" in result.note
    assert result.note.removeprefix("answers at ").partition(" ")[0] in bench.log()
    assert list(bench.standing.environment(EXECUTION)) == ["AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME"]
    assert bench.standing.environment("another") == {}


def test_the_desk_is_told_of_every_variant_and_container(bench: Bench) -> None:
    chained = model(Containers=[{"Image": "scale:1"}, {"Image": "score:1", "ContainerHostname": "last"}])
    del chained["PrimaryContainer"]
    result = bench.run(plan(variant("A", InitialVariantWeight=3), variant("B"), B=chained))

    first, second = bench.server.told["/endpoints/smoke"]
    assert (first["name"], first["weight"], first["direct"]) == ("A", 3.0, False)
    assert [each["name"] for each in first["containers"]] == ["primary"]
    assert [each["name"] for each in second["containers"]] == ["container-1", "last"]
    assert [each.name for each in result.inputs] == ["model-A"]
    assert [spec.name for spec in bench.server.specs] == ["job-1-A-1", "job-1-B-1", "job-1-B-2", "job-1-desk"]


def test_two_endpoints_of_an_execution_are_asked_at_one_desk(bench: Bench) -> None:
    bench.run(plan(variant("A")))
    bench.run(plan(variant("A")), name="other", job="job-2")

    assert set(bench.server.told) == {"/endpoints/smoke", "/endpoints/other"}
    assert bench.server.running.count(DESK) == 1


def test_a_second_one_of_the_same_name_takes_the_place_of_the_first(bench: Bench) -> None:
    bench.run(plan(variant("A"), A=model(PrimaryContainer={"Image": "old:1"})))
    bench.run(plan(variant("A"), A=model(PrimaryContainer={"Image": "new:1"})), job="job-2")
    assert bench.server.running == [DESK, "new:1"]


def test_a_container_that_is_never_ready_fails_it_in_the_service_s_words(tmp_path: Path) -> None:
    bench = Bench(tmp_path, MemoryServer(silent={"image:1"}))
    result = bench.run(plan(variant("A", ContainerStartupHealthCheckTimeoutInSeconds=0.1)))

    assert status(result) == "Failed"
    assert result.describe["FailureReason"] == (
        "The primary container for production variant A did not pass the ping health check. "
        "Please check CloudWatch logs for this endpoint. (0.1 s)"
    )
    assert bench.server.running == []
    assert bench.standing.environment(EXECUTION) == {}


def test_the_log_of_one_that_failed_has_what_each_container_wrote(tmp_path: Path) -> None:
    chained = model(Containers=[{"Image": "scale:1"}, {"Image": "score:1"}])
    del chained["PrimaryContainer"]
    bench = Bench(tmp_path, MemoryServer(silent={"score:1"}, says={"score:1": b"no model here"}))
    result = bench.run(plan(variant("A", ContainerStartupHealthCheckTimeoutInSeconds=0.1), A=chained))

    assert "The container-2 container for production variant A" in result.describe["FailureReason"]
    assert result.log_tail == ("[container-2] no model here",)
    assert sorted(path.name for path in (bench.folder / "job-1").iterdir()) == ["log.txt"]


def test_one_that_comes_into_service_after_the_end_does_not_stay(bench: Bench) -> None:
    bench.engine.release(EXECUTION)
    bench.run(plan(variant("A")))
    assert bench.server.running == []


def test_model_data_that_is_missing_fails_it_before_anything_starts(bench: Bench) -> None:
    absent = model(PrimaryContainer={"Image": "image:1", "ModelDataUrl": "s3://bucket/none.tar.gz"})
    result = bench.run(plan(variant("A"), A=absent))
    assert "Could not find model data at s3://bucket/none.tar.gz" in result.describe["FailureReason"]
    assert bench.server.specs == []


def test_model_data_may_be_given_as_a_source(bench: Bench) -> None:
    source = {"S3Uri": MODEL_DATA, "S3DataType": "S3Object", "CompressionType": "Gzip"}
    given = model(PrimaryContainer={"Image": "image:1", "ModelDataSource": {"S3DataSource": source}})
    bench.run(plan(variant("A"), A=given))
    assert bench.server.files["/opt/ml/model/weights.bin"] == b"heavy"


@pytest.mark.parametrize(
    ("members", "reason"),
    [
        ({"EnableNetworkIsolation": True}, "/EnableNetworkIsolation: network isolation"),
        ({"PrimaryContainer": {"Image": "i", "Mode": "MultiModel"}}, "a container with many models"),
    ],
)
def test_what_cannot_be_hosted_is_refused(bench: Bench, members: dict[str, Any], reason: str) -> None:
    result = bench.run(plan(variant("A"), A=model(**members)))
    assert reason in str(result.refusal)


def test_a_configuration_that_nobody_made_is_refused(bench: Bench) -> None:
    assert bench.run(None).refusal == (
        'ValidationException: Could not find endpoint configuration "config-1".'
    )


def test_names_that_run_into_one_another_are_told_apart(tmp_path: Path) -> None:
    chained = model(Containers=[{"Image": "x:1", "ContainerHostname": "desk"}, {"Image": "log:1"}])
    chained["Containers"][1]["ContainerHostname"] = "log"
    del chained["PrimaryContainer"]
    bench = Bench(tmp_path, MemoryServer(says={"x:1": b"one", "log:1": b"two"}))
    bench.run(plan(variant("A"), variant("A-2"), variant("desk"), A=chained))

    names = [spec.name for spec in bench.server.specs]
    logs = [spec.log_path for spec in bench.server.specs]
    assert len(set(names)) == len(names) == 5
    assert len(set(logs)) == len(logs) == 5
    bench.engine.release(EXECUTION)
    assert "[A-desk] one" in bench.log()
    assert "[A-log] two" in bench.log()


def test_a_container_that_ended_while_others_were_waited_for_fails_it(tmp_path: Path) -> None:
    def late() -> int:
        server.end("job-1-A-1", 3)
        return 200

    server = MemoryServer(pings={"late:1": late})
    bench = Bench(tmp_path, server)
    second = model(PrimaryContainer={"Image": "late:1"})
    result = bench.run(plan(variant("A"), variant("B"), B=second))

    assert status(result) == "Failed"
    assert "production variant A did not pass the ping health check" in result.describe["FailureReason"]
    assert "exit code: 3" in result.describe["FailureReason"]
    assert bench.server.running == []


def test_of_two_of_a_name_at_the_same_time_the_one_that_is_asked_stands(bench: Bench) -> None:
    """However their announcements and their keeping follow one another."""
    with ThreadPoolExecutor(8) as threads:
        jobs = [
            threads.submit(bench.run, plan(variant("A"), A=model(PrimaryContainer={"Image": image})), job=job)
            for job, image in ((f"job-{number}", f"image:{number}") for number in range(8))
        ]
    assert {status(job.result()) for job in jobs} == {"InService"}

    ((asked,),) = [each["containers"] for each in bench.server.told["/endpoints/smoke"]]
    (standing,) = [each for each in bench.server.running if each != DESK]
    assert asked["url"] in bench.server.urls_of(standing)


def test_all_containers_are_told_to_end_before_the_first_is_waited_for(bench: Bench) -> None:
    bench.run(plan(variant("A"), variant("B")))
    bench.engine.release(EXECUTION)
    assert bench.server.stopped == ["job-1-A-1", "job-1-B-1"]


def test_the_desk_and_the_log_are_told_of_a_container_that_ends_while_it_is_in_service(bench: Bench) -> None:
    """Its address may be another container's a moment later."""
    bench.run(plan(variant("A")))
    bench.server.end("job-1", 137)

    deadline = time.monotonic() + 10
    while "/fallen/job-1" not in bench.server.told:
        assert time.monotonic() < deadline, "nobody told the desk"
        time.sleep(0.005)
    assert bench.server.told["/fallen/job-1"] == "the container has ended, exit code 137"
    assert "container-1: the container has ended, exit code 137" in bench.log()


def test_the_end_of_the_execution_is_no_fall(bench: Bench) -> None:
    bench.run(plan(variant("A")))
    bench.engine.release(EXECUTION)
    assert "ended" not in bench.log()
    assert set(bench.server.told) == {"/endpoints/smoke"}


def test_a_stop_ends_the_wait_for_one_that_is_not_ready(tmp_path: Path) -> None:
    chained = model(Containers=[{"Image": "image:1"}, {"Image": "late:1"}])
    del chained["PrimaryContainer"]
    bench = Bench(tmp_path, MemoryServer(silent={"late:1"}))
    with ThreadPoolExecutor(1) as thread:
        job = thread.submit(bench.run, plan(variant("A"), A=chained))
        while "late:1" not in bench.server.running:
            time.sleep(0.005)
        bench.engine.stop("job-1")
        assert status(job.result(timeout=10)) == "OutOfService"
    assert bench.server.running == []
    assert bench.standing.environment(EXECUTION) == {}


def test_a_desk_that_does_not_open_fails_the_endpoint_and_the_next_one_opens_another(
    tmp_path: Path,
) -> None:
    def dies_once() -> int:
        if server.specs[-1].name != "job-1-desk":
            return 200
        server.end("job-1-desk", 1)
        return 503

    server = MemoryServer(pings={DESK: dies_once})
    bench = Bench(tmp_path, server)
    assert "the desk where endpoints are asked did not start" in str(
        bench.run(plan(variant("A"))).describe["FailureReason"]
    )
    assert bench.server.running == []
    assert status(bench.run(plan(variant("A")), job="job-2")) == "InService"
    bench.engine.release(EXECUTION)
    assert bench.server.running == []
