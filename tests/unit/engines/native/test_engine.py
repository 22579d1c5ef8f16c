"""The sequence of one job: what the runner is asked, what the describe response says, what is left behind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel, Shape, StructureShape

from seatrial.errors import ContainerError
from seatrial.ports.jobs import JobProgress, JobResult
from seatrial.ports.runners import JobOutcome, JobSpec
from seatrial.ports.storage import S3Uri
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_runner import Inside, MemoryRunner
from tests.unit.engines.native.requests import (
    Bench,
    job_request,
    processing_input,
    processing_output,
    processing_parameters,
    training_parameters,
)


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


def spec_of(bench: Bench) -> JobSpec:
    assert isinstance(bench.runner, MemoryRunner)
    return bench.runner.specs[-1]


def left_in(bench: Bench) -> list[str]:
    return sorted(path.name for path in bench.folder.iterdir())


def test_the_container_gets_the_memory_and_processors_of_its_instance_type(bench: Bench) -> None:
    bench.process()
    spec = spec_of(bench)
    assert (spec.memory_bytes, spec.cpus) == (8 * 1024**3, 2.0)
    assert spec.shm_bytes == 4 * 1024**3
    assert (spec.hostname, spec.network, spec.hosts) == ("algo-1", "seatrial-net", {"store": "10.0.0.2"})


def test_the_container_can_be_found_by_what_it_belongs_to(bench: Bench) -> None:
    bench.process()
    assert {"exec00000001", "Step", "job-1"} <= set(spec_of(bench).labels.values())


def test_an_init_is_given_to_processing_and_kept_from_training(bench: Bench) -> None:
    bench.process()
    bench.train()
    assert isinstance(bench.runner, MemoryRunner)
    assert [spec.init for spec in bench.runner.specs] == [True, False]


def test_nothing_of_this_machine_enters_the_environment(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-the-host")
    monkeypatch.setenv("HOST_SECRET", "of-the-host")
    bench.process(Environment={"MINE": "1"})
    environment = spec_of(bench).environment
    assert "of-the-host" not in environment.values()
    assert environment["MINE"] == "1"
    assert environment["AWS_SECRET_ACCESS_KEY"] == "memory-secret"
    assert "root-secret" not in environment.values()


def test_credentials_outlast_the_job(bench: Bench) -> None:
    bench.process(StoppingCondition={"MaxRuntimeInSeconds": 7200})
    assert spec_of(bench).environment["AWS_SESSION_TOKEN"] == "lasting 8100 s"


def test_an_isolated_container_has_neither_network_nor_credentials(bench: Bench) -> None:
    bench.process(NetworkConfig={"EnableNetworkIsolation": True})
    bench.train(EnableNetworkIsolation=True)
    assert isinstance(bench.runner, MemoryRunner)
    for spec in bench.runner.specs:
        assert spec.network is None
        assert spec.hosts == {}
        assert not [
            name for name in spec.environment if "KEY" in name or "TOKEN" in name or "ENDPOINT" in name
        ]
        assert all(mount.target.startswith("/opt/ml/") for mount in spec.mounts)


def test_a_request_may_set_the_region_itself(bench: Bench) -> None:
    bench.process(Environment={"AWS_DEFAULT_REGION": "eu-west-1"})
    assert spec_of(bench).environment["AWS_DEFAULT_REGION"] == "eu-west-1"


def test_nothing_but_the_log_is_left_and_all_is_owned_first(bench: Bench) -> None:
    bench.process()
    assert left_in(bench) == ["log.txt"]
    assert isinstance(bench.runner, MemoryRunner)
    assert bench.runner.owned


class Breaking(MemoryRunner):
    """Fails in the middle of everything."""

    def __init__(self, trouble: BaseException) -> None:
        super().__init__({})
        self._trouble = trouble

    def run(self, spec: JobSpec) -> JobOutcome:
        raise self._trouble


@pytest.mark.parametrize(
    "trouble", [ContainerError("gone", slug="docker-lost"), KeyboardInterrupt(), OSError("disk")]
)
def test_nothing_is_left_behind_on_any_way_out(bench: Bench, trouble: BaseException) -> None:
    bench.store.write(S3Uri("bucket", "in/a"), b"a")
    parameters = processing_parameters(ProcessingInputs=[processing_input("data", "s3://bucket/in/")])
    request = job_request(bench.folder, "Processing", parameters)
    with pytest.raises(type(trouble)):
        bench.engine(runner=Breaking(trouble)).run(request, bench.progress)
    assert left_in(bench) == ["log.txt"]


def test_what_a_killed_predecessor_staged_is_gone_before_the_start(tmp_path: Path) -> None:
    seen: list[str] = []

    def look(inside: Inside) -> int:
        seen.extend(path.name for path in inside.path("/opt/ml/processing/out").iterdir())
        return 0

    bench = Bench(tmp_path, look)
    old = bench.folder / "stage/tree/opt/ml/processing/out"
    old.mkdir(parents=True)
    (old / "half-written").write_text("x")
    bench.process(ProcessingOutputConfig={"Outputs": [processing_output("out", "s3://bucket/out")]})
    assert seen == []


def test_a_stop_while_inputs_are_fetched_keeps_the_container_from_starting(bench: Bench) -> None:
    engine = bench.engine()
    request = job_request(bench.folder, "Processing", processing_parameters())

    def stop(progress: JobProgress) -> None:
        if progress.status == "Downloading":
            engine.stop("job-1")

    result = engine.run(request, stop)
    assert result.describe["ProcessingJobStatus"] == "Stopped"
    assert isinstance(bench.runner, MemoryRunner)
    assert bench.runner.specs == []


def test_a_stop_at_the_moment_of_the_start_stops_the_job(tmp_path: Path) -> None:
    def wait(inside: Inside) -> int:
        inside.sleep(30)
        return 0

    bench = Bench(tmp_path, wait)
    engine = bench.engine()
    request = job_request(bench.folder, "Processing", processing_parameters())

    def stop(progress: JobProgress) -> None:
        if progress.status == "Processing":
            engine.stop("job-1")

    result = engine.run(request, stop)
    assert result.describe["ProcessingJobStatus"] == "Stopped"


def test_stopping_an_unknown_job_is_no_error(bench: Bench) -> None:
    bench.engine().stop("never-heard-of")


def test_a_missing_image_fails_the_job_and_says_what_to_type(bench: Bench) -> None:
    bench.images = MemoryImages()
    reason = bench.process().describe["FailureReason"]
    assert reason.startswith("ClientError: API error (404): manifest for image:1 not found")
    assert "seatrial.toml" in reason


def test_the_last_lines_of_the_log_come_with_the_result(tmp_path: Path) -> None:
    def talk(inside: Inside) -> int:
        inside.say("".join(f"line {number}\n" for number in range(100)))
        return 1

    tail = Bench(tmp_path, talk).process().log_tail
    assert (len(tail), tail[0], tail[-1]) == (20, "line 80", "line 99")


def test_names_of_any_bytes_come_out_as_text_that_json_can_hold(tmp_path: Path) -> None:
    odd = b"caf\xe9".decode("utf-8", "surrogateescape")

    def write(inside: Inside) -> int:
        inside.write(f"/opt/ml/model/{odd}", "x")
        inside.write(f"/opt/ml/output/{odd}", "x")
        inside.untracked[f"/srv/{odd}"] = 1
        return 0

    result = Bench(tmp_path, write).train()
    assert [member.name for member in result.outputs[0].members] == ["caf\\xe9"]
    lost = [item.container_path for item in result.lost_files]
    assert lost == ["/opt/ml/output/caf\\xe9", "/srv/caf\\xe9"]


def test_seconds_are_counted_by_phase(bench: Bench) -> None:
    result = bench.process(ProcessingOutputConfig={"Outputs": [processing_output("o", "s3://bucket/o")]})
    assert result.seconds is not None
    assert list(result.seconds) == ["stage_in", "container", "stage_out"]
    assert all(seconds > 0 for seconds in result.seconds.values())


def test_bytes_in_and_out_are_told_as_they_move(tmp_path: Path) -> None:
    def copy(inside: Inside) -> int:
        inside.write("/opt/ml/processing/out/x", "123")
        return 0

    bench = Bench(tmp_path, copy)
    bench.store.write(S3Uri("bucket", "in/a"), b"12345")
    bench.process(
        ProcessingInputs=[processing_input("data", "s3://bucket/in/")],
        ProcessingOutputConfig={"Outputs": [processing_output("out", "s3://bucket/out")]},
    )
    assert [(news.status, news.bytes_in, news.bytes_out) for news in bench.progress] == [
        ("Starting", 0, 0),
        ("Downloading", 0, 0),
        ("Downloading", 5, 0),
        ("Processing", 5, 0),
        ("Uploading", 5, 0),
        ("Uploading", 5, 3),
        ("Completed", 5, 3),
    ]


def _sagemaker() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("sagemaker", "service-2"), "sagemaker")


def misfits(value: Any, shape: Shape, where: str = "") -> list[str]:
    """Members that the shape does not know, and required ones that are not there."""
    if isinstance(shape, StructureShape) and isinstance(value, Mapping):
        unknown = [f"{where}/{name} unknown" for name in value if name not in shape.members]
        missing = [f"{where}/{name} missing" for name in shape.required_members if name not in value]
        inner = [
            problem
            for name, member in value.items()
            if name in shape.members
            for problem in misfits(member, shape.members[name], f"{where}/{name}")
        ]
        return [*unknown, *missing, *inner]
    if isinstance(value, list):
        return [problem for item in value for problem in misfits(item, shape.member, f"{where}/*")]
    enum = shape.metadata.get("enum")
    return [f"{where}: {value}"] if enum and value not in enum else []


def _with_every_member(operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    """The request with every plain top-level member that the service takes."""
    shape = _sagemaker().operation_model(operation).input_shape
    assert shape is not None
    plain: dict[str, Any] = {"list": [], "map": {}, "boolean": False}
    filler = {name: plain[item.type_name] for name, item in shape.members.items() if item.type_name in plain}
    return {**filler, **parameters}


def _describe(bench: Bench, kind: str) -> Mapping[str, Any]:
    if kind == "Processing":
        output = {"Outputs": [processing_output("o", "s3://bucket/o")]}
        own = processing_parameters(ProcessingOutputConfig=output)
        return bench.process(**_with_every_member("CreateProcessingJob", own)).describe
    own = training_parameters()
    own["AlgorithmSpecification"]["MetricDefinitions"] = [{"Name": "loss", "Regex": "loss=(.*)"}]
    return bench.train(**_with_every_member("CreateTrainingJob", own)).describe


@pytest.mark.parametrize("status", ["Completed", "Failed", "Stopped"])
@pytest.mark.parametrize("kind", ["Processing", "Training"])
def test_a_describe_response_has_the_service_models_shape(tmp_path: Path, kind: str, status: str) -> None:
    def program(inside: Inside) -> int:
        inside.say("loss=0.5\n")
        inside.write("/opt/ml/output/message", "said")
        return 1 if status == "Failed" else 0

    def ended(seen: JobOutcome) -> JobOutcome:
        return replace(seen, stopped=status == "Stopped")

    bench = Bench(tmp_path)
    words = ("program", "train")
    bench.runner = MemoryRunner(dict.fromkeys(words, program), outcomes=dict.fromkeys(words, ended))
    describe = _describe(bench, kind)
    shape = _sagemaker().operation_model(f"Describe{kind}Job").output_shape
    assert shape is not None
    assert describe[f"{kind}JobStatus"] == status
    assert misfits(describe, shape) == []


def test_timestamps_are_text_with_a_time_zone(bench: Bench) -> None:
    describe = bench.train().describe
    for name in ("CreationTime", "TrainingStartTime", "TrainingEndTime", "LastModifiedTime"):
        assert describe[name].endswith("+00:00")


def artifacts(result: JobResult) -> str:
    return str(result.describe["ModelArtifacts"]["S3ModelArtifacts"])


@pytest.mark.parametrize("path", ["s3://bucket/models", "s3://bucket/models/"])
def test_model_artifacts_are_where_the_service_puts_them(bench: Bench, path: str) -> None:
    result = bench.train(OutputDataConfig={"S3OutputPath": path})
    assert artifacts(result) == "s3://bucket/models/job-1/output/model.tar.gz"


def test_a_malformed_output_path_is_refused_and_still_described(bench: Bench) -> None:
    result = bench.train(OutputDataConfig={"S3OutputPath": "not-a-uri"})
    assert str(result.refusal).startswith("ValidationException: /OutputDataConfig/S3OutputPath")
    assert result.describe["TrainingJobStatus"] == "Failed"
