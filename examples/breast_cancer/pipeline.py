"""Tell benign from malignant tumours: preprocess, train, evaluate and calibrate, register if good enough.

Ordinary SageMaker SDK v2 code; nothing in it knows where it runs.
"""

from pathlib import Path

import sagemaker
from sagemaker.estimator import Estimator
from sagemaker.image_uris import retrieve
from sagemaker.inputs import TrainingInput
from sagemaker.model import Model
from sagemaker.model_metrics import MetricsSource, ModelMetrics
from sagemaker.processing import ProcessingInput, ProcessingOutput, ScriptProcessor
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.workflow.condition_step import ConditionStep
from sagemaker.workflow.conditions import ConditionGreaterThanOrEqualTo
from sagemaker.workflow.fail_step import FailStep
from sagemaker.workflow.functions import Join, JsonGet
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterFloat, ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.properties import PropertyFile
from sagemaker.workflow.steps import ProcessingStep, TrainingStep
from sagemaker.xgboost import XGBoost

HERE = Path(__file__).parent
XGBOOST = "1.7-1"

prefix = ParameterString("EXECUTION_S3_PREFIX")
raw_data = ParameterString("RawData", default_value="s3://breast-cancer/raw/")
instance_type = ParameterString("InstanceType", default_value="ml.m5.large")
auc_threshold = ParameterFloat("AucThreshold", default_value=0.9)

session = PipelineSession()
role = sagemaker.get_execution_role(session)
xgboost_image = retrieve("xgboost", session.boto_region_name, version=XGBOOST, instance_type="ml.m5.large")


def output_path(step_type: str, logical_name: str) -> Join:
    """Where an output goes: joined when the pipeline runs, for an f-string would fix it now."""
    return Join(on="/", values=[prefix, step_type, logical_name])


def output(step_type: str, logical_name: str, container_path: str) -> ProcessingOutput:
    return ProcessingOutput(
        output_name=logical_name, source=container_path, destination=output_path(step_type, logical_name)
    )


preprocess = ProcessingStep(
    "Preprocess",
    step_args=SKLearnProcessor(
        framework_version="1.2-1",
        role=role,
        instance_type=instance_type,
        instance_count=1,
        sagemaker_session=session,
    ).run(
        code=str(HERE / "preprocess.py"),
        arguments=["--seed", "7"],
        inputs=[
            ProcessingInput(source=raw_data, destination="/opt/ml/processing/input/raw", input_name="raw")
        ],
        outputs=[
            output("preprocess", "train", "/opt/ml/processing/output/train"),
            output("preprocess", "validation", "/opt/ml/processing/output/validation"),
            output("preprocess", "test", "/opt/ml/processing/output/test"),
        ],
    ),
)
splits = preprocess.properties.ProcessingOutputConfig.Outputs


def channels() -> dict[str, TrainingInput]:
    """What both trainings read."""
    return {
        name: TrainingInput(splits[name].S3Output.S3Uri, content_type="text/csv")
        for name in ("train", "validation")
    }


train = TrainingStep(
    "Train",
    step_args=XGBoost(
        entry_point="train.py",
        source_dir=str(HERE / "training"),
        framework_version=XGBOOST,
        role=role,
        instance_type=instance_type,
        instance_count=1,
        output_path=output_path("train", "model"),
        hyperparameters={"num_round": 60, "max_depth": 3, "eta": 0.2},
        sagemaker_session=session,
    ).fit(channels()),
)
model_data = train.properties.ModelArtifacts.S3ModelArtifacts

# What the algorithm gives without a line of code: no script, so the image trains by itself.
baseline = TrainingStep(
    "TrainBaseline",
    step_args=Estimator(
        image_uri=xgboost_image,
        role=role,
        instance_type=instance_type,
        instance_count=1,
        output_path=output_path("train-baseline", "model"),
        hyperparameters={"objective": "binary:logistic", "num_round": 20, "eval_metric": "auc"},
        sagemaker_session=session,
    ).fit(channels()),
)


def judge(name: str, script: str, logical_name: str, reports: list[PropertyFile]) -> ProcessingStep:
    """A step that looks at the trained model and the test set, and writes a report."""
    processor = ScriptProcessor(
        image_uri=xgboost_image,
        command=["python3"],
        role=role,
        instance_type=instance_type,
        instance_count=1,
        sagemaker_session=session,
    )
    return ProcessingStep(
        name,
        step_args=processor.run(
            code=str(HERE / script),
            inputs=[
                ProcessingInput(
                    source=model_data, destination="/opt/ml/processing/model", input_name="model"
                ),
                ProcessingInput(
                    source=splits["test"].S3Output.S3Uri,
                    destination="/opt/ml/processing/test",
                    input_name="test",
                ),
            ],
            outputs=[output(name.lower(), logical_name, f"/opt/ml/processing/{logical_name}")],
        ),
        property_files=reports,
    )


report = PropertyFile(name="Evaluation", output_name="evaluation", path="evaluation.json")
evaluate = judge("Evaluate", "evaluate.py", "evaluation", [report])
calibrate = judge("Calibrate", "calibrate.py", "calibration", [])

auc = JsonGet(
    step_name=evaluate.name, property_file=report, json_path="binary_classification_metrics.auc.value"
)
evaluation_uri = evaluate.properties.ProcessingOutputConfig.Outputs["evaluation"].S3Output.S3Uri

register = ModelStep(
    "BreastCancer",
    step_args=Model(
        image_uri=xgboost_image, model_data=model_data, role=role, sagemaker_session=session
    ).register(
        model_package_group_name="BreastCancer",
        approval_status="PendingManualApproval",
        content_types=["text/csv"],
        response_types=["text/csv"],
        inference_instances=["ml.m5.large"],
        transform_instances=["ml.m5.large"],
        model_metrics=ModelMetrics(
            model_statistics=MetricsSource(
                s3_uri=Join(on="/", values=[evaluation_uri, "evaluation.json"]),
                content_type="application/json",
            )
        ),
    ),
)
refuse = FailStep(
    "AucTooLow", error_message=Join(on=" ", values=["AUC", auc, "is below the threshold of", auc_threshold])
)

pipeline = Pipeline(
    name="BreastCancer",
    parameters=[prefix, raw_data, instance_type, auc_threshold],
    steps=[
        preprocess,
        train,
        baseline,
        evaluate,
        calibrate,
        ConditionStep(
            "AucHighEnough",
            conditions=[ConditionGreaterThanOrEqualTo(left=auc, right=auc_threshold)],
            if_steps=[register],
            else_steps=[refuse],
        ),
    ],
    sagemaker_session=session,
)
