"""A training without a script, through the engine: its reasons and metrics are those of the service."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from seatrial.engines.native import NativeEngine
from seatrial.images import Images
from seatrial.ports.jobs import JobProgress, JobRequest, JobResult
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.runners import DockerRunner
from seatrial.settings import Settings
from seatrial.storage import MinioStore
from tests.conformance.engines import WallClock

XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.5-1"
BUCKET = "algorithm-mode"
SOURCE = {"S3DataType": "S3Prefix", "S3Uri": f"s3://{BUCKET}/train/"}


@pytest.fixture
def engine(
    runner: DockerRunner, store: MinioStore, store_address: StoreAddress, images: Images, settings: Settings
) -> NativeEngine:
    """Our engine on real parts, with a channel's objects in the store."""
    store.ensure_bucket(BUCKET)
    store.write(S3Uri(BUCKET, "train/part-0"), b"".join(b"%d 0:%d 1:2\n" % (n % 2 + 1, n) for n in range(20)))
    return NativeEngine(runner, store, store_address, images, settings, WallClock())


def train(
    engine: NativeEngine,
    folder: Path,
    *,
    instances: int = 1,
    source: Mapping[str, str] = SOURCE,
    **given: str,
) -> JobResult:
    name = f"algorithm-mode-job-{instances}"
    parameters = {
        "TrainingJobName": name,
        "AlgorithmSpecification": {"TrainingImage": XGBOOST, "TrainingInputMode": "File"},
        "HyperParameters": given,
        "InputDataConfig": [{"ChannelName": "train", "DataSource": {"S3DataSource": dict(source)}}],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/models"},
        "ResourceConfig": {"InstanceCount": instances, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 1},
        "StoppingCondition": {"MaxRuntimeInSeconds": 600},
        "RoleArn": "arn:aws:iam::123456789012:role/seatrial",
    }
    heard: list[JobProgress] = []
    request = JobRequest("Training", name, f"arn:{name}", parameters, "exec00000001", "Train", 1, folder)
    return engine.run(request, heard.append)


def test_its_metrics_are_found_without_being_defined(engine: NativeEngine, tmp_path: Path) -> None:
    result = train(
        engine, tmp_path / "a", num_round="3", objective="reg:squarederror", eval_metric="mae,mape"
    )
    assert result.describe["TrainingJobStatus"] == "Completed", result.log_tail
    values = {item["MetricName"]: item["Value"] for item in result.describe["FinalMetricDataList"]}
    assert values.keys() == {"train:mae", "train:mape"}
    last = next(line for line in reversed(result.log_tail) if line.startswith("[2]\t"))
    assert f"train-mae:{values['train:mae']:.5f}" in last
    (model,) = [output for output in result.outputs if output.name == "model"]
    assert [member.name for member in model.members] == ["xgboost-model"]


def test_a_refused_hyperparameter_is_the_jobs_reason(engine: NativeEngine, tmp_path: Path) -> None:
    reason = train(engine, tmp_path / "b", num_round="3", eta="2.0").describe["FailureReason"]
    assert reason.startswith("AlgorithmError: framework error: \nTraceback (most recent call last):\n")
    assert reason.endswith(
        "\nsagemaker_algorithm_toolkit.exceptions.UserError: Hyperparameter eta: 2.0 is not in [0, 1]\n"
        "\nHyperparameter eta: 2.0 is not in [0, 1], exit code: 1"
    )


def test_several_hosts_grow_one_model_and_one_without_data_leaves(
    engine: NativeEngine, store: MinioStore, tmp_path: Path
) -> None:
    rows = [b"%d 0:%d 1:2\n" % (n % 2 + 1, n) for n in range(20)]
    for number in (0, 1):
        store.write(S3Uri(BUCKET, f"shards/part-{number}"), b"".join(rows[number::2]))
    sharded = {
        "S3DataType": "S3Prefix",
        "S3Uri": f"s3://{BUCKET}/shards/",
        "S3DataDistributionType": "ShardedByS3Key",
    }
    result = train(
        engine, tmp_path / "c", instances=3, source=sharded, num_round="3", objective="reg:squarederror"
    )

    log = (tmp_path / "c" / "log.txt").read_text()
    assert result.describe["TrainingJobStatus"] == "Completed", log
    # Alone, each host would see rows of one label and come to an error of its own.
    values = {item["MetricName"]: item["Value"] for item in result.describe["FinalMetricDataList"]}
    assert values == {"train:rmse": pytest.approx(0.5, abs=0.3)}
    assert log.count("[2]\ttrain-rmse:") == 1
    assert "algo-3 | " in log
    assert "Host algo-3 not being used for distributed training." in log
    (model,) = [output for output in result.outputs if output.name == "model"]
    assert [member.name for member in model.members] == ["xgboost-model"]
