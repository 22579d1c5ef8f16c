"""The SDK's local mode, in a process and an environment of its own: the same tasks as seatrial's side.

It speaks the lines of protocol.py without importing anything of this repository. Standard output is kept
for answers: the SDK prints there, already while it is imported, so it is imported after that is settled.
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import Any

REGION = "us-east-1"
ROLE = "arn:aws:iam::123456789012:role/Bench"
READS = "/opt/ml/processing/input/data"
WRITES = "/opt/ml/processing/out"


def main() -> None:
    """Greet, then work until stdin ends."""
    answers = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    session = _session(json.loads(sys.stdin.readline()))
    print(json.dumps({"seconds": 0}), file=answers)
    for line in sys.stdin:
        print(json.dumps(perform(session, json.loads(line)["work"])), file=answers)


def perform(session: Any, work: dict[str, Any]) -> dict[str, Any]:
    """One execution; making the SDK's objects of it is not timed."""
    from sagemaker.workflow.pipeline import Pipeline  # see above

    pipeline = Pipeline(name=work["name"], steps=_steps(session, work), sagemaker_session=session)
    pipeline.create(ROLE)
    began = time.perf_counter()
    execution = pipeline.start()
    seconds = time.perf_counter() - began
    described = execution.describe()
    if described["PipelineExecutionStatus"] != "Succeeded":
        return {"seconds": seconds, "trouble": str(described.get("FailureReason"))}
    return {"seconds": seconds}


def _session(hello: dict[str, Any]) -> Any:
    import boto3  # see above
    from sagemaker.workflow.pipeline_context import LocalPipelineSession

    boto_session = boto3.Session(
        aws_access_key_id=hello["access_key"],
        aws_secret_access_key=hello["secret_key"],
        region_name=REGION,
    )
    # The SDK is typed in part: this class is not.
    return LocalPipelineSession(  # type: ignore[no-untyped-call]
        boto_session=boto_session, default_bucket="bench", s3_endpoint_url=hello["endpoint_url"]
    )


def _steps(session: Any, work: dict[str, Any]) -> list[Any]:
    from sagemaker.processing import Processor  # see above
    from sagemaker.workflow.steps import ProcessingStep

    made: dict[str, Any] = {}
    for step in work["steps"]:
        processor = Processor(
            role=ROLE,
            image_uri=work["image"],
            entrypoint=["python3", "-c", step["script"]],
            instance_type="local",
            instance_count=1,
            sagemaker_session=session,
        )
        made[step["name"]] = ProcessingStep(
            name=step["name"],
            processor=processor,
            inputs=_inputs(step, made),
            outputs=_outputs(step, work["prefix"]),
            depends_on=[made[name] for name in step["after"]],
        )
    return list(made.values())


def _inputs(step: dict[str, Any], made: dict[str, Any]) -> list[Any]:
    if step["reads"] is None:
        return []
    from sagemaker.processing import ProcessingInput  # see above

    before = made.get(step["reads"])
    source = (
        before.properties.ProcessingOutputConfig.Outputs["out"].S3Output.S3Uri if before else step["reads"]
    )
    return [ProcessingInput(source=source, destination=READS, input_name="data")]


def _outputs(step: dict[str, Any], prefix: str) -> list[Any]:
    if not step["writes"]:
        return []
    from sagemaker.processing import ProcessingOutput  # see above

    return [ProcessingOutput(source=WRITES, destination=f"{prefix}/{step['name']}", output_name="out")]


if __name__ == "__main__":
    main()
