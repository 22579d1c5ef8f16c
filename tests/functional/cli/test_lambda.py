"""A pipeline with Lambda steps, as the SDK writes it: run unchanged, by its own code and by the settings'."""

from __future__ import annotations

import json

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline

PIPELINE = """
from sagemaker.lambda_helper import Lambda
from sagemaker.workflow.functions import Join
from sagemaker.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession

session = PipelineSession()
prefix = ParameterString("EXECUTION_S3_PREFIX", "s3://seatrial/here")
created = Lambda(
    function_name="make-rows",
    execution_role_arn="arn:aws:iam::123456789012:role/lambda",
    script="make.py",
    handler="make.lambda_handler",
    timeout=30,
    environment={"Variables": {"ROWS": "3"}},
    session=session,
)
make = LambdaStep(
    "Make",
    lambda_func=created,
    inputs={"uri": Join(on="/", values=[prefix, "rows.csv"])},
    outputs=[LambdaOutput("uri"), LambdaOutput("rows", LambdaOutputTypeEnum.Integer)],
)
look = LambdaStep(
    "Look",
    lambda_func=Lambda(function_arn="arn:aws:lambda:us-east-1:123456789012:function:look", session=session),
    inputs={"uri": make.properties.Outputs["uri"], "rows": make.properties.Outputs["rows"]},
    outputs=[LambdaOutput("as_told", LambdaOutputTypeEnum.Boolean)],
)
pipeline = Pipeline("Functions", parameters=[prefix], steps=[make, look], sagemaker_session=session)
pipeline.upsert(role_arn="arn:aws:iam::123456789012:role/pipeline")
"""
MAKE = """
import os
import boto3

def lambda_handler(event, context):
    bucket, key = event["uri"].removeprefix("s3://").split("/", 1)
    body = "".join(f"{n}\\n" for n in range(int(os.environ["ROWS"])))
    boto3.client("s3").put_object(Bucket=bucket, Key=key, Body=body)
    print("wrote", event["uri"], "as", context.function_name)
    return {"statusCode": 200, "uri": event["uri"], "rows": 3}
"""
LOOK = """
from parts.reading import lines_of

def handler(event, context):
    return {"as_told": len(lines_of(event["uri"])) == event["rows"]}
"""
READING = """
import boto3

def lines_of(uri):
    bucket, key = uri.removeprefix("s3://").split("/", 1)
    return boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().splitlines()
"""
LATE = "import time\ndef handler(event, context):\n    time.sleep(60)\n"


def test_a_pipeline_that_creates_a_function_runs_unchanged(project: Project) -> None:
    (project.folder / "functions" / "parts").mkdir(parents=True)
    for name, text in {
        "pipeline.py": PIPELINE,
        "make.py": MAKE,
        "functions/look.py": LOOK,
        "functions/parts/reading.py": READING,
    }.items():
        project.write(name, text)
    refused = project.run("run", "pipeline.py")
    assert refused.returncode == 2
    assert "ST204" in refused.stderr
    assert '[functions."look"]\npath = ' in refused.stderr

    project.write("seatrial.toml", '[functions.look]\npath = "functions"\nhandler = "look.handler"\n')
    compiled = project.run("compile", "pipeline.py", "-o", "compiled")
    assert compiled.returncode == 0, compiled.stderr
    for name in ("pipeline.py", "make.py"):
        (project.folder / name).unlink()
    ended = project.json("run", "compiled")
    assert ended["status"] == "Succeeded", ended

    (execution,) = project.json("status", "latest")["executions"]
    told = {step["StepName"]: step["Metadata"]["Lambda"] for step in execution["pipeline_execution_steps"]}
    assert told["Make"]["Arn"].endswith(":function:make-rows")
    assert told["Look"]["OutputParameters"] == [{"Name": "as_told", "Value": "true"}]
    assert "wrote s3://" in project.run("logs", "Make").stdout


def test_a_function_that_takes_too_long_or_fails_is_told_in_lambdas_words(project: Project) -> None:
    project.write("late.py", LATE)
    project.write("broken.py", "def handler(event, context):\n    return event['absent']\n")
    functions = {
        name: {"path": f"{name}.py", "handler": f"{name}.handler", "timeout": 1}
        for name in ("late", "broken")
    }
    steps = [
        {"Name": name, "Type": "Lambda", "Arguments": {}, "FunctionArn": name, "OutputParameters": []}
        for name in functions
    ]
    project.write("p.json", pipeline(*steps))
    ended = json.loads(
        project.run("run", "p.json", "--json", env={"SEATRIAL_FUNCTIONS": json.dumps(functions)}).stdout
    )
    assert ended["status"] == "Failed"
    reasons = {step["name"]: step["failure_reason"] for step in ended["steps"]}
    assert "Task timed out after 1.00 seconds" in reasons["late"]
    assert '{"errorMessage": "\'absent\'", "errorType": "KeyError"}' in reasons["broken"]
