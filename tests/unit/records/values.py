"""Executions, steps and results to keep."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepRecord, StepStatus
from seatrial.ports.images import LocalImage
from seatrial.ports.jobs import (
    ArchiveMember,
    InputReceipt,
    JobRequest,
    JobResult,
    LostFile,
    OutputReceipt,
)
from seatrial.ports.storage import StoredObject
from tests.adapters.clock import START


def an_execution(execution_id: str = "abcdefghijkl", pipeline: str = "Churn") -> ExecutionRecord:
    pipeline_arn = f"arn:aws:sagemaker:us-east-1:123456789012:pipeline/{pipeline}"
    return ExecutionRecord(
        execution_id=execution_id,
        arn=f"{pipeline_arn}/execution/{execution_id}",
        pipeline_name=pipeline,
        pipeline_arn=pipeline_arn,
        status=ExecutionStatus.EXECUTING,
        definition='{"Version": "2020-12-01"}',
        parameters={"Text": "5", "Whole": 5, "Real": 5.0, "Flag": True},
        prefix="s3://seatrial/Churn/abcdefghijkl",
        started_at=START,
    )


def a_request(step: str = "Train", attempt: int = 1) -> JobRequest:
    name = f"pipelines-abcdefghijkl-{step}-{attempt:010}"
    return JobRequest(
        kind="Training",
        name=name,
        arn=f"arn:aws:sagemaker:us-east-1:123456789012:training-job/{name}",
        parameters={"TrainingJobName": name, "HyperParameters": {"depth": "5"}},
        execution_id="abcdefghijkl",
        step_name=step,
        attempt=attempt,
        folder=Path("/nowhere"),
    )


def a_result(request: JobRequest) -> JobResult:
    model = StoredObject("seatrial", f"out/{request.name}/output/model.tar.gz", 12, "0a1b")
    return JobResult(
        describe={
            "TrainingJobName": request.name,
            "TrainingJobStatus": "Completed",
            "FinalMetricDataList": [{"MetricName": "val:auc", "Value": math.inf}],
        },
        inputs=(InputReceipt("train", "s3://b/in", "/opt/ml/input/data/train", (model,)),),
        outputs=(
            OutputReceipt(
                name="model",
                s3_uri=model.uri,
                container_path="/opt/ml/model",
                property_path="ModelArtifacts.S3ModelArtifacts",
                data_type="model",
                objects=(model,),
                existing=(replace(model, key="out/old"),),
                members=(ArchiveMember("xgboost-model", 7, "ff00"),),
            ),
        ),
        lost_files=(LostFile("/tmp/lost.csv", -1),),  # noqa: S108  # a path inside a container
        image=LocalImage("1.dkr.ecr/x:1", "seatrial/x:1", "sha256:1", "a nearby version"),
        log_tail=("one", "zwei — drei"),
        seconds={"stage_in": 0.5, "container": 2.0, "stage_out": 0.25},
    )


def starting(step: str = "Train") -> StepRecord:
    return StepRecord(step, "Training", StepStatus.STARTING, started_at=START)


def executing(request: JobRequest) -> StepRecord:
    return replace(
        starting(request.step_name),
        status=StepStatus.EXECUTING,
        job_name=request.name,
        metadata={"TrainingJob": {"Arn": request.arn}},
    )


def succeeded(request: JobRequest) -> StepRecord:
    result = a_result(request)
    return replace(
        executing(request),
        status=StepStatus.SUCCEEDED,
        ended_at=START,
        properties=result.describe,
        result=result,
        exit_message="fine",
    )
