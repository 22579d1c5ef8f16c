"""A SageMaker API over HTTP that tells of one recorded execution as the service would; knows no S3."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from seatrial.ports.executions import ExecutionRecord, StepRecord


@contextmanager
def sagemaker_of(record: ExecutionRecord) -> Iterator[str]:
    """Where it answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            operation = self.headers["X-Amz-Target"].partition(".")[2]
            body = json.dumps(_answer(record, operation, asked)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/x-amz-json-1.1")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Silent."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def _answer(record: ExecutionRecord, operation: str, asked: dict[str, str]) -> dict[str, Any]:
    if operation == "ListPipelineExecutionSteps":
        return {"PipelineExecutionSteps": [_listed(step) for step in record.steps]}
    if operation == "DescribePipelineExecution":
        return {
            "PipelineArn": record.pipeline_arn,
            "PipelineExecutionArn": record.arn,
            "PipelineExecutionStatus": record.status.value,
            "CreationTime": _epoch(record.started_at),
            "LastModifiedTime": _epoch(record.ended_at),
        }
    if operation == "DescribePipelineDefinitionForExecution":
        return {"PipelineDefinition": record.definition}
    assert operation == "DescribeProcessingJob", operation
    step = next(step for step in record.steps if step.job_name == asked["ProcessingJobName"])
    times = {"CreationTime": _epoch(step.started_at), "ProcessingEndTime": _epoch(step.ended_at)}
    told = ("ProcessingOutputConfig", "AppSpecification", "ProcessingResources", "Environment")
    return {**{key: step.properties[key] for key in told if key in step.properties}, **times}


def _listed(step: StepRecord) -> dict[str, Any]:
    arn = f"arn:aws:sagemaker:us-east-1:123456789012:processing-job/{step.job_name}"
    return {
        "StepName": step.name,
        "StepStatus": step.status.value,
        "StartTime": _epoch(step.started_at),
        "EndTime": _epoch(step.ended_at),
        "Metadata": {"ProcessingJob": {"Arn": arn}},
    }


def _epoch(moment: datetime | None) -> float:
    assert moment is not None
    return moment.timestamp()
