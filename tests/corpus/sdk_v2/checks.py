"""Checks of data, of models and of bias: baselines calculated, registered, and held against later data."""

from __future__ import annotations

from sagemaker.clarify import BiasConfig, DataConfig
from sagemaker.drift_check_baselines import DriftCheckBaselines
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.model_monitor import DatasetFormat
from sagemaker.workflow.check_job_config import CheckJobConfig
from sagemaker.workflow.clarify_check_step import ClarifyCheckStep, DataBiasCheckConfig
from sagemaker.workflow.functions import Join
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterBoolean, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.quality_check_step import (
    DataQualityCheckConfig,
    ModelQualityCheckConfig,
    QualityCheckStep,
)

from tests.corpus.sdk_v2.session import ROLE, SCRIPT_IMAGE

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


CASES = {"data-quality": data_quality, "model-quality": model_quality, "data-bias": data_bias}
