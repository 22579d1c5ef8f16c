"""A pipeline.py of the SDK, unchanged: models repacked with their scripts, asked in a row, deployed."""

from __future__ import annotations

import io
import json
import tarfile

from seatrial.ports.storage import S3Uri
from seatrial.storage import MinioStore
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline, processing
from tests.functional.cli.test_transform import model_step

TRAIN = """
import os, pathlib, joblib
import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

x = np.arange(12, dtype=np.float32).reshape(-1, 1)
scaler = StandardScaler().fit(x)
classifier = LogisticRegression().fit(scaler.transform(x), x[:, 0] > 5)
joblib.dump((scaler, classifier), pathlib.Path(os.environ["SM_MODEL_DIR"]) / "model.joblib")
"""
SCALE = """
import joblib, pathlib

def model_fn(model_dir):
    return joblib.load(pathlib.Path(model_dir) / "model.joblib")[0]

def predict_fn(data, model):
    return model.transform(data.reshape(-1, 1))
"""
INFERENCE = """
import joblib, pathlib

def model_fn(model_dir):
    return joblib.load(pathlib.Path(model_dir) / "model.joblib")[1]

def predict_fn(data, model):
    return model.predict(data.reshape(-1, 1)).astype(int)
"""
SMOKE = """
import argparse, pathlib, boto3

parser = argparse.ArgumentParser()
parser.add_argument("--endpoint")
answer = boto3.client("sagemaker-runtime").invoke_endpoint(
    EndpointName=parser.parse_args().endpoint, Body=b"1\\n9\\n", ContentType="text/csv", Accept="text/csv"
)
pathlib.Path("/opt/ml/processing/answers/answers.csv").write_bytes(answer["Body"].read())
"""
PIPELINE = """
from sagemaker import PipelineModel
from sagemaker.model import Model
from sagemaker.processing import ProcessingOutput
from sagemaker.sklearn.estimator import SKLearn
from sagemaker.sklearn.processing import SKLearnProcessor
from sagemaker.transformer import Transformer
from sagemaker.workflow.endpoint_step import EndpointConfigStep, EndpointStep
from sagemaker.workflow.functions import Join
from sagemaker.workflow.model_step import ModelStep
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep, TrainingStep, TransformStep

session = PipelineSession()
role = "arn:aws:iam::123456789012:role/pipeline"
image = "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3"
prefix = ParameterString("EXECUTION_S3_PREFIX")
instance = {"instance_type": "ml.m5.large", "instance_count": 1, "sagemaker_session": session}


def beneath(name):
    return Join(on="/", values=[prefix, name])


def model(name):
    return Model(
        image_uri=image,
        model_data=train.properties.ModelArtifacts.S3ModelArtifacts,
        role=role,
        source_dir=name,
        entry_point=f"{name}.py",
        env={"SAGEMAKER_MODEL_SERVER_WORKERS": "1"},
        sagemaker_session=session,
    )


estimator = SKLearn(
    "train.py", framework_version="1.2-1", role=role, output_path=beneath("trained"),
    disable_profiler=True, **instance
)
train = TrainingStep("Train", step_args=estimator.fit())
register = ModelStep(
    "Package",
    step_args=model("inference").register(
        content_types=["text/csv"], response_types=["text/csv"], inference_instances=["ml.m5.large"],
        transform_instances=["ml.m5.large"], model_package_group_name="scored",
    ),
    repack_model_step_settings={"output_path": beneath("packaged")},
)
row = ModelStep(
    "Row",
    step_args=PipelineModel(
        [model("scale"), model("inference")], role=role, sagemaker_session=session
    ).create(instance_type="ml.m5.large"),
    repack_model_step_settings={"output_path": beneath("row")},
)
transformer = Transformer(
    model_name=row.properties.ModelName, output_path=beneath("scores"), accept="text/csv", **instance
)
score = TransformStep(
    "Score",
    step_args=transformer.transform("s3://my-bucket/batch/", content_type="text/csv", split_type="Line"),
)
config = EndpointConfigStep(
    "Config",
    step_args=session.create_endpoint_config(
        name="smoke-config", model_name=row.properties.ModelName, initial_instance_count=1,
        instance_type="ml.m5.large",
    ),
)
deploy = EndpointStep(
    "Deploy",
    step_args=session.create_endpoint("smoke", config_name=config.properties.EndpointConfigName),
)
smoke = ProcessingStep(
    "Smoke",
    step_args=SKLearnProcessor(framework_version="1.2-1", role=role, **instance).run(
        code="smoke.py",
        arguments=["--endpoint", deploy.properties.EndpointName],
        outputs=[
            ProcessingOutput(
                output_name="answers", source="/opt/ml/processing/answers", destination=beneath("answers")
            )
        ],
    ),
)
pipeline = Pipeline(
    "served",
    parameters=[prefix],
    steps=[train, register, row, score, config, deploy, smoke],
    sagemaker_session=session,
)
"""


def write_sources(project: Project) -> None:
    """The project as its author has it."""
    for name in ("scale", "inference", "batch"):
        (project.folder / name).mkdir()
    sources = {
        "train.py": TRAIN,
        "scale/scale.py": SCALE,
        "inference/inference.py": INFERENCE,
        "smoke.py": SMOKE,
        "pipeline.py": PIPELINE,
        "batch/a.csv": "1\n9\n",
        "seeds.toml": '["s3://my-bucket/batch/"]\npath = "batch"\n',
    }
    for name, text in sources.items():
        project.write(name, text)


def test_models_are_repacked_registered_asked_in_a_row_and_deployed(
    project: Project, store: MinioStore
) -> None:
    write_sources(project)
    ended = project.run("run", "pipeline.py", "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "Deploy: Succeeded" in ended.stderr
    assert "/endpoints/smoke/invocations until the execution ends" in ended.stderr

    outputs = json.loads(ended.stdout)["outputs"]["step_outputs"]
    assert {"Package-RepackModel-0", "Row-RepackModel-0", "Row-RepackModel-1"} <= set(outputs)
    assert _read(store, outputs["Score"]["transform"], "a.csv.out").split() == [b"0", b"1"]
    assert _read(store, outputs["Smoke"]["answers"], "answers.csv").split() == [b"0", b"1"]
    repacked = _read(store, outputs["Package-RepackModel-0"]["model"])
    with tarfile.open(fileobj=io.BytesIO(repacked)) as archive:
        assert {"model.joblib", "code/inference.py"} <= {
            name.removeprefix("./") for name in archive.getnames()
        }

    (package,) = project.json("models")["packages"]
    (container,) = package["InferenceSpecification"]["Containers"]
    assert container["ModelDataUrl"].endswith("/output/model.tar.gz")
    assert "/packaged/" in container["ModelDataUrl"]
    (log,) = project.folder.glob(".seatrial/executions/*/steps/Score/attempt-1/log.txt")
    assert "[container-2]" in log.read_text()


def _read(store: MinioStore, output: dict[str, str], *name: str) -> bytes:
    return store.read(S3Uri.parse("/".join((output["s3_uri"], *name))))


def test_an_endpoint_whose_container_cannot_serve_fails_its_step(project: Project) -> None:
    variant = {
        "VariantName": "AllTraffic",
        "ModelName": {"Get": "Steps.Create.ModelName"},
        "InstanceType": "ml.m5.large",
        "InitialInstanceCount": 1,
    }
    definition = pipeline(
        model_step("Create"),
        {
            "Name": "Config",
            "Type": "EndpointConfig",
            "Arguments": {"EndpointConfigName": "c", "ProductionVariants": [variant]},
        },
        {
            "Name": "Deploy",
            "Type": "Endpoint",
            "Arguments": {
                "EndpointName": "e",
                "EndpointConfigName": {"Get": "Steps.Config.EndpointConfigName"},
            },
        },
        processing("Smoke", "pass", DependsOn=["Deploy"]),
    )
    ended = project.json("run", project.write("p.json", definition))
    assert ended["status"] == "Failed"
    steps = {step["name"]: step for step in ended["steps"]}
    assert "Smoke" not in steps
    reason = steps["Deploy"]["failure_reason"]
    assert reason.startswith(
        "ClientError: The primary container for production variant AllTraffic did not pass"
    )
    assert "entrypoint not found" in reason
