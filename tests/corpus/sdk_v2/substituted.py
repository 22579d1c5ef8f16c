"""Steps that need systems nobody has on one machine: they run by what the settings say does their work."""

from __future__ import annotations

from sagemaker.automl.automl import AutoML, AutoMLInput
from sagemaker.dataset_definition.inputs import AthenaDatasetDefinition, DatasetDefinition
from sagemaker.inputs import TrainingInput
from sagemaker.lineage.artifact import Artifact
from sagemaker.lineage.context import Context
from sagemaker.processing import ProcessingInput, ProcessingOutput, Processor
from sagemaker.workflow.automl_step import AutoMLStep
from sagemaker.workflow.emr_step import EMRStep, EMRStepConfig
from sagemaker.workflow.execution_variables import ExecutionVariables
from sagemaker.workflow.functions import Join
from sagemaker.workflow.inference_component_step import InferenceComponentStep
from sagemaker.workflow.lineage_step import LineageAssociation, LineageEntityReference, LineageStep
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep

from tests.corpus.sdk_v2.session import CODE, ROLE, make_estimator, make_processor

LOADER = "999999999999.dkr.ecr.us-east-1.amazonaws.com/internal/data-loading:prod"


def internal_loader(session: PipelineSession) -> Pipeline:
    """A data-loading step as companies have them: an image of their own, no inputs, the data as outputs."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    loader = Processor(
        image_uri=LOADER,
        role=ROLE,
        instance_type="ml.m5.4xlarge",
        instance_count=1,
        entrypoint=["java", "-jar", "/opt/loader.jar"],
        sagemaker_session=session,
    )
    load = ProcessingStep(
        "LoadData",
        step_args=loader.run(
            outputs=[
                ProcessingOutput(
                    output_name=name,
                    source=f"/opt/ml/processing/output/{name.lower()}",
                    destination=Join(on="/", values=[prefix, "load", name]),
                )
                for name in ("DATA", "METADATA", "SIGNATURE")
            ],
        ),
    )
    prepare = ProcessingStep(
        "Preprocess",
        step_args=make_processor(session).run(
            code=f"{CODE}/preprocess.py",
            inputs=[
                ProcessingInput(
                    source=load.properties.ProcessingOutputConfig.Outputs["DATA"].S3Output.S3Uri,
                    destination="/opt/ml/processing/input/data",
                )
            ],
            outputs=[
                ProcessingOutput(
                    output_name="train",
                    source="/opt/ml/processing/output/train",
                    destination=Join(on="/", values=[prefix, "preprocess", "train"]),
                )
            ],
        ),
    )
    estimator = make_estimator(session, Join(on="/", values=[prefix, "model"]))
    estimator.set_hyperparameters(objective="binary:logistic", num_round=2)
    train = TrainingStep(
        "Train",
        step_args=estimator.fit(
            {
                "train": TrainingInput(
                    prepare.properties.ProcessingOutputConfig.Outputs["train"].S3Output.S3Uri,
                    content_type="text/csv",
                )
            }
        ),
    )
    return Pipeline(
        "internal-loader", parameters=[prefix], steps=[load, prepare, train], sagemaker_session=session
    )


def automl_best(session: PipelineSession) -> Pipeline:
    """AutoML, and its best candidate as a model of the registry."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    auto_ml = AutoML(
        role=ROLE,
        target_attribute_name="y",
        sagemaker_session=session,
        total_job_runtime_in_seconds=3600,
        mode="ENSEMBLING",
        output_path=Join(on="/", values=[prefix, "automl"]),
    )
    search = AutoMLStep(
        "Search",
        step_args=auto_ml.fit(
            inputs=[AutoMLInput("s3://my-bucket/rows/", target_attribute_name="y", channel_type="training")]
        ),
    )
    best = search.get_best_auto_ml_model(ROLE, sagemaker_session=session)
    create = ModelStep("Best", step_args=best.create(instance_type="ml.m5.large"))
    tell = ProcessingStep(
        "Tell",
        step_args=make_processor(session).run(
            code=f"{CODE}/tell.py",
            arguments=["--insights", search.properties.BestCandidateProperties.ModelInsightsJsonReportPath],
            outputs=[
                ProcessingOutput(
                    output_name="told",
                    source="/opt/ml/processing/told",
                    destination=Join(on="/", values=[prefix, "told"]),
                )
            ],
        ),
        depends_on=[create],
    )
    return Pipeline(
        "automl-best", parameters=[prefix], steps=[search, create, tell], sagemaker_session=session
    )


def spark_cluster(session: PipelineSession) -> Pipeline:
    """A Spark job on a cluster, and a step that reads where the job writes."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    features = Join(on="/", values=[prefix, "features"])
    spark = EMRStep(
        "Features",
        display_name="Features",
        description="Spark on the team's cluster",
        cluster_id="j-1ABCDEFGHIJKL",
        step_config=EMRStepConfig(
            jar="command-runner.jar",
            args=["spark-submit", "s3://my-bucket/features.py", ExecutionVariables.PIPELINE_EXECUTION_ID],
        ),
    )
    count = ProcessingStep(
        "Count",
        step_args=make_processor(session).run(
            code=f"{CODE}/count.py",
            arguments=["--cluster", spark.properties.ClusterId, "--step", spark.properties.Id],
            inputs=[ProcessingInput(source=features, destination="/opt/ml/processing/input/features")],
            outputs=[
                ProcessingOutput(
                    output_name="count",
                    source="/opt/ml/processing/count",
                    destination=Join(on="/", values=[prefix, "count"]),
                )
            ],
        ),
        depends_on=[spark],
    )
    return Pipeline("spark-cluster", parameters=[prefix], steps=[spark, count], sagemaker_session=session)


def athena_rows(session: PipelineSession) -> Pipeline:
    """A processing step whose input is the answer of a query."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    query = AthenaDatasetDefinition(
        catalog="AwsDataCatalog",
        database="sales",
        query_string="SELECT * FROM orders",
        output_s3_uri="s3://my-bucket/athena/",
        output_format="PARQUET",
    )
    count = ProcessingStep(
        "Count",
        step_args=make_processor(session).run(
            code=f"{CODE}/count.py",
            inputs=[
                ProcessingInput(
                    input_name="orders",
                    dataset_definition=DatasetDefinition(
                        local_path="/opt/ml/processing/input/orders",
                        data_distribution_type="FullyReplicated",
                        input_mode="File",
                        athena_dataset_definition=query,
                    ),
                )
            ],
            outputs=[
                ProcessingOutput(
                    output_name="count",
                    source="/opt/ml/processing/count",
                    destination=Join(on="/", values=[prefix, "count"]),
                )
            ],
        ),
    )
    return Pipeline("athena-rows", parameters=[prefix], steps=[count], sagemaker_session=session)


def deployed_and_traced(session: PipelineSession) -> Pipeline:
    """A component on an endpoint that somebody else keeps, and its lineage."""
    prefix = ParameterString("EXECUTION_S3_PREFIX")
    deploy = InferenceComponentStep(
        "Deploy",
        step_args=session.create_inference_component(
            inference_component_name="churn",
            endpoint_name="shared-endpoint",
            variant_name="AllTraffic",
            specification={
                "ModelName": "churn-model",
                "ComputeResourceRequirements": {
                    "NumberOfCpuCoresRequired": 1,
                    "MinMemoryRequiredInMb": 1024,
                },
            },
            runtime_config={"CopyCount": 1},
        ),
    )
    trace = LineageStep(
        "Trace",
        artifacts=Artifact.create(
            artifact_name="rows",
            source_uri="s3://my-bucket/rows/",
            artifact_type="DataSet",
            sagemaker_session=session,
        ),
        contexts=Context.create(
            context_name="churn-component",
            source_uri=deploy.properties.InferenceComponentArn,
            context_type="Endpoint",
            sagemaker_session=session,
        ),
        associations=[
            LineageAssociation(
                LineageEntityReference(name="rows", type="Artifact"),
                LineageEntityReference(name="churn-component", type="Context"),
                "ContributedTo",
            )
        ],
    )
    tell = ProcessingStep(
        "Tell",
        step_args=make_processor(session).run(
            code=f"{CODE}/tell.py",
            arguments=["--artifact", trace.properties.ArtifactArns["rows"]],
            outputs=[
                ProcessingOutput(
                    output_name="told",
                    source="/opt/ml/processing/told",
                    destination=Join(on="/", values=[prefix, "told"]),
                )
            ],
        ),
    )
    return Pipeline(
        "deployed-and-traced", parameters=[prefix], steps=[deploy, trace, tell], sagemaker_session=session
    )


CASES = {
    "deployed-and-traced": deployed_and_traced,
    "internal-loader": internal_loader,
    "automl-best": automl_best,
    "spark-cluster": spark_cluster,
    "athena-rows": athena_rows,
}
