"""A session of the SDK v2 that reaches no service, and what several pipelines are built from."""

from __future__ import annotations

import boto3
from botocore.awsrequest import AWSResponse
from sagemaker.estimator import Estimator
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.pipeline_context import PipelineSession

ROLE = "arn:aws:iam::123456789012:role/pipeline"
REGION = "us-east-1"
XGBOOST = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1"
SCRIPT_IMAGE = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
CODE = "s3://my-bucket/code"


def make_session() -> PipelineSession:
    boto_session = boto3.Session(aws_access_key_id="none", aws_secret_access_key="none", region_name=REGION)
    boto_session.events.register("before-send.s3", _accept)
    session = PipelineSession(boto_session=boto_session)
    session._default_bucket = "my-bucket"  # given up front, it is looked for nowhere
    return session


def _accept(request, **_):
    return AWSResponse(request.url, 200, {}, _Body())


class _Body:
    def stream(self, *_, **__):
        return iter(())

    def read(self, *_, **__):
        return b""


def make_processor(session: PipelineSession, **options) -> SKLearnProcessor:
    return SKLearnProcessor(
        framework_version="1.2-1",
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        sagemaker_session=session,
        **options,
    )


def make_estimator(session: PipelineSession, prefix: object, **options) -> Estimator:
    return Estimator(
        image_uri=XGBOOST,
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        output_path=prefix,
        sagemaker_session=session,
        disable_profiler=True,
        **options,
    )
