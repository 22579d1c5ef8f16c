"""Batch transform in real containers: a tiny server of our own, and scikit-learn and XGBoost models."""

from __future__ import annotations

import io
import json
import secrets
import tarfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import docker
import pytest

from seatrial.engines.serving import Parts, ServingEngine
from seatrial.images import Images
from seatrial.ports.jobs import JobProgress, JobRequest, JobResult
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.runners import DockerRunner
from seatrial.settings import FidelitySettings, Settings
from seatrial.storage import MinioStore
from tests.conformance.engines import WallClock

REGISTRY = "683313688378.dkr.ecr.us-east-1.amazonaws.com"
XGBOOST = f"{REGISTRY}/sagemaker-xgboost:1.7-1"
SCIKIT_LEARN = f"{REGISTRY}/sagemaker-scikit-learn:1.2-1-cpu-py3"
SERVER = Path(__file__).parent / "tiny_server.py"
# Of this run alone: an equal image of another one would be the same, and go when that run ends.
_DOCKERFILE = (
    "FROM {base}\nLABEL seatrial.run={run}\n"
    "COPY tiny_server.py /usr/bin/serve\nRUN chmod 755 /usr/bin/serve\n"
)


@pytest.fixture(scope="module")
def tiny(docker_client: docker.DockerClient, images: Images) -> Iterator[str]:
    """The base image with a server of a few lines as its `serve`."""
    context = io.BytesIO()
    with tarfile.open(fileobj=context, mode="w") as archive:
        dockerfile = _DOCKERFILE.format(base=images.ensure("base"), run=secrets.token_hex(8)).encode()
        member = tarfile.TarInfo("Dockerfile")
        member.size = len(dockerfile)
        archive.addfile(member, io.BytesIO(dockerfile))
        archive.add(SERVER, arcname="tiny_server.py")
    context.seek(0)
    image, _ = docker_client.images.build(
        fileobj=context, custom_context=True, rm=True, labels={"seatrial.test": "tiny"}
    )
    yield str(image.id)
    docker_client.images.remove(str(image.id), force=True)


@dataclass
class Job:
    """Runs transforms of one bucket of its own, and remembers what they printed."""

    engine: ServingEngine
    store: MinioStore
    bucket: str
    folder: Path
    heard: list[JobProgress] = field(default_factory=list)

    def put(self, key: str, data: bytes) -> None:
        """Put an object."""
        self.store.write(S3Uri(self.bucket, key), data)

    def put_model(self, **files: bytes) -> None:
        """Put a model's archive; `__` in a name is a dot, `code_` its folder."""
        packed = io.BytesIO()
        with tarfile.open(fileobj=packed, mode="w:gz") as archive:
            for name, data in files.items():
                member = tarfile.TarInfo(name.replace("code_", "code/").replace("__", "."))
                member.size = len(data)
                archive.addfile(member, io.BytesIO(data))
        self.put("model.tar.gz", packed.getvalue())

    def run(self, image: str, model: dict[str, Any] | None = None, **members: Any) -> JobResult:
        """Transform what lies below `in/`."""
        container = {"Image": image, "ModelDataUrl": f"s3://{self.bucket}/model.tar.gz"}
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": f"s3://{self.bucket}/in/"}}
        inputs = {name: members.pop(name) for name in ("SplitType", "ContentType") if name in members}
        outputs = {name: members.pop(name) for name in ("Accept", "AssembleWith") if name in members}
        name = f"{self.bucket}-{len(list(self.folder.iterdir()))}"
        parameters = {
            "TransformJobName": name,
            "ModelName": "model",
            "TransformInput": {"DataSource": source, **inputs},
            "TransformOutput": {"S3OutputPath": f"s3://{self.bucket}/out", **outputs},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            **members,
        }
        described = {"ModelName": "model", "PrimaryContainer": container, **(model or {})}
        request = JobRequest(
            "Transform",
            name,
            f"arn:{name}",
            parameters,
            "exec00000001",
            "T",
            1,
            self.folder / name,
            described,
        )
        self.log = request.folder / "log.txt"
        self.name = name
        return self.engine.run(request, self.heard.append)

    @property
    def written(self) -> dict[str, str]:
        """The outputs, by relative key."""
        found = self.store.list_objects(S3Uri(self.bucket, "out/"))
        return {item.key[4:]: self.store.read(S3Uri(self.bucket, item.key)).decode() for item in found}


@pytest.fixture
def job(
    runner: DockerRunner,
    store: MinioStore,
    store_address: StoreAddress,
    tmp_path: Path,
    images: Images,
    request: pytest.FixtureRequest,
) -> Job:
    """Transforms on real parts."""
    bucket = f"transform-{abs(hash(request.node.name)) % 10**8}"
    store.ensure_bucket(bucket)
    folder = tmp_path / "attempts"
    folder.mkdir()
    settings = Settings(
        state_dir=tmp_path / "state",
        cache_dir=tmp_path / "cache",
        stop_grace_seconds=2.0,
        fidelity=FidelitySettings(transform_ping_seconds=2.0 if "ping" in request.node.name else 60.0),
    )
    parts = Parts(runner, runner, store, store_address, images, settings)
    return Job(ServingEngine(parts, WallClock()), store, bucket, folder)


def status(result: JobResult) -> str:
    return str(result.describe["TransformJobStatus"])


def gone(client: docker.DockerClient, name: str) -> bool:
    """Whether neither a container nor a network of the job is left, some moments later."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        containers = client.containers.list(all=True, ignore_removed=True, filters={"name": name})
        if not containers and not client.networks.list(filters={"name": name}):
            return True
        time.sleep(0.1)
    return False


def test_a_container_is_asked_in_the_order_of_the_contract(
    job: Job, tiny: str, docker_client: docker.DockerClient
) -> None:
    job.put_model(wishes__json=b'{"MaxPayloadInMB": 2, "BatchStrategy": "SINGLE_RECORD"}')
    job.put("in/a.txt", b"one\ntwo\n")
    job.put("in/deep/b.txt", b"three")
    result = job.run(tiny, SplitType="Line", AssembleWith="Line")
    assert status(result) == "Completed", result.log_tail
    assert job.written == {"a.txt.out": "ONE\nTWO\n", "deep/b.txt.out": "THREE\n"}
    asked = [line.split()[1] for line in job.log.read_text().splitlines() if line.startswith("asked")]
    assert asked[-5:] == ["/ping", "/execution-parameters", *["/invocations"] * 3]
    assert "MaxConcurrentTransforms=1, MaxPayloadInMB=2, BatchStrategy=SINGLE_RECORD" in job.log.read_text()
    assert gone(docker_client, job.name)


def test_the_container_has_the_environment_of_model_and_job_and_reaches_the_store(
    job: Job, tiny: str, store_address: StoreAddress
) -> None:
    job.put_model(empty=b"")
    job.put("in/a.txt", b"environment")
    job.run(tiny, Environment={"OF": "job"}, MaxPayloadInMB=4)
    environment = json.loads(job.written["a.txt.out"])
    assert environment["OF"] == "job"
    assert environment["SAGEMAKER_BATCH"] == "true"
    assert environment["SAGEMAKER_MAX_PAYLOAD_IN_MB"] == "4"
    assert environment["AWS_ENDPOINT_URL_S3"] == store_address.container_endpoint_url


def test_an_isolated_model_answers_all_the_same(
    job: Job, tiny: str, docker_client: docker.DockerClient
) -> None:
    job.put_model(empty=b"")
    job.put("in/a.txt", b"environment")
    job.run(tiny, {"EnableNetworkIsolation": True})
    environment = json.loads(job.written["a.txt.out"])
    assert not {name for name in environment if "AWS_ENDPOINT" in name or "ACCESS_KEY" in name}
    assert gone(docker_client, job.name)


def test_an_object_that_fails_leaves_the_others_their_outputs(job: Job, tiny: str) -> None:
    job.put_model(empty=b"")
    for key, text in {"a": b"well", "b": b"fail", "c": b"also well"}.items():
        job.put(f"in/{key}", text)
    result = job.run(tiny, MaxConcurrentTransforms=2)
    assert status(result) == "Failed"
    assert job.written == {"a.out": "WELL", "c.out": "ALSO WELL"}
    assert str(result.describe["FailureReason"]).startswith(
        "AlgorithmError: See job logs for more information"
    )
    assert f"{job.bucket}/in/b: this one cannot be done" in job.log.read_text()


def test_a_container_that_dies_fails_the_job_with_its_exit_code(
    job: Job, tiny: str, docker_client: docker.DockerClient
) -> None:
    job.put_model(empty=b"")
    job.put("in/a", b"die")
    result = job.run(tiny)
    assert result.describe["FailureReason"] == (
        "AlgorithmError: the model container ended while it was needed, exit code: 9"
    )
    assert gone(docker_client, job.name)


def test_a_container_that_answers_no_ping_fails_the_job(job: Job, tiny: str) -> None:
    job.put_model(empty=b"")
    job.put("in/a", b"one")
    container = {"Image": tiny, "Environment": {"PING": "never"}}
    result = job.run(tiny, {"PrimaryContainer": container})
    assert "failed to respond to ping" in str(result.describe["FailureReason"])


def test_an_image_that_cannot_serve_says_so(job: Job, images: Images) -> None:
    job.put_model(empty=b"")
    job.put("in/a", b"one")
    result = job.run(images.ensure("base"))
    assert str(result.describe["FailureReason"]).startswith("AlgorithmError: entrypoint not found")


def test_a_stopped_job_uploads_nothing_and_leaves_nothing(
    job: Job, tiny: str, docker_client: docker.DockerClient
) -> None:
    job.put_model(empty=b"")
    job.put("in/a", b"well")
    job.put("in/b", b"slow")

    def stop_when_slow() -> None:
        while not (hasattr(job, "log") and job.log.exists() and "being slow" in job.log.read_text()):
            time.sleep(0.02)
        job.engine.stop(job.name)

    thread = threading.Thread(target=stop_when_slow)
    thread.start()
    began = time.monotonic()
    result = job.run(tiny)
    thread.join()
    assert (status(result), job.written) == ("Stopped", {})
    assert time.monotonic() - began < 30
    assert gone(docker_client, job.name)


def trained(
    client: docker.DockerClient, image: str, script: str, folder: Path, files: tuple[str, ...]
) -> dict[str, bytes]:
    """What a script writes to `/out` in a container of the image, which is where its libraries are."""
    folder.mkdir()
    mounts = {str(folder): {"bind": "/out", "mode": "rw"}}
    client.containers.run(image, ["python3", "-c", script], remove=True, network_mode="none", volumes=mounts)
    return {name: (folder / name).read_bytes() for name in files}


FIT = (
    "import joblib, numpy; from sklearn.linear_model import LinearRegression; "
    "x = numpy.arange(20.0).reshape(10, 2); "
    "joblib.dump(LinearRegression().fit(x, x.sum(axis=1)), '/out/model.joblib')"
)
INFERENCE = b"""
import joblib, os

def model_fn(model_dir):
    return joblib.load(os.path.join(model_dir, "model.joblib"))
"""


def test_a_scikit_learn_model_answers_through_its_script(
    job: Job, images: Images, docker_client: docker.DockerClient, tmp_path: Path
) -> None:
    image = images.ensure("scikit-learn-1.2")
    files = trained(docker_client, image, FIT, tmp_path / "fit", ("model.joblib",))
    job.put_model(model__joblib=files["model.joblib"], code_inference__py=INFERENCE)
    job.put("in/a.csv", b"first,1,2\nsecond,3,4\n")
    environment = {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}
    container = {"Image": SCIKIT_LEARN, "ModelDataUrl": f"s3://{job.bucket}/model.tar.gz"}
    result = job.run(
        SCIKIT_LEARN,
        {"PrimaryContainer": {**container, "Environment": environment}},
        ContentType="text/csv",
        Accept="text/csv",
        SplitType="Line",
        AssembleWith="Line",
        DataProcessing={"InputFilter": "$[1:]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"},
    )
    assert status(result) == "Completed", result.log_tail
    rows = [line.split(",") for line in job.written["a.csv.out"].splitlines()]
    assert [(name, round(float(number), 3)) for name, number in rows] == [("first", 3.0), ("second", 7.0)]


def test_a_script_in_s3_is_fetched_by_the_container_and_answers_as_it_likes(job: Job, images: Images) -> None:
    script = (
        b"import json\nfrom sagemaker_containers.beta.framework import worker\n"
        b"def model_fn(model_dir):\n    return 2\n"
        b"def input_fn(body, content_type):\n    return [json.loads(line) for line in body.splitlines()]\n"
        b"def predict_fn(data, model):\n    return [model * row['x'] for row in data]\n"
        b"def output_fn(found, accept):\n"
        b"    lines = ''.join(json.dumps({'y': y}) + '\\n' for y in found)\n"
        b"    return worker.Response(lines, mimetype=accept)\n"
    )
    job.put_model(double__py=script)
    job.store.write(S3Uri(job.bucket, "sourcedir.tar.gz"), job.store.read(S3Uri(job.bucket, "model.tar.gz")))
    job.put("in/a.jsonl", b'{"x": 1}\n{"x": 4}\n')
    environment = {
        "SAGEMAKER_PROGRAM": "double.py",
        "SAGEMAKER_SUBMIT_DIRECTORY": f"s3://{job.bucket}/sourcedir.tar.gz",
        "SAGEMAKER_REGION": "us-east-1",
    }
    result = job.run(
        SCIKIT_LEARN,
        {"PrimaryContainer": {"Image": SCIKIT_LEARN, "Environment": environment}},
        ContentType="application/jsonlines",
        Accept="application/jsonlines",
        SplitType="Line",
        AssembleWith="Line",
        DataProcessing={"JoinSource": "Input", "OutputFilter": "$['x','SageMakerOutput']"},
    )
    assert status(result) == "Completed", result.log_tail
    assert job.written["a.jsonl.out"] == (
        '{"x":1,"SageMakerOutput":{"y":2}}\n{"x":4,"SageMakerOutput":{"y":8}}\n'
    )


BOOST = (
    "import numpy, xgboost; x = numpy.arange(40.0).reshape(20, 2); y = (x[:, 0] > 19).astype(int); "
    "xgboost.train({'objective': OBJECTIVE}, xgboost.DMatrix(x, label=y), 5)"
    ".save_model('/out/xgboost-model')"
)


@pytest.mark.parametrize(
    ("objective", "row"), [("'binary:logistic'", float), ("'multi:softprob', 'num_class': 2", json.loads)]
)
def test_an_xgboost_model_answers_without_a_script(
    job: Job,
    images: Images,
    docker_client: docker.DockerClient,
    tmp_path: Path,
    objective: str,
    row: Callable[[str], Any],
) -> None:
    script = BOOST.replace("OBJECTIVE", objective)
    files = trained(docker_client, images.ensure("xgboost"), script, tmp_path / "fit", ("xgboost-model",))
    job.put_model(**{"xgboost-model": files["xgboost-model"]})
    job.put("in/a.csv", b"1,2\n30,31\n5,\n")
    job.put("in/b.csv", b"39,40\n")
    result = job.run(XGBOOST, ContentType="text/csv", SplitType="Line", AssembleWith="Line")
    assert status(result) == "Completed", result.log_tail
    rows = [row(line) for line in job.written["a.csv.out"].splitlines()]
    chances = [found[1] if isinstance(found, list) else found for found in rows]
    assert [chance > 0.5 for chance in chances] == [False, True, False]
    assert len(job.written["b.csv.out"].splitlines()) == 1
    assert "BatchStrategy=MULTI_RECORD" in job.log.read_text()


def test_what_xgboost_refuses_is_the_client_s_error(
    job: Job, images: Images, docker_client: docker.DockerClient, tmp_path: Path
) -> None:
    script = BOOST.replace("OBJECTIVE", "'binary:logistic'")
    files = trained(docker_client, images.ensure("xgboost"), script, tmp_path / "fit", ("xgboost-model",))
    job.put_model(**{"xgboost-model": files["xgboost-model"]})
    job.put("in/a.png", b"no picture")
    result = job.run(XGBOOST, ContentType="image/png")
    assert "ClientError: 415" in str(result.describe["FailureReason"])
    assert "image/png is not an accepted ContentType" in job.log.read_text()
