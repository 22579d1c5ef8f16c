"""A session of the SDK v3 that reaches no service, and what several pipelines are built from."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import urlsplit

import boto3
from botocore.awsrequest import AWSResponse
from sagemaker.core.processing import ScriptProcessor
from sagemaker.core.shapes import (
    ProcessingInput,
    ProcessingOutput,
    ProcessingS3Input,
    ProcessingS3Output,
)
from sagemaker.core.workflow.functions import Join
from sagemaker.core.workflow.pipeline_context import PipelineSession

ROLE = "arn:aws:iam::123456789012:role/pipeline"
REGION = "us-east-1"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
SKLEARN = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
CODE = "s3://my-bucket/code"


def make_session(boto_session: boto3.Session) -> PipelineSession:
    """Every upload is accepted; nothing of it is kept but the `payloads` of functions."""
    boto_session.events.register("before-send.s3", _accept)
    return PipelineSession(boto_session=boto_session, default_bucket="my-bucket")


def make_processor(session: PipelineSession, **options) -> ScriptProcessor:
    return ScriptProcessor(
        image_uri=SKLEARN,
        command=["python3"],
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        sagemaker_session=session,
        **options,
    )


def given(name: str, uri: object) -> ProcessingInput:
    """What a script finds in /opt/ml/processing/<name>."""
    return ProcessingInput(
        input_name=name,
        s3_input=ProcessingS3Input(
            s3_uri=uri,
            local_path=f"/opt/ml/processing/{name}",
            s3_data_type="S3Prefix",
            s3_input_mode="File",
            s3_data_distribution_type="FullyReplicated",
        ),
    )


def made(name: str, prefix: object) -> ProcessingOutput:
    """What a script leaves in /opt/ml/processing/<name>."""
    return ProcessingOutput(
        output_name=name,
        s3_output=ProcessingS3Output(
            s3_uri=Join(on="/", values=[prefix, name]),
            local_path=f"/opt/ml/processing/{name}",
            s3_upload_mode="EndOfJob",
        ),
    )


payloads: dict[str, bytes] = {}
"""What was pickled of functions, by bucket and key; signed, it fits the one definition alone."""


def _accept(request, **_):
    place = urlsplit(request.url).path.lstrip("/")
    if request.method == "PUT" and PurePosixPath(place).parent.name in ("function", "arguments"):
        payloads[place] = request.body if isinstance(request.body, bytes) else request.body.read()
    listing = b"<R><Buckets><Bucket><Name>my-bucket</Name></Bucket></Buckets></R>"
    wanted = request.method == "GET" and request.url.endswith(":9/")
    return AWSResponse(request.url, 200, {}, _Body(listing if wanted else b""))


class _Body:
    def __init__(self, content):
        self._content = content

    def stream(self, *_, **__):
        return iter((self._content,))

    def read(self, *_, **__):
        return self._content
