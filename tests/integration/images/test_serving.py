"""The framework images under `serve`: statuses, types and forms of their answers are those of SageMaker's."""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import docker
import pytest
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

from seatrial.images import Images
from seatrial.ports.runners import JobSpec, Mount
from seatrial.runners import DockerRunner

PORT = 8080
DEFAULTS = b"""
class Model:
    def predict(self, rows):
        return rows.sum(axis=1)

def model_fn(model_dir):
    return Model()
"""
OWN = b"""
import json
from sagemaker_containers.beta.framework import encoders, worker
from sagemaker_inference import content_types

def model_fn(model_dir):
    return 2

def transform_fn(model, body, content_type, accept):
    if "raise" in str(body):
        raise RuntimeError("the script's own fault")
    return json.dumps([model, str(body), content_type]), accept

def execution_parameters_fn():
    return worker.Response(json.dumps({"MaxConcurrentTransforms": 7}), mimetype=content_types.JSON)
"""
BOOST = (
    "import numpy, xgboost; x = numpy.arange(40.0).reshape(20, 2); y = (x[:, 0] > 19).astype(int); "
    "[xgboost.train({'objective': 'binary:logistic'}, xgboost.DMatrix(x, label=y), rounds)"
    ".save_model(f'/opt/ml/model/xgboost-model-{rounds}') for rounds in (1, 9)]"
)


@dataclass(frozen=True)
class Reply:
    """One answer."""

    status: int
    text: str
    content_type: str


Ask = Callable[..., Reply]
Serve = Callable[..., Iterator[Ask]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for models; whatever lies in it is seen as `/opt/ml/model`."""
    return tmp_path_factory.mktemp("models")


@contextmanager
def serving(runner: DockerRunner, image: str, model: Path, environment: Mapping[str, str]) -> Iterator[Ask]:
    """The image with a model, once its `/ping` answers; what it is asked with."""
    spec = JobSpec(
        name=f"serving-{secrets.token_hex(4)}",
        image=image,
        log_path=model.with_suffix(".log"),
        command=("serve",),
        environment=environment,
        mounts=(Mount(model, "/opt/ml/model"),),
        network="bridge",
        grace_seconds=2.0,
        init=True,
    )
    with runner.serve(spec, PORT) as served, PoolManager(timeout=Timeout(20.0), retries=False) as http:

        def ask(path: str, body: bytes | None = None, **headers: str) -> Reply:
            method = "GET" if body is None else "POST"
            given = {name.replace("_", "-"): value for name, value in headers.items()}
            answer = http.request(method, f"{served.urls[0]}{path}", body=body, headers=given)
            return Reply(
                answer.status, answer.data.decode("utf-8", "replace"), answer.headers["Content-Type"]
            )

        _await(lambda: ask("/ping").status, spec.log_path)
        yield ask


def _await(ping: Callable[[], int], log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            if ping() == 200:
                return
        except HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def scripted(folder: Path, script: bytes) -> tuple[Path, dict[str, str]]:
    """A model that is nothing but its script."""
    model = folder / secrets.token_hex(4)
    (model / "code").mkdir(parents=True)
    (model / "code" / "inference.py").write_bytes(script)
    return model, {"SAGEMAKER_PROGRAM": "inference.py", "SAGEMAKER_SUBMIT_DIRECTORY": "/opt/ml/model/code"}


@pytest.fixture(scope="module", params=["scikit-learn", "scikit-learn-1.2"])
def defaults(
    request: pytest.FixtureRequest, runner: DockerRunner, images: Images, folder: Path
) -> Iterator[Ask]:
    """Either line of scikit-learn, with a script that only says what the model is."""
    model, environment = scripted(folder, DEFAULTS)
    with serving(runner, images.ensure(request.param), model, environment) as ask:
        yield ask


@pytest.fixture(scope="module")
def boosted(runner: DockerRunner, images: Images, folder: Path, docker_client: docker.DockerClient) -> Path:
    """A folder with two XGBoost models."""
    model = folder / "boosted"
    model.mkdir()
    mounts = {str(model): {"bind": "/opt/ml/model", "mode": "rw"}}
    image = images.ensure("xgboost")
    docker_client.containers.run(
        image, ["python3", "-c", BOOST], remove=True, network_mode="none", volumes=mounts
    )
    return model


@pytest.fixture(scope="module")
def algorithm(runner: DockerRunner, images: Images, boosted: Path) -> Iterator[Ask]:
    """The XGBoost image with the first of its models alone, in realtime."""
    environment = {"SAGEMAKER_INFERENCE_ENSEMBLE": "false", "MAX_CONTENT_LENGTH": "2097152"}
    with serving(runner, images.ensure("xgboost"), boosted, environment) as ask:
        yield ask


@pytest.mark.parametrize(
    ("content_type", "accept", "body", "said"),
    [
        ("text/csv", "text/csv", b"1,2\n3,4\n", "3.0\n7.0\n"),
        ("text/csv", "application/json", b"1,2\n3,4\n", "[3.0, 7.0]"),
        ("application/json", "*/*", b"[[1, 2]]", "[3.0]"),
        ("application/json", "application/json", b"[[1, 2]]", "[3.0]"),
    ],
)
def test_a_script_with_a_model_alone_reads_and_writes_arrays(
    defaults: Ask, content_type: str, accept: str, body: bytes, said: str
) -> None:
    reply = defaults("/invocations", body, Content_Type=content_type, Accept=accept)
    assert (reply.status, reply.text) == (200, said)
    assert reply.content_type.startswith("application/json" if accept == "*/*" else accept)


def test_what_is_neither_read_nor_written_is_said_as_such(defaults: Ask) -> None:
    unread = defaults("/invocations", b"x", Content_Type="image/png")
    unwritten = defaults("/invocations", b"[[1]]", Content_Type="application/json", Accept="image/png")
    assert (unread.status, unwritten.status) == (415, 406)
    for reply in (unread, unwritten):
        assert json.loads(reply.text).keys() == {"error", "error-message", "stack-trace"}


def test_a_failing_prediction_is_the_servers_fault(defaults: Ask) -> None:
    reply = defaults("/invocations", b"1,2", Content_Type="text/csv")
    assert reply.status == 500
    assert "AxisError" in reply.text


def test_a_script_without_wishes_is_not_found_there(defaults: Ask) -> None:
    assert defaults("/execution-parameters").status == 404
    assert defaults("/elsewhere").status == 404


def test_a_script_may_answer_all_by_itself(runner: DockerRunner, images: Images, folder: Path) -> None:
    model, environment = scripted(folder, OWN)
    with serving(runner, images.ensure("xgboost"), model, environment) as ask:
        assert json.loads(ask("/execution-parameters").text) == {"MaxConcurrentTransforms": 7}
        reply = ask("/invocations", b"text", Content_Type="text/plain", Accept="application/json")
        assert json.loads(reply.text) == [2, "b'text'", "text/plain"]
        failed = ask("/invocations", b"raise", Content_Type="text/csv")
        assert failed.status == 500
        assert "the script's own fault" in failed.text


def test_the_algorithm_tells_how_it_would_like_to_be_asked(algorithm: Ask) -> None:
    wishes = json.loads(algorithm("/execution-parameters").text)
    assert wishes["MaxConcurrentTransforms"] >= 1
    assert (wishes["BatchStrategy"], wishes["MaxPayloadInMB"]) == ("MULTI_RECORD", 2)


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("text/csv", b"1,2\n30,31\n"),
        ("text/csv; label_size=1", b"1;2\n30;31\n"),
        # As in training, XGBoost's parser takes the first word of a row for its label.
        ("text/libsvm", b"0 0:1 1:2\n0 0:30 1:31\n"),
        ("text/x-libsvm", b"0 0:1 1:2\n0 0:30 1:31"),
    ],
)
def test_the_algorithm_predicts_one_row_a_line(algorithm: Ask, content_type: str, body: bytes) -> None:
    reply = algorithm("/invocations", body, Content_Type=content_type)
    assert (reply.status, reply.content_type.partition(";")[0]) == (200, "text/csv")
    assert [float(line) > 0.5 for line in reply.text.splitlines()] == [False, True]


def test_the_algorithm_predicts_in_json_where_it_is_accepted(algorithm: Ask) -> None:
    reply = algorithm("/invocations", b"1,2\n,31\n", Content_Type="text/csv", Accept="application/json")
    predictions = json.loads(reply.text)["predictions"]
    assert [list(row) for row in predictions] == [["score"], ["score"]]


@pytest.mark.parametrize(
    ("body", "headers", "status", "said"),
    [
        (b"", {"Content_Type": "text/csv"}, 204, ""),
        (b"1,a\n", {"Content_Type": "text/csv"}, 415, "could not convert"),
        (b"x", {"Content_Type": "image/png"}, 415, "is not an accepted ContentType"),
        (b"1,2", {"Content_Type": "text/csv; label_size=2"}, 415, "label_size must be equal to 1"),
        (b"x", {"Content_Type": "application/x-recordio-protobuf"}, 415, "not supported by this image"),
        (b"1,2", {"Content_Type": "text/csv", "Accept": "image/png"}, 406, "is not supported"),
        (b"1,2\n" * (1 << 20), {"Content_Type": "text/csv"}, 413, ""),
    ],
)
def test_the_algorithm_refuses_with_a_status_of_its_own(
    algorithm: Ask, body: bytes, headers: dict[str, str], status: int, said: str
) -> None:
    reply = algorithm("/invocations", body, **headers)
    assert reply.status == status
    assert said in reply.text


def test_a_choice_of_columns_is_refused_and_not_passed_over(
    runner: DockerRunner, images: Images, boosted: Path
) -> None:
    environment = {"SAGEMAKER_INFERENCE_OUTPUT": "predicted_label,probability"}
    with serving(runner, images.ensure("xgboost"), boosted, environment) as ask:
        reply = ask("/invocations", b"30,31", Content_Type="text/csv")
    assert reply.status == 501
    assert "SAGEMAKER_INFERENCE_OUTPUT" in reply.text


def test_several_models_answer_with_their_mean_and_by_line_in_a_batch(
    runner: DockerRunner, images: Images, boosted: Path, algorithm: Ask
) -> None:
    alone = float(algorithm("/invocations", b"30,31", Content_Type="text/csv").text)
    environment = {"SAGEMAKER_BATCH": "true"}
    with serving(runner, images.ensure("xgboost"), boosted, environment) as ask:
        reply = ask("/invocations", b"30,31\n1,2", Content_Type="text/csv", Accept="application/json")
    first, second = map(float, reply.text.splitlines())
    assert alone < first < 1.0
    assert second < 0.5
