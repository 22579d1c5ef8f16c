"""What the SDK v3 writes where it differs from v2: trainers, tuners, transformers, endpoints, triggers."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sagemaker.core.lambda_helper import Lambda
from sagemaker.core.parameter import ContinuousParameter, IntegerParameter
from sagemaker.core.shapes import OutputDataConfig
from sagemaker.core.transformer import Transformer
from sagemaker.core.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.core.workflow.functions import Join, JsonGet
from sagemaker.core.workflow.parameters import ParameterFloat, ParameterInteger, ParameterString
from sagemaker.core.workflow.pipeline_capture import capture_create_job_request
from sagemaker.core.workflow.pipeline_context import runnable_by_pipeline
from sagemaker.core.workflow.properties import PropertyFile
from sagemaker.mlops.workflow.callback_step import CallbackOutput, CallbackOutputTypeEnum, CallbackStep
from sagemaker.mlops.workflow.cleanup_step import CleanupStep, S3CleanupSource
from sagemaker.mlops.workflow.condition_step import ConditionStep
from sagemaker.mlops.workflow.emr_serverless_step import EMRServerlessJobConfig, EMRServerlessStep
from sagemaker.mlops.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.mlops.workflow.fail_step import FailStep
from sagemaker.mlops.workflow.for_each_step import CurrentItem, ForEachStep
from sagemaker.mlops.workflow.lambda_step import LambdaOutput, LambdaOutputTypeEnum, LambdaStep
from sagemaker.mlops.workflow.model_step import ModelStep
from sagemaker.mlops.workflow.pipeline import Pipeline
from sagemaker.mlops.workflow.step_dependency import StepDependency, TriggerCondition
from sagemaker.mlops.workflow.steps import (
    CacheConfig,
    JobStep,
    ProcessingStep,
    TrainingStep,
    TransformStep,
    TuningStep,
)
from sagemaker.serve.model_builder import ModelBuilder
from sagemaker.train import ModelTrainer
from sagemaker.train.configs import Compute, InputData, SourceCode
from sagemaker.train.tuner import HyperparameterTuner

from tests.corpus.sdk_v3.session import CODE, ROLE, SKLEARN, XGBOOST, given, made, make_processor


def _source() -> SourceCode:
    folder = Path(tempfile.mkdtemp())
    (folder / "train.py").write_text("print('training')\n", encoding="utf-8")
    return SourceCode(source_dir=str(folder), entry_script="train.py")


def _trainer(session, prefix, image=SKLEARN, **options) -> ModelTrainer:
    return ModelTrainer(
        training_image=image,
        role=ROLE,
        base_job_name="fit",
        sagemaker_session=session,
        compute=Compute(instance_type="ml.m5.xlarge", instance_count=1),
        output_data_config=OutputDataConfig(s3_output_path=Join(on="/", values=[prefix, "models"])),
        **options,
    )


def _prepare(session, prefix, *names: str) -> ProcessingStep:
    return ProcessingStep(
        "Prepare",
        step_args=make_processor(session).run(
            code=f"{CODE}/prepare.py",
            inputs=[given("raw", "s3://my-bucket/raw")],
            outputs=[made(name, prefix) for name in names],
        ),
        cache_config=CacheConfig(enable_caching=True, expire_after="P30d"),
    )


def _output(step: ProcessingStep, name: str):
    return step.properties.ProcessingOutputConfig.Outputs[name].S3Output.S3Uri


def v3_train_and_decide(session) -> Pipeline:
    """A trainer with a script, whose drivers the SDK uploads, judged by a report."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    depth = ParameterInteger("Depth", 3)
    least = ParameterFloat("Least", 0.5)
    prepare = _prepare(session, prefix, "train")
    trainer = _trainer(session, prefix, source_code=_source(), hyperparameters={"depth": depth.to_string()})
    train = TrainingStep(
        "Train",
        step_args=trainer.train(
            input_data_config=[InputData(channel_name="train", data_source=_output(prepare, "train"))]
        ),
    )
    report = PropertyFile(name="Report", output_name="report", path="evaluation.json")
    evaluate = ProcessingStep(
        "Evaluate",
        step_args=make_processor(session).run(
            code=f"{CODE}/evaluate.py",
            inputs=[given("model", train.properties.ModelArtifacts.S3ModelArtifacts)],
            outputs=[made("report", prefix)],
        ),
        property_files=[report],
    )
    weak = FailStep("TooWeak", error_message=Join(on=" ", values=["below", least, "at depth", depth]))
    decide = ConditionStep(
        "Decide",
        conditions=[
            ConditionGreaterThanOrEqualTo(
                left=JsonGet(step_name="Evaluate", property_file=report, json_path="accuracy"), right=least
            )
        ],
        if_steps=[],
        else_steps=[weak],
    )
    return Pipeline(
        "v3-train-and-decide",
        parameters=[prefix, depth, least],
        steps=[prepare, train, evaluate, decide],
        sagemaker_session=session,
    )


def v3_tuning(session) -> Pipeline:
    """A tuner over a trainer in algorithm mode."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    prepare = _prepare(session, prefix, "train", "validation")
    tuner = HyperparameterTuner(
        model_trainer=_trainer(
            session, prefix, XGBOOST, hyperparameters={"objective": "binary:logistic", "num_round": "5"}
        ),
        objective_metric_name="validation:auc",
        hyperparameter_ranges={
            "max_depth": IntegerParameter(2, 5),
            "eta": ContinuousParameter(0.05, 0.5, scaling_type="Logarithmic"),
        },
        strategy="Random",
        random_seed=7,
        max_jobs=2,
        max_parallel_jobs=2,
    )
    tune = TuningStep(
        "Tune",
        step_args=tuner.tune(
            inputs=[
                InputData(channel_name=name, data_source=_output(prepare, name), content_type="text/csv")
                for name in ("train", "validation")
            ]
        ),
    )
    return Pipeline("v3-tuning", parameters=[prefix], steps=[prepare, tune], sagemaker_session=session)


def v3_deploy(session) -> Pipeline:
    """A model made, deployed, and asked by a batch transform."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    builder = ModelBuilder(
        image_uri=XGBOOST,
        s3_model_data_url="s3://my-bucket/models/model.tar.gz",
        role_arn=ROLE,
        sagemaker_session=session,
    )
    create = ModelStep("Create", step_args=builder.build())
    config = EndpointConfigStep(
        "Configure",
        step_args=session.create_endpoint_config(
            name="churn-config",
            production_variants=[
                {
                    "VariantName": "AllTraffic",
                    "ModelName": create.properties.ModelName,
                    "InitialInstanceCount": 1,
                    "InstanceType": "ml.m5.large",
                }
            ],
        ),
    )
    deploy = EndpointStep(
        "Deploy",
        step_args=session.create_endpoint(
            endpoint_name="churn", config_name=config.properties.EndpointConfigName
        ),
    )
    transformer = Transformer(
        model_name=create.properties.ModelName,
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=Join(on="/", values=[prefix, "scores"]),
        sagemaker_session=session,
    )
    score = TransformStep(
        "Score",
        step_args=transformer.transform(
            data="s3://my-bucket/batch", content_type="text/csv", split_type="Line"
        ),
    )
    return Pipeline(
        "v3-deploy",
        parameters=[prefix],
        steps=[create, config, deploy, score],
        sagemaker_session=session,
    )


def v3_failure_handled(session) -> Pipeline:
    """A step that tells of another's failure, and one that waits for people."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    prepare = _prepare(session, prefix, "train")
    tell = LambdaStep(
        "Tell",
        lambda_func=Lambda(function_arn="arn:aws:lambda:us-east-1:123456789012:function:tell"),
        inputs={"pipeline": "v3-failure-handled"},
        outputs=[LambdaOutput(output_name="said", output_type=LambdaOutputTypeEnum.String)],
        depends_on=[StepDependency(prepare, TriggerCondition.FAILED)],
    )
    ask = CallbackStep(
        "Ask",
        sqs_queue_url="https://sqs.us-east-1.amazonaws.com/123456789012/approvals",
        inputs={"data": _output(prepare, "train")},
        outputs=[CallbackOutput(output_name="answer", output_type=CallbackOutputTypeEnum.String)],
    )
    return Pipeline(
        "v3-failure-handled",
        parameters=[prefix],
        steps=[prepare, tell, ask],
        sagemaker_session=session,
    )


def v3_newest(session) -> Pipeline:
    """Types that run by a substitute only."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    prepare = _prepare(session, prefix, "train")
    spark = EMRServerlessStep(
        "Spark",
        display_name="Spark",
        description="a job of EMR Serverless",
        application_id="00f1abcdexample",
        job_config=EMRServerlessJobConfig(
            job_driver={"sparkSubmit": {"entryPoint": f"{CODE}/spark.py"}}, execution_role_arn=ROLE
        ),
    )
    each = ForEachStep(
        "Each",
        iterable_items=["a", "b"],
        max_concurrency=2,
        for_each_body=[
            ProcessingStep(
                "Item",
                step_args=make_processor(session).run(
                    code=f"{CODE}/item.py",
                    arguments=[CurrentItem()],
                    inputs=[given("train", _output(prepare, "train"))],
                    outputs=[made("item", prefix)],
                ),
            )
        ],
    )
    tidy = CleanupStep(
        "Tidy",
        s3_sources=[S3CleanupSource(prepare, [Join(on="/", values=[prefix, "train", "train.csv"])])],
        depends_on=[each],
    )
    return Pipeline(
        "v3-newest",
        parameters=[prefix],
        steps=[prepare, spark, each, tidy],
        sagemaker_session=session,
    )


class _Customiser:
    """What makes the SDK write a CreateJob request; its own trainers ask a hub of models first."""

    _pipeline_caller_name = "create_job"

    def __init__(self, session) -> None:
        self.sagemaker_session = session

    @runnable_by_pipeline
    def train(self) -> None:
        capture_create_job_request(
            self.sagemaker_session,
            job_name="customise",
            role_arn=ROLE,
            job_category="AgentRFT",
            schema_version="1.0.0",
            job_config={"OutputDataConfig": {"S3OutputPath": "s3://my-bucket/customised"}},
        )


def v3_job(session) -> Pipeline:
    """A job of the newest kind, whose configuration is a document; a script is told its ARN."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    customise = JobStep("Customise", step_args=_Customiser(session).train())
    prepare = ProcessingStep(
        "Prepare",
        step_args=make_processor(session).run(
            code=f"{CODE}/prepare.py",
            arguments=[customise.properties.JobArn],
            outputs=[made("train", prefix)],
        ),
    )
    return Pipeline("v3-job", parameters=[prefix], steps=[customise, prepare], sagemaker_session=session)


CASES = {
    "v3-job": v3_job,
    "v3-train-and-decide": v3_train_and_decide,
    "v3-tuning": v3_tuning,
    "v3-deploy": v3_deploy,
    "v3-failure-handled": v3_failure_handled,
    "v3-newest": v3_newest,
}
