"""Checks of data, of models and of bias: baselines calculated, registered, and held against later data.

What compiling uploads for Clarify lies beside each definition, as `analysis_config*.json`.
"""

from __future__ import annotations

from sagemaker.clarify import (
    BiasConfig,
    DataConfig,
    ModelConfig,
    ModelPredictedLabelConfig,
    SHAPConfig,
)
from sagemaker.drift_check_baselines import DriftCheckBaselines
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.model_monitor import DatasetFormat
from sagemaker.transformer import Transformer
from sagemaker.workflow.check_job_config import CheckJobConfig
from sagemaker.workflow.clarify_check_step import (
    ClarifyCheckStep,
    DataBiasCheckConfig,
    ModelBiasCheckConfig,
    ModelExplainabilityCheckConfig,
)
from sagemaker.workflow.functions import Join
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.monitor_batch_transform_step import MonitorBatchTransformStep
from sagemaker.workflow.parameters import ParameterBoolean, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.quality_check_step import (
    DataQualityCheckConfig,
    ModelQualityCheckConfig,
    QualityCheckStep,
)
from sagemaker.workflow.steps import TrainingStep

from tests.corpus.sdk_v2.session import ROLE, SCRIPT_IMAGE, XGBOOST, make_estimator

GROUP = "churn"


def _jobs(session: PipelineSession) -> CheckJobConfig:
    return CheckJobConfig(
        role=ROLE,
        instance_count=1,
        instance_type="ml.m5.large",
        volume_size_in_gb=20,
        sagemaker_session=session,
    )


def _metrics(step: QualityCheckStep | ClarifyCheckStep, statistic: str) -> MetricsSource:
    return MetricsSource(s3_uri=getattr(step.properties, statistic), content_type="application/json")


def data_quality(session: PipelineSession) -> Pipeline:
    """The baseline of the data is registered with a model; the next execution checks against it."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    source = ParameterString("InputData", "s3://my-bucket/raw/")
    skip = ParameterBoolean("SkipCheck", default_value=False)
    register = ParameterBoolean("RegisterNewBaseline", default_value=False)
    approval = ParameterString("Approval", "PendingManualApproval")
    check = QualityCheckStep(
        "CheckData",
        quality_check_config=DataQualityCheckConfig(
            baseline_dataset=source,
            dataset_format=DatasetFormat.csv(header=True),
            output_s3_uri=Join(on="/", values=[prefix, "data-quality"]),
        ),
        check_job_config=_jobs(session),
        skip_check=skip,
        register_new_baseline=register,
        model_package_group_name=GROUP,
    )
    model = Model(
        image_uri=SCRIPT_IMAGE,
        model_data="s3://my-bucket/models/model.tar.gz",
        role=ROLE,
        sagemaker_session=session,
    )
    package = ModelStep(
        "Register",
        step_args=model.register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.large"],
            model_package_group_name=GROUP,
            approval_status=approval,
            model_metrics=ModelMetrics(
                model_data_statistics=_metrics(check, "CalculatedBaselineStatistics"),
                model_data_constraints=_metrics(check, "CalculatedBaselineConstraints"),
            ),
            drift_check_baselines=DriftCheckBaselines(
                model_data_statistics=_metrics(check, "BaselineUsedForDriftCheckStatistics"),
                model_data_constraints=_metrics(check, "BaselineUsedForDriftCheckConstraints"),
            ),
        ),
    )
    return Pipeline(
        "data-quality",
        parameters=[prefix, source, skip, register, approval],
        steps=[check, package],
        sagemaker_session=session,
    )


def model_quality(session: PipelineSession) -> Pipeline:
    """Predictions beside what was true, held against a baseline that the author supplies."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    fail = ParameterBoolean("FailOnViolation", default_value=True)
    check = QualityCheckStep(
        "CheckModel",
        quality_check_config=ModelQualityCheckConfig(
            baseline_dataset="s3://my-bucket/scored/",
            dataset_format=DatasetFormat.csv(header=True),
            output_s3_uri=Join(on="/", values=[prefix, "model-quality"]),
            problem_type="BinaryClassification",
            inference_attribute="prediction",
            probability_attribute="probability",
            ground_truth_attribute="label",
        ),
        check_job_config=_jobs(session),
        fail_on_violation=fail,
        supplied_baseline_statistics="s3://my-bucket/baseline/statistics.json",
        supplied_baseline_constraints="s3://my-bucket/baseline/constraints.json",
    )
    return Pipeline("model-quality", parameters=[prefix, fail], steps=[check], sagemaker_session=session)


def data_bias(session: PipelineSession) -> Pipeline:
    """The bias of a data set's labels, a baseline calculated without a check."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    skip = ParameterBoolean("SkipCheck", default_value=True)
    check = ClarifyCheckStep(
        "CheckBias",
        clarify_check_config=DataBiasCheckConfig(
            data_config=DataConfig(
                s3_data_input_path="s3://my-bucket/raw/",
                s3_output_path=Join(on="/", values=[prefix, "bias"]),
                s3_analysis_config_output_path="s3://my-bucket/analysis",
                label="bought",
                headers=["age", "city", "bought"],
                dataset_type="text/csv",
            ),
            data_bias_config=BiasConfig(
                label_values_or_threshold=[1], facet_name="city", facet_values_or_threshold=["Kiel"]
            ),
            methods=["CI", "DPL", "KL"],
        ),
        check_job_config=_jobs(session),
        skip_check=skip,
        register_new_baseline=True,
        model_package_group_name=GROUP,
    )
    return Pipeline("data-bias", parameters=[prefix, skip], steps=[check], sagemaker_session=session)


def model_checks(session: PipelineSession) -> Pipeline:
    """A model of the algorithm, asked while it is checked: bias of its predictions, and what they rest on."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    headers = ["bought", "age", "visits"]
    train = TrainingStep(
        "Train",
        step_args=make_estimator(
            session,
            Join(on="/", values=[prefix, "train"]),
            hyperparameters={"objective": "binary:logistic", "num_round": 5, "min_child_weight": 0},
        ).fit({"train": TrainingInput("s3://my-bucket/raw/", content_type="text/csv")}),
    )
    model = Model(
        image_uri=XGBOOST,
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=ROLE,
        sagemaker_session=session,
    )
    create = ModelStep("Create", step_args=model.create(instance_type="ml.m5.large"))
    asked = ModelConfig(
        model_name=create.properties.ModelName,
        instance_count=1,
        instance_type="ml.m5.large",
        accept_type="text/csv",
        content_type="text/csv",
    )
    bias = ClarifyCheckStep(
        "CheckBias",
        clarify_check_config=ModelBiasCheckConfig(
            data_config=_data(prefix, "model-bias", headers),
            data_bias_config=BiasConfig(
                label_values_or_threshold=[1], facet_name="age", facet_values_or_threshold=[40]
            ),
            model_config=asked,
            model_predicted_label_config=ModelPredictedLabelConfig(probability_threshold=0.5),
            methods=["DPPL", "DI", "AD"],
        ),
        check_job_config=_jobs(session),
        skip_check=True,
        register_new_baseline=True,
    )
    explain = ClarifyCheckStep(
        "Explain",
        clarify_check_config=ModelExplainabilityCheckConfig(
            data_config=_data(prefix, "explanations", headers),
            model_config=asked,
            explainability_config=SHAPConfig(
                baseline=[[40, 1]], num_samples=20, agg_method="mean_abs", seed=1
            ),
        ),
        check_job_config=_jobs(session),
        skip_check=True,
        register_new_baseline=True,
    )
    return Pipeline(
        "model-checks", parameters=[prefix], steps=[train, create, bias, explain], sagemaker_session=session
    )


def monitored_transform(session: PipelineSession) -> Pipeline:
    """What a batch transform answers is held against a baseline: the SDK makes two steps of it."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    train = TrainingStep(
        "Train",
        step_args=make_estimator(
            session,
            Join(on="/", values=[prefix, "train"]),
            hyperparameters={"objective": "binary:logistic", "num_round": 5, "min_child_weight": 0},
        ).fit({"train": TrainingInput("s3://my-bucket/raw/", content_type="text/csv")}),
    )
    model = Model(
        image_uri=XGBOOST,
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=ROLE,
        sagemaker_session=session,
    )
    create = ModelStep("Create", step_args=model.create(instance_type="ml.m5.large"))
    scores = Join(on="/", values=[prefix, "scores"])
    transformer = Transformer(
        model_name=create.properties.ModelName,
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=scores,
        accept="text/csv",
        assemble_with="Line",
        sagemaker_session=session,
    )
    monitor = MonitorBatchTransformStep(
        "Watch",
        transform_step_args=transformer.transform(
            data="s3://my-bucket/batch/", content_type="text/csv", split_type="Line"
        ),
        monitor_configuration=DataQualityCheckConfig(
            baseline_dataset=scores,
            dataset_format=DatasetFormat.csv(header=False),
            output_s3_uri=Join(on="/", values=[prefix, "watched"]),
        ),
        check_job_configuration=_jobs(session),
        supplied_baseline_constraints="s3://my-bucket/baseline/constraints.json",
        supplied_baseline_statistics="s3://my-bucket/baseline/statistics.json",
    )
    return Pipeline(
        "monitored-transform", parameters=[prefix], steps=[train, create, monitor], sagemaker_session=session
    )


def _data(prefix: ParameterString, name: str, headers: list[str]) -> DataConfig:
    """The same rows for either; compiling uploads a configuration to a folder of its own."""
    return DataConfig(
        s3_data_input_path="s3://my-bucket/raw/",
        s3_output_path=Join(on="/", values=[prefix, name]),
        s3_analysis_config_output_path=f"s3://my-bucket/analysis/{name}",
        label="bought",
        headers=headers,
        dataset_type="text/csv",
    )


CASES = {
    "data-quality": data_quality,
    "model-quality": model_quality,
    "data-bias": data_bias,
    "model-checks": model_checks,
    "monitored-transform": monitored_transform,
}
