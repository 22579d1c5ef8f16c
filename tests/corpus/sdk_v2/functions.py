"""Functions of `@step` and notebook jobs: what the SDK turns them into, among steps of other types."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.function_step import step
from sagemaker.workflow.functions import Join
from sagemaker.workflow.notebook_job_step import NotebookJobStep
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.step_outputs import get_step
from sagemaker.workflow.steps import ProcessingStep

from tests.corpus.sdk_v2.session import CODE, ROLE

DISTRIBUTION = "885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:3.2.0-cpu"
OPTIONS = {
    "image_uri": DISTRIBUTION,
    "role": ROLE,
    "instance_type": "ml.m5.large",
    "description": "a function",
}


def functions(session: PipelineSession) -> Pipeline:
    """Results handed on in parts, judged by a condition, read by a processing job and made from one."""
    rows = ParameterInteger("Rows", 5)

    @step(name="Make", **OPTIONS)
    def make(count, execution):
        return {"rows": list(range(count)), "name": execution}, count * 2

    @step(name="Total", **OPTIONS)
    def total(made, doubled):
        return {"total": sum(made["rows"]), "doubled": doubled, "rows": made["rows"]}

    @step(name="Read", environment_variables={"GREETING": "hello"}, **OPTIONS)
    def read(place):
        return None

    made = make(rows, ExecutionVariables.PIPELINE_EXECUTION_ID)
    result = total(made[0], made[1])
    processor = ScriptProcessor(
        image_uri=DISTRIBUTION,
        command=["python3"],
        role=ROLE,
        instance_type="ml.m5.large",
        instance_count=1,
        sagemaker_session=session,
    )
    results = Join(on="/", values=[get_step(result)._properties.OutputDataConfig.S3OutputPath])
    write = ProcessingStep(
        "Write",
        step_args=processor.run(
            code=f"{CODE}/write.py",
            arguments=["--total", Join(on="", values=[result["total"]])],
            inputs=[ProcessingInput(source=results, destination="/opt/ml/processing/results")],
            outputs=[ProcessingOutput(output_name="report", source="/opt/ml/processing/report")],
        ),
    )
    told = read(write.properties.ProcessingOutputConfig.Outputs["report"].S3Output.S3Uri)
    get_step(told).add_depends_on([made])
    enough = ConditionStep(
        "Enough",
        conditions=[ConditionGreaterThanOrEqualTo(left=result["total"], right=10)],
        if_steps=[write, told],
        else_steps=[FailStep("TooFew", error_message=Join(on=" ", values=["only", result["total"]]))],
    )
    return Pipeline("functions", parameters=[rows], steps=[enough], sagemaker_session=session)


def notebook(session: PipelineSession) -> Pipeline:
    """A notebook with parameters, an init script and a folder beside it; a function that reads its names."""
    name = ParameterString("Name", "Ada")
    folder = Path(tempfile.mkdtemp())
    cells = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (folder / "report.ipynb").write_text(json.dumps(cells))
    (folder / "init.sh").write_text("export GREETING=hello\n")
    (folder / "lib").mkdir()
    (folder / "lib" / "helper.py").write_text("")
    report = NotebookJobStep(
        name="Report",
        notebook_job_name="nightly-report",
        input_notebook=str(folder / "report.ipynb"),
        initialization_script=str(folder / "init.sh"),
        additional_dependencies=[str(folder / "lib")],
        image_uri=DISTRIBUTION,
        kernel_name="python3",
        role=ROLE,
        parameters={"rows": "21", "name": name},
        environment_variables={"EXTRA": "yes"},
    )

    @step(name="After", **OPTIONS)
    def after(prefix, notebook_name):
        return prefix, notebook_name

    told = after(report.properties.NotebookJobOutputLocationPrefix, report.properties.OutputNotebookName)
    return Pipeline("notebook", parameters=[name], steps=[told, report], sagemaker_session=session)


CASES = {"functions": functions, "notebook-job": notebook}
