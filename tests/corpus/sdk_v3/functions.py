"""Functions of `@step` as the SDK v3 compiles them: signed, and with results in another place than v2's."""

from __future__ import annotations

from types import FunctionType

from sagemaker.core.workflow.conditions import ConditionGreaterThan
from sagemaker.core.workflow.parameters import ParameterInteger
from sagemaker.core.workflow.pipeline_context import PipelineSession
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.function_step import step
from sagemaker.mlops.workflow.pipeline import Pipeline

from tests.corpus.sdk_v3.session import ROLE

OPTIONS = {
    "image_uri": "885854791233.dkr.ecr.us-east-1.amazonaws.com/sagemaker-distribution-prod:3.2.0-cpu",
    "role": ROLE,
    "instance_type": "ml.m5.large",
    "description": "a function",
}


def _of_no_machine(function):
    """A pickled function names its file, twice, and no path of a machine is to be kept."""
    code = function.__code__.replace(co_filename="functions.py")
    return FunctionType(code, {"__name__": "functions"}, function.__name__)


def v3_functions(session: PipelineSession) -> Pipeline:
    """One function's result is another's argument and decides a condition."""
    rows = ParameterInteger("Rows", 5)

    @step(name="Make", **OPTIONS)
    @_of_no_machine
    def make(count):
        return {"rows": list(range(count)), "count": count}

    @step(name="Total", **OPTIONS)
    @_of_no_machine
    def total(made):
        return sum(made)

    made = make(rows)
    enough = ConditionStep(
        name="Enough",
        conditions=[ConditionGreaterThan(left=made["count"], right=3)],
        if_steps=[total(made["rows"])],
        else_steps=[FailStep(name="TooFew", error_message="too few")],
    )
    return Pipeline("v3-functions", parameters=[rows], steps=[enough], sagemaker_session=session)


CASES = {"v3-functions": v3_functions}
