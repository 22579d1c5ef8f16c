"""Callback steps: outputs of every type that conditions, jobs and other messages use."""

from __future__ import annotations

from sagemaker.processing import ProcessingOutput
from sagemaker.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

from tests.corpus.sdk_v2.session import CODE, make_processor

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012"


def callback_steps(session: PipelineSession) -> Pipeline:
    """Data are asked for, somebody approves them, and a job works on them; or the execution fails."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    load = CallbackStep(
        "Load",
        sqs_queue_url=f"{QUEUE}/loading",
        inputs={"target": Join(on="/", values=[prefix, "loaded"]), "days": 3},
        outputs=[
            CallbackOutput("rows", CallbackOutputTypeEnum.Integer),
            CallbackOutput("share", CallbackOutputTypeEnum.Float),
            CallbackOutput("source", CallbackOutputTypeEnum.String),
        ],
    )
    rows = load.properties.Outputs["rows"]
    approve = CallbackStep(
        "Approve",
        sqs_queue_url=f"{QUEUE}/approvals",
        inputs={"rows": rows},
        outputs=[CallbackOutput("approved", CallbackOutputTypeEnum.Boolean)],
    )
    work = ProcessingStep(
        "Work",
        step_args=make_processor(session, env={"SOURCE": load.properties.Outputs["source"]}).run(
            code=f"{CODE}/work.py",
            arguments=["--rows", Join(on="", values=[rows])],
            outputs=[
                ProcessingOutput(
                    output_name="told",
                    source="/opt/ml/processing/told",
                    destination=Join(on="/", values=[prefix, "told"]),
                )
            ],
        ),
    )
    decide = ConditionStep(
        "Decide",
        conditions=[ConditionEquals(approve.properties.Outputs["approved"], True)],
        if_steps=[work],
        else_steps=[FailStep("Refused", Join(on=" ", values=["not approved:", rows, "rows"]))],
    )
    return Pipeline(
        "Callbacks", parameters=[prefix], steps=[load, approve, decide], sagemaker_session=session
    )


CASES = {"callback-steps": callback_steps}
