"""Lambda steps: typed outputs that conditions and other steps use, in branches too."""

from __future__ import annotations

from sagemaker.lambda_helper import Lambda
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals, ConditionGreaterThan
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.functions import Join
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import CacheConfig, ProcessingStep

from tests.corpus.sdk_v2.session import CODE, make_processor

ARN = "arn:aws:lambda:us-east-1:123456789012:function"


def lambda_steps(session: PipelineSession) -> Pipeline:
    """A function makes data, a job copies it, another function looks at it and decides."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    rows = ParameterInteger("Rows", 3)
    make = LambdaStep(
        "Make",
        lambda_func=Lambda(function_arn=f"{ARN}:make-rows", session=session),
        inputs={
            "rows": rows,
            "target": Join(on="/", values=[prefix, "made"]),
            "execution": ExecutionVariables.PIPELINE_EXECUTION_ID,
            "options": {"header": False, "columns": ["a", "b"]},
        },
        outputs=[
            LambdaOutput("uri", LambdaOutputTypeEnum.String),
            LambdaOutput("written", LambdaOutputTypeEnum.Integer),
            LambdaOutput("mean", LambdaOutputTypeEnum.Float),
            LambdaOutput("complete", LambdaOutputTypeEnum.Boolean),
            LambdaOutput("options", LambdaOutputTypeEnum.String),
        ],
        cache_config=CacheConfig(enable_caching=True, expire_after="P1D"),
    )
    outputs = make.properties.Outputs
    copy = ProcessingStep(
        "Copy",
        step_args=make_processor(session).run(
            code=f"{CODE}/copy.py",
            inputs=[ProcessingInput(source=outputs["uri"], destination="/opt/ml/processing/input")],
            outputs=[
                ProcessingOutput(
                    output_name="copy",
                    source="/opt/ml/processing/copy",
                    destination=Join(on="/", values=[prefix, "copy"]),
                )
            ],
        ),
    )
    look = LambdaStep(
        "Look",
        lambda_func=Lambda(function_arn=f"{ARN}:look:PROD", session=session),
        inputs={"copy": copy.properties.ProcessingOutputConfig.Outputs["copy"].S3Output.S3Uri},
        outputs=[LambdaOutput("objects", LambdaOutputTypeEnum.Integer)],
    )
    tell = LambdaStep(
        "Tell", lambda_func=Lambda(function_arn=f"{ARN}:tell", session=session), depends_on=[look]
    )
    decide = ConditionStep(
        "Decide",
        conditions=[
            ConditionGreaterThan(outputs["mean"], 0.5),
            ConditionEquals(outputs["complete"], True),
            ConditionEquals(outputs["written"], rows),
        ],
        if_steps=[look, tell],
        else_steps=[],
    )
    return Pipeline(
        "Lambdas", parameters=[prefix, rows], steps=[make, copy, decide], sagemaker_session=session
    )


CASES = {"lambda-steps": lambda_steps}
