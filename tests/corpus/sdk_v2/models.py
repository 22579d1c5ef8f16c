"""Models with scripts of their own: repacked, registered, served in a row, deployed to an endpoint."""

from __future__ import annotations

import os
import tempfile
from functools import cache
from pathlib import Path

from sagemaker import PipelineModel
from sagemaker.drift_check_baselines import DriftCheckBaselines
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.processing import ProcessingOutput
from sagemaker.sklearn.estimator import SKLearn
from sagemaker.transformer import Transformer
from sagemaker.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.workflow.functions import Join
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep, TransformStep

from tests.corpus.sdk_v2.session import CODE, ROLE, SCRIPT_IMAGE, make_processor

PREFIX = ParameterString("EXECUTION_S3_PREFIX")
BATCH = ParameterString("Batch", "s3://my-bucket/batch/")


def repacked_and_scored(session: PipelineSession) -> Pipeline:
    """One model with its script: registered with its baselines, created, and asked about a batch."""
    train = _train(session)
    baselines = MetricsSource(
        s3_uri=Join(on="/", values=[PREFIX, "baselines", "statistics.json"]), content_type="application/json"
    )
    register = ModelStep(
        "Package",
        step_args=_model(session, train).register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.large"],
            model_package_group_name="scored",
            approval_status="Approved",
            customer_metadata_properties={"team": "churn"},
            model_metrics=ModelMetrics(model_data_statistics=baselines),
            drift_check_baselines=DriftCheckBaselines(model_data_statistics=baselines),
        ),
        repack_model_step_settings=_under_prefix("packaged"),
    )
    create = ModelStep(
        "Single",
        step_args=_model(session, train).create(instance_type="ml.m5.large"),
        repack_model_step_settings=_under_prefix("single"),
    )
    return Pipeline(
        "repacked-and-scored",
        parameters=[PREFIX, BATCH],
        steps=[train, register, create, _score(session, create)],
        sagemaker_session=session,
    )


def model_of_several(session: PipelineSession) -> Pipeline:
    """Two containers in a row, each with a script of its own: created and asked, and registered as one."""
    train = _train(session)
    row = PipelineModel(
        [_model(session, train, "scale.py"), _model(session, train)], role=ROLE, sagemaker_session=session
    )
    create = ModelStep(
        "Row",
        step_args=row.create(instance_type="ml.m5.large"),
        repack_model_step_settings=_under_prefix("row"),
    )
    register = ModelStep(
        "Package",
        step_args=row.register(
            content_types=["text/csv"],
            response_types=["text/csv"],
            inference_instances=["ml.m5.large"],
            transform_instances=["ml.m5.large"],
            model_package_group_name="rows",
        ),
        repack_model_step_settings=_under_prefix("packaged"),
    )
    return Pipeline(
        "model-of-several",
        parameters=[PREFIX, BATCH],
        steps=[train, create, register, _score(session, create)],
        sagemaker_session=session,
    )


def deployed_endpoint(session: PipelineSession) -> Pipeline:
    """A model deployed to an endpoint, and a step that asks it."""
    train = _train(session)
    create = ModelStep(
        "Single",
        step_args=_model(session, train).create(instance_type="ml.m5.large"),
        repack_model_step_settings=_under_prefix("single"),
    )
    config = EndpointConfigStep(
        "Config",
        step_args=session.create_endpoint_config(
            name="smoke-config",
            model_name=create.properties.ModelName,
            initial_instance_count=1,
            instance_type="ml.m5.large",
        ),
    )
    endpoint = EndpointStep(
        "Deploy",
        step_args=session.create_endpoint(
            endpoint_name="smoke", config_name=config.properties.EndpointConfigName
        ),
    )
    smoke = ProcessingStep(
        "Smoke",
        step_args=make_processor(session).run(
            code=f"{CODE}/smoke.py",
            arguments=["--endpoint", endpoint.properties.EndpointName],
            outputs=[
                ProcessingOutput(
                    output_name="answers",
                    source="/opt/ml/processing/answers",
                    destination=Join(on="/", values=[PREFIX, "answers"]),
                )
            ],
        ),
    )
    return Pipeline(
        "deployed-endpoint",
        parameters=[PREFIX],
        steps=[train, create, config, endpoint, smoke],
        sagemaker_session=session,
    )


def _train(session: PipelineSession) -> TrainingStep:
    estimator = SKLearn(
        entry_point="train.py",
        source_dir=f"{CODE}/sourcedir.tar.gz",
        framework_version="1.2-1",
        role=ROLE,
        instance_type="ml.m5.xlarge",
        output_path=Join(on="/", values=[PREFIX, "trained"]),
        sagemaker_session=session,
        disable_profiler=True,
    )
    return TrainingStep("Train", step_args=estimator.fit())


def _model(session: PipelineSession, train: TrainingStep, script: str = "inference.py") -> Model:
    """With a folder and a script, so that the SDK repacks it."""
    folder = _working_folder() / Path(script).stem
    folder.mkdir(exist_ok=True)
    (folder / script).write_text("def model_fn(model_dir):\n    return model_dir\n", encoding="utf-8")
    return Model(
        image_uri=SCRIPT_IMAGE,
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=ROLE,
        source_dir=folder.name,  # the definition has it to the letter
        entry_point=script,
        env={"SAGEMAKER_DEFAULT_INVOCATIONS_ACCEPT": "text/csv"},
        sagemaker_session=session,
    )


@cache
def _working_folder() -> Path:
    folder = Path(tempfile.mkdtemp())
    os.chdir(folder)
    return folder


def _under_prefix(name: str) -> dict[str, Join]:
    """The SDK puts repacked models into the default bucket unless it is told where to."""
    return {"output_path": Join(on="/", values=[PREFIX, name])}


def _score(session: PipelineSession, created: ModelStep) -> TransformStep:
    transformer = Transformer(
        model_name=created.properties.ModelName,
        instance_count=1,
        instance_type="ml.m5.large",
        output_path=Join(on="/", values=[PREFIX, "scores"]),
        accept="text/csv",
        assemble_with="Line",
        sagemaker_session=session,
    )
    return TransformStep(
        "Score",
        step_args=transformer.transform(data=BATCH, content_type="text/csv", split_type="Line"),
    )


CASES = {
    "repacked-and-scored": repacked_and_scored,
    "model-of-several": model_of_several,
    "deployed-endpoint": deployed_endpoint,
}
