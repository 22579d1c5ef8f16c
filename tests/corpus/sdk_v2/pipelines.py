"""Processing, training, conditions, models and transform, as most pipelines use them."""

from __future__ import annotations

import tempfile
from pathlib import Path

from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.network import NetworkConfig
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.pytorch.model import PyTorchModel
from sagemaker.sklearn.estimator import SKLearn
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.transformer import Transformer
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import (
    ConditionEquals,
    ConditionGreaterThanOrEqualTo,
    ConditionIn,
    ConditionLessThan,
    ConditionNot,
    ConditionOr,
)
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import (
    ParameterBoolean,
    ParameterFloat,
    ParameterInteger,
    ParameterString,
)
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.retry import (
    SageMakerJobExceptionTypeEnum,
    SageMakerJobStepRetryPolicy,
    StepExceptionTypeEnum,
    StepRetryPolicy,
)
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TrainingStep, TransformStep

from tests.corpus.sdk_v2.session import (
    CODE,
    ROLE,
    SCRIPT_IMAGE,
    XGBOOST,
    make_estimator,
    make_processor,
)


def train_and_register(session: PipelineSession) -> Pipeline:
    """The shape that most pipelines have: preprocess, train, evaluate, register if good, else fail."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    source = ParameterString("InputData", "s3://my-bucket/raw/")
    instances = ParameterInteger("ProcessingInstances", 1)
    rounds = ParameterInteger("Rounds", 50)
    threshold = ParameterFloat("Threshold", 0.8)
    approval = ParameterString(
        "Approval", "PendingManualApproval", enum_values=["PendingManualApproval", "Approved"]
    )
    processor = SKLearnProcessor(
        framework_version="1.2-1",
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=instances,
        sagemaker_session=session,
    )
    preprocess = ProcessingStep(
        "Preprocess",
        step_args=processor.run(
            code=f"{CODE}/preprocess.py",
            inputs=[ProcessingInput(source=source, destination="/opt/ml/processing/input")],
            outputs=[
                ProcessingOutput(
                    output_name=name,
                    source=f"/opt/ml/processing/{name}",
                    destination=Join(on="/", values=[prefix, "preprocess", name]),
                )
                for name in ("train", "validation", "test")
            ],
        ),
        cache_config=CacheConfig(enable_caching=True, expire_after="P30D"),
    )
    outputs = preprocess.properties.ProcessingOutputConfig.Outputs
    estimator = make_estimator(
        session,
        Join(on="/", values=[prefix, "train"]),
        hyperparameters={"objective": "binary:logistic", "num_round": rounds, "eta": 0.2},
        metric_definitions=[{"Name": "validation:auc", "Regex": ".*validation-auc:([0-9.]+).*"}],
    )
    train = TrainingStep(
        "Train",
        step_args=estimator.fit(
            inputs={
                name: TrainingInput(outputs[name].S3Output.S3Uri, content_type="text/csv")
                for name in ("train", "validation")
            }
        ),
        retry_policies=[
            StepRetryPolicy(exception_types=[StepExceptionTypeEnum.THROTTLING], max_attempts=3),
            SageMakerJobStepRetryPolicy(
                exception_types=[SageMakerJobExceptionTypeEnum.CAPACITY_ERROR],
                expire_after_mins=30,
            ),
        ],
    )
    evaluator = ScriptProcessor(
        image_uri=XGBOOST,
        command=["python3"],
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        sagemaker_session=session,
    )
    report = PropertyFile(name="EvaluationReport", output_name="evaluation", path="evaluation.json")
    evaluate = ProcessingStep(
        "Evaluate",
        step_args=evaluator.run(
            code=f"{CODE}/evaluate.py",
            inputs=[
                ProcessingInput(
                    source=train.properties.ModelArtifacts.S3ModelArtifacts,
                    destination="/opt/ml/processing/model",
                ),
                ProcessingInput(source=outputs["test"].S3Output.S3Uri, destination="/opt/ml/processing/test"),
            ],
            outputs=[
                ProcessingOutput(
                    output_name="evaluation",
                    source="/opt/ml/processing/evaluation",
                    destination=Join(on="/", values=[prefix, "evaluate"]),
                )
            ],
        ),
        property_files=[report],
    )
    model = Model(
        image_uri=XGBOOST,
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=ROLE,
        sagemaker_session=session,
    )
    metrics = ModelMetrics(
        model_statistics=MetricsSource(
            s3_uri=Join(
                on="/",
                values=[
                    evaluate.properties.ProcessingOutputConfig.Outputs["evaluation"].S3Output.S3Uri,
                    "evaluation.json",
                ],
            ),
            content_type="application/json",
        )
    )
    register = ModelStep(
        "Register",
        step_args=model.register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.large"],
            model_package_group_name="churn",
            approval_status=approval,
            model_metrics=metrics,
        ),
    )
    score = JsonGet(step_name=evaluate.name, property_file=report, json_path="metrics.auc.value")
    fail = FailStep(
        "TooWeak",
        error_message=Join(on=" ", values=["AUC is", score, "and must be at least", threshold]),
    )
    decide = ConditionStep(
        "Decide",
        conditions=[ConditionGreaterThanOrEqualTo(left=score, right=threshold)],
        if_steps=[register],
        else_steps=[fail],
    )
    return Pipeline(
        "train-and-register",
        parameters=[prefix, source, instances, rounds, threshold, approval],
        steps=[preprocess, train, evaluate, decide],
        sagemaker_session=session,
    )


def consumer_first(session: PipelineSession) -> Pipeline:
    """Steps in the wrong order, a DependsOn without data, a metric name with a colon, Join in Join."""
    bucket = ParameterString("Bucket", "my-bucket")
    verbose = ParameterBoolean("Verbose", default_value=False)
    base = Join(on="/", values=["s3:/", bucket, ExecutionVariables.PIPELINE_EXECUTION_ID])
    prepare = ProcessingStep(
        "Prepare",
        step_args=make_processor(session).run(
            code=f"{CODE}/prepare.py",
            arguments=["--verbose", verbose.to_string()],
            outputs=[
                ProcessingOutput(
                    output_name="data.v1",
                    source="/opt/ml/processing/data",
                    destination=Join(on="/", values=[base, "prepare", Join(on="-", values=["data", 1])]),
                )
            ],
        ),
    )
    train = TrainingStep(
        "Train",
        step_args=make_estimator(
            session,
            Join(on="/", values=[base, "train"]),
            metric_definitions=[{"Name": "val:acc.top1", "Regex": "acc=([0-9.]+)"}],
        ).fit(
            {
                "train": TrainingInput(
                    prepare.properties.ProcessingOutputConfig.Outputs["data.v1"].S3Output.S3Uri
                )
            }
        ),
    )
    announce = ProcessingStep(
        "Announce",
        step_args=make_processor(session).run(
            code=f"{CODE}/announce.py",
            arguments=[
                "--accuracy",
                train.properties.FinalMetricDataList["val:acc.top1"].Value.to_string(),
                "--started",
                ExecutionVariables.START_DATETIME,
            ],
        ),
        depends_on=[train],
        display_name="announce v1.0",
        description="Says how well it went",
    )
    return Pipeline(
        "consumer-first",
        parameters=[bucket, verbose],
        steps=[announce, train, prepare],
        sagemaker_session=session,
    )


def every_condition(session: PipelineSession) -> Pipeline:
    """Each condition type, an Outcome that a later step reads, a Fail step without a message."""
    mode = ParameterString("Mode", "full", enum_values=["full", "quick"])
    size = ParameterInteger("Size", 10)
    share = ParameterFloat("Share", 0.5)
    work = ProcessingStep("Work", step_args=make_processor(session).run(code=f"{CODE}/work.py"))
    decide = ConditionStep(
        "Decide",
        conditions=[
            ConditionEquals(left=mode, right="full"),
            ConditionIn(value=mode, in_values=["full", "quick"]),
            ConditionOr(
                conditions=[
                    ConditionLessThan(left=size, right=20),
                    ConditionNot(expression=ConditionGreaterThanOrEqualTo(left=share, right=1)),
                ]
            ),
        ],
        if_steps=[work],
        else_steps=[FailStep("Stop")],
    )
    tell = ProcessingStep(
        "Tell",
        step_args=make_processor(session).run(
            code=f"{CODE}/tell.py",
            arguments=["--outcome", Join(on="", values=[decide.properties.Outcome])],
        ),
    )
    return Pipeline(
        "every-condition",
        parameters=[mode, size, share],
        steps=[decide, tell],
        sagemaker_session=session,
    )


def locked_down(session: PipelineSession) -> Pipeline:
    """Keys, subnets and security groups as parameters without defaults; a model created and registered."""
    key, subnet, group = (ParameterString(name) for name in ("KmsKey", "Subnet", "SecurityGroup"))
    role = ParameterString("Role", ROLE)
    network = NetworkConfig(
        enable_network_isolation=True,
        security_group_ids=[group],
        subnets=[subnet],
        encrypt_inter_container_traffic=True,
    )
    prepare = ProcessingStep(
        "Prepare",
        step_args=make_processor(session, network_config=network, volume_kms_key=key, output_kms_key=key).run(
            code=f"{CODE}/prepare.py",
            outputs=[ProcessingOutput(output_name="data", source="/opt/ml/processing/data")],
        ),
    )
    estimator = SKLearn(
        entry_point="train.py",
        source_dir=f"{CODE}/sourcedir.tar.gz",
        framework_version="1.2-1",
        role=role,
        instance_type="ml.m5.xlarge",
        subnets=[subnet],
        security_group_ids=[group],
        output_kms_key=key,
        hyperparameters={"depth": 3, "rate": ParameterFloat("Rate", 0.1)},
        sagemaker_session=session,
        disable_profiler=True,
    )
    train = TrainingStep(
        "Train",
        step_args=estimator.fit(
            {"train": TrainingInput(prepare.properties.ProcessingOutputConfig.Outputs["data"].S3Output.S3Uri)}
        ),
    )
    model = Model(
        image_uri=SCRIPT_IMAGE,
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=ROLE,
        sagemaker_session=session,
        vpc_config={"Subnets": [subnet], "SecurityGroupIds": [group]},
    )
    create = ModelStep("Serve", step_args=model.create(instance_type="ml.m5.large"))
    return Pipeline(
        "locked-down",
        parameters=[key, subnet, group, role, ParameterFloat("Rate", 0.1)],
        steps=[prepare, train, create],
        sagemaker_session=session,
    )


def repacked_model(session: PipelineSession) -> Pipeline:
    """A model with its own inference code: the SDK adds a repacking step, and depends on a collection."""
    train = TrainingStep(
        "Train",
        step_args=make_estimator(session, "s3://my-bucket/models/").fit({"train": "s3://my-bucket/train/"}),
    )
    model = PyTorchModel(
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=ROLE,
        entry_point=_inference_script(),
        framework_version="2.0",
        py_version="py310",
        sagemaker_session=session,
    )
    register = ModelStep(
        "Package",
        step_args=model.register(
            content_types=["application/json"],
            response_types=["application/json"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.large"],
            model_package_group_name="packaged",
        ),
    )
    after = ProcessingStep(
        "Smoke", step_args=make_processor(session).run(code=f"{CODE}/smoke.py"), depends_on=[register]
    )
    return Pipeline("repacked-model", steps=[train, register, after], sagemaker_session=session)


def batch_transform(session: PipelineSession) -> Pipeline:
    """A model of the algorithm scores a batch, its predictions joined to the names of the rows."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    source = ParameterString("InputData", "s3://my-bucket/raw/")
    prepare = ProcessingStep(
        "Prepare",
        step_args=make_processor(session).run(
            code=f"{CODE}/prepare.py",
            inputs=[ProcessingInput(source=source, destination="/opt/ml/processing/input")],
            outputs=[
                ProcessingOutput(
                    output_name=name,
                    source=f"/opt/ml/processing/{name}",
                    destination=Join(on="/", values=[prefix, "prepared", name]),
                )
                for name in ("train", "batch")
            ],
        ),
    )
    prepared = prepare.properties.ProcessingOutputConfig.Outputs
    estimator = make_estimator(
        session,
        Join(on="/", values=[prefix, "models"]),
        hyperparameters={"objective": "binary:logistic", "num_round": "5"},
    )
    train = TrainingStep(
        "Train",
        step_args=estimator.fit(
            {"train": TrainingInput(prepared["train"].S3Output.S3Uri, content_type="text/csv")}
        ),
    )
    model = Model(
        image_uri=XGBOOST,
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=ROLE,
        sagemaker_session=session,
    )
    create = ModelStep("Create", step_args=model.create(instance_type="ml.m5.large"))
    transformer = Transformer(
        model_name=create.properties.ModelName,
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=Join(on="/", values=[prefix, "scores"]),
        strategy="MultiRecord",
        assemble_with="Line",
        accept="text/csv",
        max_payload=6,
        env={"OMP_NUM_THREADS": "1"},
        sagemaker_session=session,
    )
    score = TransformStep(
        "Score",
        step_args=transformer.transform(
            data=prepared["batch"].S3Output.S3Uri,
            content_type="text/csv",
            split_type="Line",
            join_source="Input",
            input_filter="$[1:]",
            output_filter="$[0,-1]",
        ),
    )
    report = ProcessingStep(
        "Report",
        step_args=make_processor(session).run(
            code=f"{CODE}/report.py",
            inputs=[
                ProcessingInput(
                    source=score.properties.TransformOutput.S3OutputPath,
                    destination="/opt/ml/processing/scores",
                )
            ],
            outputs=[
                ProcessingOutput(
                    output_name="report",
                    source="/opt/ml/processing/report",
                    destination=Join(on="/", values=[prefix, "report"]),
                )
            ],
        ),
    )
    return Pipeline(
        "batch-transform",
        parameters=[prefix, source],
        steps=[prepare, train, create, score, report],
        sagemaker_session=session,
    )


def _inference_script() -> str:
    script = Path(tempfile.mkdtemp()) / "inference.py"
    script.write_text("def model_fn(model_dir):\n    return model_dir\n", encoding="utf-8")
    return str(script)


CASES = {
    "train-and-register": train_and_register,
    "consumer-first": consumer_first,
    "every-condition": every_condition,
    "locked-down": locked_down,
    "repacked-model": repacked_model,
    "batch-transform": batch_transform,
}
