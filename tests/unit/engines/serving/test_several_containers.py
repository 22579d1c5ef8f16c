"""A model of several containers: each answers with what the next is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from seatrial.ports.jobs import JobResult
from tests.adapters.memory_server import Asked, Dies, MemoryServer
from tests.unit.engines.serving.bench import Bench, model, packed

Response = tuple[int, bytes]


def chained(*containers: dict[str, Any], **members: Any) -> dict[str, Any]:
    """A DescribeModel response of several containers."""
    described = model(Containers=list(containers), **members)
    del described["PrimaryContainer"]
    return described


TWO = chained(
    {"Image": "scale:1", "ModelDataUrl": "s3://bucket/model/scaler.tar.gz", "Environment": {"OF": "scaler"}},
    {"Image": "score:1", "ModelDataUrl": "s3://bucket/model/model.tar.gz", "ContainerHostname": "classifier"},
)


def says_its_name(asked: Asked) -> Response:
    return 200, asked.body.rstrip(b"\n") + f" {asked.image}\n".encode()


def bench_of(folder: Path, answer: Any = says_its_name, **more: Any) -> Bench:
    silent = more.pop("silent", ())
    bench = Bench(folder, MemoryServer(answer, silent=silent), **more)
    bench.put("in/a.csv", b"1\n2\n")
    bench.put("model/scaler.tar.gz", packed(mean__txt="3"))
    return bench


def reason(result: JobResult) -> str:
    return str(result.describe["FailureReason"])


def test_the_answer_of_one_is_what_the_next_is_asked(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    bench.run(TWO, SplitType="Line", BatchStrategy="SingleRecord", ContentType="text/plain", Accept="text/x")

    assert bench.written == {"a.csv.out": b"1 scale:1 score:1\n2 scale:1 score:1\n"}
    first, second = bench.server.asked[:2]
    assert (first.image, first.headers["Content-Type"]) == ("scale:1", "text/plain")
    assert "Accept" not in first.headers
    assert (second.image, second.headers["Content-Type"], second.headers["Accept"]) == (
        "score:1",
        "text/csv",
        "text/x",
    )


def test_each_finds_its_own_model_and_its_own_port(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    result = bench.run(TWO)

    assert bench.server.files_of["scale:1"].keys() & {
        "/opt/ml/model/mean.txt",
        "/opt/ml/model/weights.bin",
    } == {"/opt/ml/model/mean.txt"}
    assert "/opt/ml/model/weights.bin" in bench.server.files_of["score:1"]
    scale, score = bench.server.specs
    assert (scale.environment["OF"], "OF" in score.environment) == ("scaler", False)
    told = [
        (spec.environment["SAGEMAKER_BIND_TO_PORT"], spec.environment["SAGEMAKER_SAFE_PORT_RANGE"])
        for spec in (scale, score)
    ]
    assert told == [("8081", "20000-20999"), ("8082", "21000-21999")]
    assert [each.name for each in result.inputs] == ["transform", "model-container-1", "model-classifier"]


def test_a_model_of_one_container_is_told_no_port(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    bench.run()
    assert "SAGEMAKER_BIND_TO_PORT" not in bench.server.specs[0].environment


@pytest.mark.parametrize(("status", "word"), [(500, "Bad HTTP status"), (415, "ClientError: 415")])
def test_an_error_names_the_container_that_made_it(tmp_path: Path, status: int, word: str) -> None:
    def second_refuses(asked: Asked) -> Response:
        return (status, b"no") if asked.image == "score:1" else (200, asked.body)

    bench = bench_of(tmp_path, second_refuses)
    result = bench.run(TWO, ModelClientConfig={"InvocationsMaxRetries": 0})
    assert word in reason(result)
    assert "(classifier)" in reason(result)
    assert "(classifier)" in bench.log


def test_all_are_told_to_end_before_the_first_is_waited_for(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    bench.run(TWO)
    assert bench.server.stopped == [spec.name for spec in bench.server.specs]


def test_one_that_dies_or_is_never_ready_is_named(tmp_path: Path) -> None:
    def first_dies(asked: Asked) -> Response:
        raise Dies(3)

    died = bench_of(tmp_path / "died", first_dies).run(TWO)
    assert reason(died) == (
        "AlgorithmError: container-1: the model container ended while it was needed, exit code: 3"
    )
    silent = bench_of(tmp_path / "silent", silent={"score:1"}, fidelity={"transform_ping_seconds": 0.1})
    assert "(classifier: 0.1 s)" in reason(silent.run(TWO))


def test_nothing_is_left_but_one_log(tmp_path: Path) -> None:
    bench = bench_of(tmp_path)
    bench.run(TWO)
    assert [path.name for path in bench.folder.iterdir()] == ["log.txt"]
