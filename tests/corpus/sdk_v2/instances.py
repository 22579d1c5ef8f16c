"""Several instances, and the ways in which outputs reach S3 other than packed and at the end."""

from __future__ import annotations

from sagemaker.dataset_definition.inputs import S3Input
from sagemaker.estimator import Estimator
from sagemaker.inputs import TrainingInput
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.functions import Join
from sagemaker.workflow.parameters import ParameterInteger, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

from tests.corpus.sdk_v2.session import CODE, ROLE, SCRIPT_IMAGE, make_processor


def several_instances(session: PipelineSession) -> Pipeline:
    """A sharded count, a model of two hosts that is not packed, and a job that sends by itself."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    instances = ParameterInteger("Instances", 2)
    counter = SKLearnProcessor(
        framework_version="1.2-1",
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=instances,
        sagemaker_session=session,
    )
    count = ProcessingStep(
        "Count",
        step_args=counter.run(
            code=f"{CODE}/count.py",
            inputs=[
                ProcessingInput(
                    source="s3://my-bucket/words/",
                    destination="/opt/ml/processing/words",
                    s3_data_distribution_type="ShardedByS3Key",
                )
            ],
            outputs=[
                ProcessingOutput(
                    output_name="counts",
                    source="/opt/ml/processing/counts",
                    destination=Join(on="/", values=[prefix, "counts"]),
                    s3_upload_mode="Continuous",
                )
            ],
        ),
    )
    counts = count.properties.ProcessingOutputConfig.Outputs["counts"].S3Output.S3Uri
    estimator = Estimator(
        image_uri=SCRIPT_IMAGE,
        entry_point="train.py",
        source_dir=f"{CODE}/sourcedir.tar.gz",
        role=ROLE,
        instance_type="ml.m5.large",
        instance_count=instances,
        output_path=Join(on="/", values=[prefix, "models"]),
        disable_output_compression=True,
        hyperparameters={"rounds": 3},
        metric_definitions=[{"Name": "total", "Regex": "total=([0-9]+)"}],
        sagemaker_session=session,
        disable_profiler=True,
    )
    train = TrainingStep("Train", step_args=estimator.fit({"counts": TrainingInput(counts)}))
    publish = ProcessingStep(
        "Publish",
        step_args=make_processor(session).run(
            code=f"{CODE}/publish.py",
            inputs=[
                ProcessingInput(
                    input_name="model",
                    source=train.properties.ModelArtifacts.S3ModelArtifacts,
                    destination="/opt/ml/processing/model",
                ),
                ProcessingInput(
                    input_name="words",
                    app_managed=True,
                    s3_input=S3Input(
                        s3_uri="s3://my-bucket/words/",
                        local_path="/opt/ml/processing/words",
                        s3_data_type="S3Prefix",
                    ),
                ),
            ],
            outputs=[
                ProcessingOutput(
                    output_name="page",
                    app_managed=True,
                    source="/opt/ml/processing/page",
                    destination=Join(on="/", values=[prefix, "page"]),
                )
            ],
        ),
    )
    return Pipeline(
        "several-instances",
        parameters=[prefix, instances],
        steps=[count, train, publish],
        sagemaker_session=session,
    )


CASES = {"several-instances": several_instances}
