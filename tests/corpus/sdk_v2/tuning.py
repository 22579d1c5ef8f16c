"""Hyperparameter tuning: XGBoost itself by Bayesian search, a script by a grid, what reads the best model."""

from __future__ import annotations

from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.sklearn.estimator import SKLearn
from sagemaker.tuner import (
    CategoricalParameter,
    ContinuousParameter,
    HyperparameterTuner,
    IntegerParameter,
)
from sagemaker.workflow.functions import Join
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import CacheConfig, ProcessingStep, TuningStep

from tests.corpus.sdk_v2.session import CODE, ROLE, XGBOOST, make_estimator, make_processor


def tuned_xgboost(session: PipelineSession) -> Pipeline:
    """XGBoost in algorithm mode: the best model is created, and weighed by a processing step."""
    bucket = ParameterString("Bucket", "my-bucket")
    estimator = make_estimator(session, Join(on="/", values=["s3:/", bucket, "tuned"]))
    estimator.set_hyperparameters(objective="binary:logistic", num_round=8, eval_metric="auc")
    tuner = HyperparameterTuner(
        estimator,
        objective_metric_name="validation:auc",
        hyperparameter_ranges={
            "eta": ContinuousParameter(0.05, 0.5),
            "alpha": ContinuousParameter(0.001, 2, scaling_type="Logarithmic"),
            "max_depth": IntegerParameter(2, 6),
        },
        max_jobs=3,
        max_parallel_jobs=2,
        random_seed=7,
    )
    tune = TuningStep(
        "Tune",
        step_args=tuner.fit(
            {
                name: TrainingInput(f"s3://my-bucket/{name}/", content_type="text/csv")
                for name in ("train", "validation")
            }
        ),
        cache_config=CacheConfig(enable_caching=True, expire_after="P30D"),
    )
    best = tune.get_top_model_s3_uri(top_k=0, s3_bucket=bucket, prefix="tuned")
    model = Model(image_uri=XGBOOST, model_data=best, role=ROLE, sagemaker_session=session)
    create = ModelStep("Create", step_args=model.create(instance_type="ml.m5.large"))
    weigh = ProcessingStep(
        "Weigh",
        step_args=make_processor(session).run(
            code=f"{CODE}/weigh.py",
            arguments=[
                "--best",
                tune.properties.BestTrainingJob.TrainingJobName,
                "--status",
                tune.properties.HyperParameterTuningJobStatus,
            ],
            inputs=[
                ProcessingInput(source=best, destination="/opt/ml/processing/best", input_name="best"),
                ProcessingInput(
                    source=tune.get_top_model_s3_uri(top_k=1, s3_bucket=bucket, prefix="tuned"),
                    destination="/opt/ml/processing/second",
                    input_name="second",
                ),
            ],
            outputs=[
                ProcessingOutput(
                    output_name="weights",
                    source="/opt/ml/processing/weights",
                    destination=Join(on="/", values=["s3:/", bucket, "weights"]),
                )
            ],
        ),
    )
    return Pipeline(
        "tuned-xgboost", parameters=[bucket], steps=[tune, create, weigh], sagemaker_session=session
    )


def tuned_script(session: PipelineSession) -> Pipeline:
    """A script of one's own over a grid; another two algorithms in one tuning job, at random."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")

    def estimator(**options: object) -> SKLearn:
        return SKLearn(
            entry_point="train.py",
            source_dir=f"{CODE}/sourcedir.tar.gz",
            framework_version="1.2-1",
            role=ROLE,
            instance_type="ml.m5.xlarge",
            output_path=Join(on="/", values=[prefix, "models"]),
            sagemaker_session=session,
            disable_profiler=True,
            **options,
        )

    metrics = [{"Name": "accuracy", "Regex": "accuracy=([0-9.]+)"}]
    grid = HyperparameterTuner(
        estimator(hyperparameters={"rounds": 2}),
        objective_metric_name="accuracy",
        hyperparameter_ranges={
            "kernel": CategoricalParameter(["rbf", "linear"]),
            "degree": CategoricalParameter([1, 2]),
        },
        metric_definitions=metrics,
        strategy="Grid",
        max_jobs=None,
        max_parallel_jobs=4,
    )
    rates = {"rate": ContinuousParameter(0.001, 0.1)}
    both = HyperparameterTuner.create(
        estimator_dict={name: estimator(hyperparameters={"kind": name}) for name in ("small", "large")},
        objective_metric_name_dict=dict.fromkeys(("small", "large"), "accuracy"),
        hyperparameter_ranges_dict=dict.fromkeys(("small", "large"), rates),
        metric_definitions_dict=dict.fromkeys(("small", "large"), metrics),
        strategy="Random",
        max_jobs=3,
        max_parallel_jobs=1,
    )
    inputs = {"train": "s3://my-bucket/train/"}
    return Pipeline(
        "tuned-script",
        parameters=[prefix],
        steps=[
            TuningStep("Grid", step_args=grid.fit(inputs)),
            TuningStep(
                "Both",
                step_args=both.fit(
                    dict.fromkeys(("small", "large"), inputs),
                    include_cls_metadata=dict.fromkeys(("small", "large"), False),
                ),
            ),
        ],
        sagemaker_session=session,
    )


CASES = {"tuned-xgboost": tuned_xgboost, "tuned-script": tuned_script}
