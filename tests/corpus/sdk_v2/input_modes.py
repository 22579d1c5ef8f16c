"""Every way in which a job's data are named, and reach its container: folders, pipes, manifests."""

from __future__ import annotations

from sagemaker.estimator import Estimator
from sagemaker.inputs import ShuffleConfig, TrainingInput
from sagemaker.model import Model
from sagemaker.processing import ProcessingInput, ProcessingOutput
from sagemaker.transformer import Transformer
from sagemaker.workflow.functions import Join
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep, TransformStep

from tests.corpus.sdk_v2.session import CODE, ROLE, SCRIPT_IMAGE, make_processor


def every_input_mode(session: PipelineSession) -> Pipeline:
    """One step writes objects, manifests of them and a model; four read them in different ways."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    mode = ParameterString("StreamMode", "Pipe")  # nobody knows before the run that this is a pipe
    make = ProcessingStep(
        "Make",
        step_args=make_processor(session).run(
            code=f"{CODE}/make.py",
            arguments=["--place", Join(on="/", values=[prefix, "made"])],
            outputs=[
                ProcessingOutput(
                    output_name="made",
                    source="/opt/ml/processing/made",
                    destination=Join(on="/", values=[prefix, "made"]),
                )
            ],
        ),
    )
    made = make.properties.ProcessingOutputConfig.Outputs["made"].S3Output.S3Uri

    def at(*names: str) -> Join:
        return Join(on="/", values=[made, *names])

    listed = ProcessingStep(
        "Listed",
        step_args=make_processor(session).run(
            code=f"{CODE}/listed.py",
            inputs=[
                ProcessingInput(
                    input_name="rows",
                    source=at("rows.manifest"),
                    destination="/opt/ml/processing/rows",
                    s3_data_type="ManifestFile",
                ),
                ProcessingInput(
                    input_name="packed",
                    source=at("packed", ""),
                    destination="/opt/ml/processing/packed",
                    s3_input_mode="Pipe",
                    s3_compression_type="Gzip",
                ),
            ],
            outputs=[_report(prefix, "listed")],
        ),
    )
    mounted = TrainingStep(
        "Mounted",
        step_args=_estimator(session, prefix, "mounted", input_mode="FastFile").fit(
            {
                "code": TrainingInput(f"{CODE}/mounted.py", input_mode="File"),
                "rows": TrainingInput(at("rows", ""), content_type="text/csv"),
            }
        ),
    )
    streamed = TrainingStep(
        "Streamed",
        step_args=_estimator(session, prefix, "streamed", input_mode="Pipe").fit(
            {
                "code": TrainingInput(f"{CODE}/streamed.py", input_mode="File"),
                "rows": TrainingInput(
                    at("rows", ""), input_mode=mode, content_type="text/csv", shuffle_config=ShuffleConfig(7)
                ),
                "listed": TrainingInput(
                    at("rows.manifest"), s3_data_type="ManifestFile", record_wrapping="RecordIO"
                ),
                "packed": TrainingInput(at("packed", ""), compression="Gzip"),
                "labelled": TrainingInput(
                    at("labelled.manifest"),
                    s3_data_type="AugmentedManifestFile",
                    attribute_names=["source-ref", "label"],
                    record_wrapping="RecordIO",
                    content_type="application/x-recordio",
                ),
            }
        ),
    )
    model = Model(
        image_uri=SCRIPT_IMAGE,
        model_data=at("model.tar.gz"),
        role=ROLE,
        env={"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"},
        sagemaker_session=session,
    )
    create = ModelStep("Create", step_args=model.create(instance_type="ml.m5.large"))
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
            data=at("rows.manifest"), data_type="ManifestFile", content_type="text/csv"
        ),
    )
    return Pipeline(
        "every-input-mode",
        parameters=[prefix, mode],
        steps=[make, listed, mounted, streamed, create, score],
        sagemaker_session=session,
    )


def _report(prefix: ParameterString, name: str) -> ProcessingOutput:
    return ProcessingOutput(
        output_name="report",
        source="/opt/ml/processing/report",
        destination=Join(on="/", values=[prefix, name]),
    )


def _estimator(session: PipelineSession, prefix: ParameterString, name: str, input_mode: str) -> Estimator:
    return Estimator(
        image_uri=SCRIPT_IMAGE,
        role=ROLE,
        instance_type="ml.m5.xlarge",
        instance_count=1,
        output_path=Join(on="/", values=[prefix, name]),
        sagemaker_session=session,
        disable_profiler=True,
        input_mode=input_mode,
        container_entry_point=["python3"],
        container_arguments=[f"/opt/ml/input/data/code/{name}.py"],
    )


CASES = {"every-input-mode": every_input_mode}
