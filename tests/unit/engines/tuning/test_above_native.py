"""A tuning job above our own engine: what containers print and leave is what the search goes by."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from pathlib import Path

from seatrial.engines.tuning import TuningEngine
from seatrial.ports.jobs import JobResult
from seatrial.ports.storage import S3Uri
from tests.adapters.clock import StillClock
from tests.adapters.memory_runner import Inside
from tests.unit.engines.native.requests import Bench as NativeBench
from tests.unit.engines.tuning.bench import config, definition, tuning_parameters, tuning_request

CHANNEL = {
    "ChannelName": "train",
    "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/train/"}},
}


def train(inside: Inside) -> int:
    """Print the score of the rate that was given, and keep it as the model."""
    values = json.loads(inside.path("/opt/ml/input/config/hyperparameters.json").read_text())
    inside.say(f"score={values['rate']}\n")
    inside.write("/opt/ml/model/model.txt", values["rate"])
    return 0


def endless(inside: Inside) -> int:
    """Train until stopped."""
    inside.say("score=0.5\n")
    inside.sleep(30)
    return 0


def _engine(folder: Path, program: Callable[[Inside], int]) -> TuningEngine:
    bench = NativeBench(folder, program)
    bench.store.write(S3Uri("bucket", "train/rows.csv"), b"1,2\n")
    return TuningEngine(bench.engine(), 2, StillClock())


def test_the_search_goes_by_what_the_containers_print(tmp_path: Path) -> None:
    engine = _engine(tmp_path, train)
    parameters = tuning_parameters(config(jobs=3, parallel=2), definition(InputDataConfig=[CHANNEL]))
    folder = tmp_path / "attempt"
    result = engine.run(tuning_request(folder, parameters), lambda news: None)

    summaries = result.describe["TrainingJobSummaries"]
    for each in summaries:
        final = each["FinalHyperParameterTuningJobObjectiveMetric"]
        assert repr(final["Value"]) == each["TunedHyperParameters"]["rate"]
        assert {"TrainingStartTime", "TrainingEndTime"} <= each.keys()
    assert [each.name for each in result.outputs] == ["model", "model-1", "model-2"]
    assert [member.name for member in result.outputs[0].members] == ["model.txt"]
    assert [(each.name, len(each.objects)) for each in result.inputs] == [("train", 1)]
    assert result.image is not None
    left = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    assert left == {"log.txt", *(f"training-jobs/{each['TrainingJobName']}/log.txt" for each in summaries)}


def test_a_missing_channel_is_the_training_jobs_own_failure(tmp_path: Path) -> None:
    source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/nothing/"}}
    training = definition(InputDataConfig=[{**CHANNEL, "DataSource": source}])
    request = tuning_request(tmp_path / "attempt", tuning_parameters(training=training))
    describe = _engine(tmp_path, train).run(request, lambda news: None).describe

    assert describe["HyperParameterTuningJobStatus"] == "Failed"
    assert "No S3 objects found" in describe["FailureReason"]


def test_a_stop_reaches_the_containers(tmp_path: Path) -> None:
    engine = _engine(tmp_path, endless)
    request = tuning_request(tmp_path / "attempt", tuning_parameters(config(parallel=2)))
    results: list[JobResult] = []
    thread = threading.Thread(target=lambda: results.append(engine.run(request, lambda news: None)))
    thread.start()
    deadline = time.monotonic() + 10
    while len(list(tmp_path.glob("attempt/training-jobs/*/stage"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    engine.stop("tuning")
    thread.join(20)

    describe = results[0].describe
    assert describe["HyperParameterTuningJobStatus"] == "Stopped"
    assert describe["TrainingJobStatusCounters"]["Stopped"] == 2
