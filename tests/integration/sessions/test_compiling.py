"""Ordinary SDK code compiles on a machine that knows nothing of AWS.

Each compile runs in a process of its own that may connect to the store alone: `sitecustomize`, which
Python imports first, sees to that and writes down every other attempt.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from seatrial.definition import parse
from seatrial.errors import RefusedError
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.sessions import CompiledPipeline, load_pipeline, write_folder
from seatrial.settings import Settings
from seatrial.storage import MinioStore, apply_seeds, read_seeds

EXAMPLE = Path(__file__).parents[3] / "examples/breast_cancer"
CORPUS = Path(__file__).parents[2] / "corpus/breast-cancer/definition.json"
GUARD = """
import os, socket

ALLOWED, ATTEMPTS = os.environ["GUARD_ALLOWED"], os.environ["GUARD_ATTEMPTS"]

def guard(name):
    real = getattr(socket.socket, name)
    def connect(self, address, *rest):
        if self.family != socket.AF_UNIX and f"{address[0]}:{address[1]}" != ALLOWED:
            with open(ATTEMPTS, "a") as file:
                file.write(f"{address}\\n")
            raise OSError("no network here")
        return real(self, address, *rest)
    setattr(socket.socket, name, connect)

def look_up(host, *rest, **more):
    if host not in ("127.0.0.1", "localhost", ALLOWED.split(":")[0]):
        with open(ATTEMPTS, "a") as file:
            file.write(f"{host}\\n")
        raise OSError("no network here")
    return real_look_up(host, *rest, **more)

guard("connect")
guard("connect_ex")
real_look_up, socket.getaddrinfo = socket.getaddrinfo, look_up
"""

Compile = Callable[[str], CompiledPipeline]


@pytest.fixture
def offline(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, store_address: StoreAddress) -> Path:
    """An environment without AWS and without network; the file that holds attempts to reach it."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    attempts = tmp_path / "attempts"
    (tmp_path / "guard").mkdir()
    (tmp_path / "guard/sitecustomize.py").write_text(GUARD)
    home = tmp_path / "home"
    (home / ".aws").mkdir(parents=True)
    (home / ".aws/config").write_text(
        "[default]\nregion = us-gov-west-1\nendpoint_url = https://prod.example\n"
    )
    (home / ".aws/credentials").write_text("[default]\naws_access_key_id = PROD\naws_secret_access_key = x\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.example:3128")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "guard"))
    monkeypatch.setenv("GUARD_ALLOWED", store_address.endpoint_url.removeprefix("http://"))
    monkeypatch.setenv("GUARD_ATTEMPTS", str(attempts))
    return attempts


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's folder, which is the current one."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def compile_(store_address: StoreAddress) -> Compile:
    """Compile what is named."""
    return lambda target: load_pipeline(target, address=store_address, settings=Settings())


def test_the_example_compiles_and_its_folder_is_enough_for_an_empty_store(
    offline: Path, tmp_path: Path, compile_: Compile, store: MinioStore
) -> None:
    compiled = compile_(str(EXAMPLE / "pipeline.py"))
    assert not offline.exists(), offline.read_text()
    assert compiled.name == "BreastCancer"
    assert _without_digests(compiled.definition_text) == _without_digests(CORPUS.read_text()), (
        f"copy definition.json of `seatrial compile {EXAMPLE}/pipeline.py -o DIR` to {CORPUS}"
    )
    assert [uri.key.rsplit("/", 1)[-1] for uri in compiled.uploads] == [
        "preprocess.py",
        "sourcedir.tar.gz",
        "evaluate.py",
        "calibrate.py",
    ]

    assert compiled.seeds is not None
    before = {str(uri): store.read(uri) for uri in compiled.uploads}
    before["s3://breast-cancer/raw/breast_cancer.csv"] = (EXAMPLE / "data/breast_cancer.csv").read_bytes()
    open_inputs = write_folder(compiled, tmp_path / "out", store, read_seeds(compiled.seeds).seeds)
    assert open_inputs == []
    store.delete(compiled.uploads)
    again = load_pipeline(str(tmp_path / "out"), address=None, settings=Settings())
    assert again.seeds is not None
    brought = apply_seeds(store, read_seeds(again.seeds).seeds)
    assert {each.uri: store.read(S3Uri(each.bucket, each.key)) for each in brought} == before
    assert json.loads(again.definition_text) == json.loads(compiled.definition_text)
    assert again.name == "BreastCancer"


def _without_digests(definition: str) -> object:
    """The document, with the SDK's digests of scripts left out of the paths of their uploads."""
    return json.loads(re.sub(r"[0-9a-f]{64}", "DIGEST", definition))


USUAL = """
import os, sys
import boto3, botocore.session, sagemaker
from sagemaker.processing import ScriptProcessor
from sagemaker.workflow.function_step import step
from sagemaker.workflow.parameters import ParameterString
from sagemaker.workflow.pipeline import Pipeline
from sagemaker.workflow.pipeline_context import PipelineSession
from sagemaker.workflow.steps import ProcessingStep

print("a line on standard output")
os.system("echo a line of a process it started")
account = boto3.client("sts").get_caller_identity()["Account"]
region = boto3.Session(profile_name="production").region_name
assert boto3.Session().get_credentials().access_key != "PROD"
boto3.resource("s3").Object("usual-bucket", "config.json").put(Body=b"{}")
deploy = f"arn:aws:iam::{account}:role/Deploy"
keys = boto3.client("sts").assume_role(RoleArn=deploy, RoleSessionName="deploy")["Credentials"]
deployer = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
role = sagemaker.get_execution_role(sagemaker.Session(deployer))
with open("work.py", "w") as file:
    file.write("print('work')")


def get_pipeline(region, role, default_bucket, sagemaker_session, base_job_prefix="Usual"):
    processor = ScriptProcessor(
        image_uri=f"{account}.dkr.ecr.{region}.amazonaws.com/work:1",
        command=["python3"],
        role=role,
        instance_type="ml.m5.large",
        instance_count=1,
        sagemaker_session=sagemaker_session,
    )
    work = ProcessingStep("Work", step_args=processor.run(code="work.py"))
    made = Pipeline(f"Usual-{default_bucket}", steps=[work], sagemaker_session=sagemaker_session)
    made.upsert(role, parallelism_config={"MaxParallelExecutionSteps": 2})
    return made
"""


def test_what_pipelines_usually_do_works_without_aws(
    offline: Path, project: Path, compile_: Compile, capfd: pytest.CaptureFixture[str]
) -> None:
    (project / "usual.py").write_text(USUAL)
    compiled = compile_("usual.py")
    assert not offline.exists(), offline.read_text()
    assert compiled.name == "Usual-sagemaker-us-east-1-123456789012"
    assert compiled.max_parallel_steps == 2
    assert compiled.uploads[0] == S3Uri("usual-bucket", "config.json")
    assert compiled.uploads[1].key.endswith("/work.py")
    arguments = parse(compiled.definition_text).step("Work").arguments
    assert arguments["RoleArn"] == "arn:aws:iam::123456789012:role/seatrial"
    shown = capfd.readouterr()
    assert shown.out == ""
    assert "a line on standard output" in shown.err
    assert "a line of a process it started" in shown.err
    assert "sagemaker.config" not in shown.err


def refusal(compile_: Compile, project: Path, code: str) -> RefusedError:
    (project / "flow.py").write_text(code)
    with pytest.raises(RefusedError) as refused:
        compile_("flow.py")
    return refused.value


def test_a_call_that_is_not_answered_names_itself_and_the_line(
    offline: Path, project: Path, compile_: Compile
) -> None:
    error = refusal(compile_, project, "import boto3\nboto3.client('ssm').get_parameter(Name='x')\n")
    assert "does not answer ssm:GetParameter" in error.message
    assert error.where == "flow.py:2"
    assert not offline.exists(), offline.read_text()


def test_what_the_sdk_refuses_is_said_in_its_words(project: Path, compile_: Compile) -> None:
    code = "from sagemaker.workflow.pipeline import Pipeline\npipeline = Pipeline('P', steps=[3])\n"
    error = refusal(compile_, project, code)
    assert error.slug == "pipeline-code-failed"
    assert error.where == "flow.py"
    assert "int" in error.message


def test_a_process_that_dies_is_no_success(project: Path, compile_: Compile) -> None:
    error = refusal(compile_, project, "import os\nos._exit(0)\n")
    assert error.slug == "compiling-died"


def test_the_folder_of_the_user_does_not_shadow_our_own_libraries(project: Path, compile_: Compile) -> None:
    for name in ("pydantic", "boto3", "json"):
        (project / f"{name}.py").write_text("raise RuntimeError('shadowed')\n")
    error = refusal(compile_, project, "1 / 0\n")
    assert error.message == "ZeroDivisionError: division by zero"
