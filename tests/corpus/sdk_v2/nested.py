"""A condition in a branch of another, which the SDK writes and the service's guide does not promise."""

from __future__ import annotations

from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionEquals, ConditionGreaterThanOrEqualTo
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.parameters import ParameterFloat, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import ProcessingStep

from tests.corpus.sdk_v2.session import CODE, make_processor


def nested_conditions(session: PipelineSession) -> Pipeline:
    """Measure; if that is wanted at all and good enough, publish."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    mode = ParameterString("Mode", "full", enum_values=["full", "dry"])
    threshold = ParameterFloat("Threshold", 0.8)
    report = PropertyFile(name="Report", output_name="report", path="report.json")
    measure = ProcessingStep(
        "Measure",
        step_args=make_processor(session).run(
            code=f"{CODE}/measure.py",
            outputs=[
                ProcessingOutput(
                    output_name="report",
                    source="/opt/ml/processing/report",
                    destination=Join(on="/", values=[prefix, "report"]),
                )
            ],
        ),
        property_files=[report],
    )
    publish = ProcessingStep(
        "Publish",
        step_args=make_processor(session).run(
            code=f"{CODE}/publish.py",
            inputs=[
                ProcessingInput(
                    source=measure.properties.ProcessingOutputConfig.Outputs["report"].S3Output.S3Uri,
                    destination="/opt/ml/processing/report",
                )
            ],
        ),
    )
    score = JsonGet(step_name=measure.name, property_file=report, json_path="auc")
    judge = ConditionStep(
        "Judge",
        conditions=[ConditionGreaterThanOrEqualTo(left=score, right=threshold)],
        if_steps=[publish],
        else_steps=[FailStep("TooWeak", error_message=Join(on=" ", values=["AUC is", score]))],
    )
    wanted = ConditionStep(
        "Wanted",
        conditions=[ConditionEquals(left=mode, right="full")],
        if_steps=[judge],
        else_steps=[],
    )
    return Pipeline(
        "nested-conditions",
        parameters=[prefix, mode, threshold],
        steps=[measure, wanted],
        sagemaker_session=session,
    )


CASES = {"nested-conditions": nested_conditions}
