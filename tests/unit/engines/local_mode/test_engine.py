"""One job through the engine: what it makes of its process's answer, its end, and its silence."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from seatrial.errors import EnvironmentUnfitError
from tests.adapters.memory_images import MemoryImages
from tests.unit.engines.local_mode.bench import Bench, StillSurroundings
from tests.unit.engines.native.requests import job_request, processing_input, processing_output
from tests.unit.engines.serving.bench import transform_parameters

OUT = {"Outputs": [processing_output("out", "s3://bucket/out")]}


def test_a_job_without_failure_is_completed(tmp_path: Path) -> None:
    result = Bench(tmp_path).process()
    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert result.image is not None


def test_local_modes_own_words_are_the_reason(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 'answer["failure"] = "Failed to run: [...]. Process exited with code: 3"')
    describe = bench.process().describe
    assert describe["ProcessingJobStatus"] == "Failed"
    assert describe["FailureReason"] == "Failed to run: [...]. Process exited with code: 3"


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ("os._exit(0)", "left no answer"),
        ("sys.exit(7)", "ended with code 7"),
        ("os.kill(os.getpid(), signal.SIGKILL)", "ended by signal 9"),
        ('answer["job_name"] = "another"', "not about job-1"),
        ('answer["failure"] = 5', "not about job-1"),
        ("answer = []", "left no answer"),
        ('Path(order["folder"], "answer.json").write_text("{"); os._exit(0)', "left no answer"),
    ],
)
def test_a_lost_or_garbled_answer_is_a_failure(tmp_path: Path, act: str, said: str) -> None:
    describe = Bench(tmp_path, act).process().describe
    assert describe["ProcessingJobStatus"] == "Failed"
    assert describe["FailureReason"].startswith("InternalServerError: ")
    assert said in describe["FailureReason"]


def test_success_needs_the_word_of_the_container_too(tmp_path: Path) -> None:
    describe = Bench(tmp_path, surroundings=StillSurroundings(codes=(130,))).process().describe
    assert describe["ProcessingJobStatus"] == "Failed"
    assert "exit code 130" in describe["FailureReason"]


def test_success_without_any_container_is_none(tmp_path: Path) -> None:
    describe = Bench(tmp_path, surroundings=StillSurroundings(codes=())).process().describe
    assert describe["ProcessingJobStatus"] == "Failed"
    assert "no container" in describe["FailureReason"]


def test_what_the_process_prints_is_the_log_and_all_that_is_left(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 'print("one", flush=True); print("two", file=sys.stderr)')
    assert bench.process().log_tail == ("one", "two")
    assert [path.name for path in bench.folder.iterdir()] == ["log.txt"]


def test_metrics_are_searched_for_in_the_log(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 'print("algo-1 | auc=0.5"); print("algo-1 | auc=0.75")')
    algorithm = {
        "TrainingImage": "image:1",
        "TrainingInputMode": "File",
        "MetricDefinitions": [{"Name": "auc", "Regex": "auc=([0-9.]+)"}],
    }
    metrics = bench.train(AlgorithmSpecification=algorithm).describe["FinalMetricDataList"]
    assert [(item["MetricName"], item["Value"]) for item in metrics] == [("auc", 0.75)]


def test_the_process_is_told_where_containers_reach_the_store_and_where_we_do(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 'print(order["s3_url"], order["reached_at"])')
    assert bench.process().log_tail == ("http://10.9.0.2:9000 http://127.0.0.1:9000",)
    assert bench.surroundings.asked == [("seatrial-net", "store")]
    assert bench.surroundings.open == 0


def test_a_store_that_is_no_container_keeps_its_address(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 'print(order["s3_url"])', StillSurroundings(place=None))
    assert bench.process().log_tail == ("http://store:9000",)


def test_the_local_image_runs_and_not_the_name_in_the_request(tmp_path: Path) -> None:
    bench = Bench(tmp_path, 'print(order["members"]["AppSpecification"]["ImageUri"])')
    result = bench.process()
    assert result.image is not None
    assert result.log_tail == (result.image.reference,)


def test_an_image_that_is_not_there_fails_the_job(tmp_path: Path) -> None:
    bench = Bench(tmp_path, images=MemoryImages())
    describe = bench.process().describe
    assert describe["FailureReason"].startswith(
        "ClientError: API error (404): manifest for image:1 not found"
    )


def test_what_local_mode_cannot_do_is_refused(tmp_path: Path) -> None:
    result = Bench(tmp_path).process(NetworkConfig={"EnableNetworkIsolation": True})
    assert result.refusal is not None
    assert result.refusal.startswith("ValidationException: not supported here: /NetworkConfig/")


def test_a_kind_of_job_that_local_mode_is_not_asked_to_do_is_refused(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    request = job_request(bench.folder, "Transform", transform_parameters())
    result = bench.engine.run(request, bench.progress)
    assert "a transform job" in (result.refusal or "")
    assert result.describe["TransformJobStatus"] == "Failed"


def test_what_the_service_would_refuse_is_refused_here_too(tmp_path: Path) -> None:
    inputs = [processing_input("in", "s3://bucket/in", "/somewhere/else")]
    result = Bench(tmp_path).process(ProcessingInputs=inputs)
    assert "/somewhere/else" in (result.refusal or "")


def test_buckets_of_outputs_are_made(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.process(ProcessingOutputConfig=OUT)
    assert bench.store.buckets() == ["bucket"]


def test_a_bucket_that_cannot_be_fails_the_job(tmp_path: Path) -> None:
    outputs = {"Outputs": [processing_output("out", "s3://NoBucket/out")]}
    describe = Bench(tmp_path).process(ProcessingOutputConfig=outputs).describe
    assert describe["FailureReason"].startswith("ClientError: Failed to upload data. ")


def test_a_stopped_job_is_killed_with_all_that_it_started(tmp_path: Path) -> None:
    bench = Bench(
        tmp_path,
        "import subprocess; helper = subprocess.Popen(['sleep', '60']); "
        "print(helper.pid, flush=True); time.sleep(60)",
    )
    log, results = bench.folder / "log.txt", []
    thread = threading.Thread(target=lambda: results.append(bench.process()))
    thread.start()
    deadline = time.monotonic() + 20
    while not (log.exists() and log.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.02)
    bench.engine.stop("job-1")
    thread.join(20)
    assert results[0].describe["ProcessingJobStatus"] == "Stopped"
    assert results[0].outputs == ()
    helper = Path(f"/proc/{log.read_text().strip()}/stat")
    assert not helper.exists() or " Z " in helper.read_text()


def test_a_place_that_compose_cannot_mount_is_said_before_anything_runs(tmp_path: Path) -> None:
    bench = Bench(tmp_path / "a:b")
    with pytest.raises(EnvironmentUnfitError, match="cannot work in") as trouble:
        bench.process()
    assert trouble.value.slug == "path-not-for-compose"


def test_an_engine_that_does_not_see_our_files_is_said_before_anything_runs(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    bench.surroundings.sighted = False
    with pytest.raises(EnvironmentUnfitError, match="does not see") as trouble:
        bench.process()
    assert trouble.value.slug == "folder-not-seen"
    assert bench.surroundings.asked == []
