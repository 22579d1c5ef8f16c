"""ST117: what looks like a secret, in what a step is told and in what its job printed."""

from __future__ import annotations

import base64
import json
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seatrial.dataflow import Flow, judge, judge_definition
from seatrial.dataflow.secrets import secret_in, secret_named, shown
from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Severity
from tests.adapters.pipelines import PREFIX, Json, join, pipeline, processing, training
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.reading import codes, only

# Put together here, so that no file of the project has the form of a secret in it.
KEY_ID = "AKIA" + "QYLPMN5HHHFPZ" + "7AB"
AWS_SECRET = "wJalrXUtnFEMI7K7MDENGbPxRfiCY" + "a1b2c3d4e5f"
GITHUB = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
SLACK = "xoxb-" + "123456789012-abcdefABCDEF"
HUGGING_FACE = "hf_" + "AbCdEfGhIjKlMnOpQrStUvWxYz12345678"
PRIVATE = "-----BEGIN RSA " + "PRIVATE KEY-----"


def token(**claims: str) -> str:
    parts = ({"alg": "HS512", "typ": "JWT"}, claims)
    encoded = [base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts]
    return ".".join([*encoded, "c2lnbmF0dXJlLW9mLWl0"])


SECRETS = {
    KEY_ID: "an AWS access key id",
    f"aws_secret_access_key = {AWS_SECRET}": "an AWS secret access key",
    PRIVATE: "a private key",
    f"https://x-access-token:{GITHUB}@github.com/a/b": "a GitHub token",
    SLACK: "a Slack token",
    HUGGING_FACE: "a Hugging Face token",
    token(sub="1234567890"): "a JSON Web Token",
    "postgresql://app:s3cr3t-pw@db.internal:5432/x": "a URL with a password",
    "login with password=hunter2-x9": "a password",
    '{"db_password": "hunter2-x9"}': "a password",
    "api_key: 8f14e45fceea167a5a36": "a secret key or token",
}
HARMLESS = (
    "9e107d9d372bb6826bd81d3542a419d6",
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "arn:aws:sagemaker:us-east-1:123456789012:model-package/group/1",
    "s3://sagemaker-us-east-1-123456789012/code/9f86d081884c7d659a2feaa0c55ad015/sourcedir.tar.gz",
    base64.b64encode(bytes(range(90))).decode(),
    '"d41d8cd98f00b204e9800998ecf8427e-12"',
    "683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-scikit-learn:1.2-1-cpu-py3",
    "AKIAIOSFODNN7EXAMPLE",
    "https://user@example.com/path",
    "postgresql://app:${DB_PASSWORD}@db.internal/x",
    "postgresql://app:{password}@db.internal/x",
    "https://registry.example.com:8443/a@sha256:abc",
    "-----BEGIN PUBLIC KEY-----",
    "password=getpass.getpass()",
    "password=********",
    "password = None",
    "secret=/run/secrets/db-password-2",
    "token: 12345",
    "MaxTokens=4096 tokenizer=bert-base-uncased",
    "sk-learn-compatible-gradient-boosting-classifier",
    "importance of password: -0.123456",
    "importance of password=1.2e-05",
    "share of nulls in secret: 12.58%",
    "{'age': 'int64', 'password': 'float64'}",
    "password: VARCHAR255",
    "connecting with password=settings.DB_PASS_2",
    token(accessKey="ABCDEFGHIJKLMNOPQRST", exp="1"),
)


@pytest.mark.parametrize("text", SECRETS, ids=SECRETS.values())
def test_what_has_the_form_of_a_secret_is_known_by_it(text: str) -> None:
    found = secret_in(f"before {text} after")
    assert found is not None
    assert found.kind == SECRETS[text]


@pytest.mark.parametrize("text", HARMLESS)
def test_what_only_looks_strange_is_no_secret(text: str) -> None:
    assert secret_in(text) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_PASSWORD", "hunter2-x9"),
        ("dbPassword", "hunter2-x9"),
        ("--password", "hunter2-x9"),
        ("CLIENT_SECRET", "8f14e45fceea167a5a36"),
        ("WANDB_API_KEY", "8f14e45fceea167a5a368f14e45fceea167a5a36"),
        ("HF_TOKEN", "AbCdEfGhIjKl123456"),
        ("AWS_SECRET_ACCESS_KEY", AWS_SECRET),
        ("apiKey", "8f14e45fceea167a5a36"),
        ("API_KEY", "1234abcd-12ab-34cd-56ef-1234567890ab"),
        ("API_KEY", "AbCdEf12-GhIjKl34-MnOp"),
        ("DB_PASSWORD", "rds-prod-password-2024"),
    ],
)
def test_a_name_that_says_secret_makes_a_random_value_one(name: str, value: str) -> None:
    assert secret_named(name, value) is not None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("pad_token", "<pad>"),
        ("eos_token", "<|endoftext|>"),
        ("bos_token", "special0token1of2mine3"),
        ("MaxTokens", "4096"),
        ("max_new_tokens", "4096"),
        ("TOKENIZERS_PARALLELISM", "false"),
        ("token", "true"),
        ("SAGEMAKER_SUBMIT_DIRECTORY", "s3://bucket/9f86d081884c7d659a2f/sourcedir.tar.gz"),
        ("DB_SECRET_ARN", "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1B2c3"),
        ("DB_SECRET", "arn:aws:secretsmanager:us-east-1:123456789012:secret:db-a1B2c3"),
        ("DB_SECRET", "prod/db-2/password1"),
        ("SECRET_NAME", "prod-db-password-2026"),
        ("DB_PASSWORD", "{Steps.Ask.OutputParameters['answer']}"),
        ("DB_PASSWORD", "$(cat /run/secret)"),
        ("DB_PASSWORD", "changeme"),
        ("DB_PASSWORD", ""),
        ("API_KEY_HEADER", "X-Api-Key-2026-Version"),
        ("api_key", "my-key-in-the-vault"),
        ("DB_SECRET", "rds-credentials-prod-eu1"),
        ("HF_TOKEN_SECRET", "hf-token-secret-1"),
        ("token", "text_column_name_12"),
        ("aws_access_key", "AKIAIOSFODNN7EXAMPLE"),
        ("partition_key", "customer_id_2026_0001"),
        ("REMOTE_FUNCTION_SECRET_KEY", "8f14e45fceea167a5a368f14e45fceea"),
        ("keyword", "8f14e45fceea167a5a36"),
    ],
)
def test_names_and_values_of_everyday_are_no_secrets(name: str, value: str) -> None:
    assert secret_named(name, value) is None


def test_a_finding_shows_too_little_to_use() -> None:
    assert shown(AWS_SECRET) == "`wJal…`, 40 characters"
    assert shown("hunter2-x9") == "10 characters"


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_and_any_name_can_be_looked_at(name: str, text: str) -> None:
    for found in (secret_in(text), secret_named(name, text)):
        assert found is None or "characters" in found.shown


@pytest.mark.parametrize(
    "line",
    [
        "key" + "a-" * 9000,
        "secret_" * 2800,
        "eyJ" * 6000,
        "https://a:" + "b" * 18000 + " @",
        "sk-" + "a-" * 9000,
    ],
    ids=lambda line: line[:6],
)
def test_a_long_line_takes_no_long_time(line: str) -> None:
    """Each of these took seconds once: half of the square of its length in steps."""
    started = time.process_time()
    assert secret_in(line) is None
    assert time.process_time() - started < 0.5


TOLD: dict[str, dict[str, Json]] = {
    "/Steps/0/Arguments/Environment/DB_PASSWORD": processing("Do", environment={"DB_PASSWORD": "hunter2-x9"}),
    "/Steps/0/Arguments/HyperParameters/hub": training("Do", hyperparameters={"hub": HUGGING_FACE}),
    "/Steps/0/Arguments/AppSpecification/ContainerArguments/1": processing(
        "Do", arguments=["--password", "hunter2-x9"]
    ),
    "/Steps/0/Arguments/AppSpecification/ContainerArguments/0": processing(
        "Do", arguments=["--password=hunter2-x9", "--x"]
    ),
    "/Steps/0/Arguments/Environment/KEY": processing("Do", environment={"KEY": {"Get": "Parameters.Secret"}}),
    "/Steps/0/Arguments/Environment/ID": processing("Do", environment={"ID": join("id", KEY_ID, on="=")}),
    "/Steps/0/Arguments/api_key": {
        "Name": "Do",
        "Type": "Lambda",
        "Arguments": {"api_key": "8f14e45fceea167a5a36"},
    },
    "/Steps/0/Arguments/PrimaryContainer/Environment/TOKEN": {
        "Name": "Do",
        "Type": "Model",
        "Arguments": {"PrimaryContainer": {"Environment": {"TOKEN": HUGGING_FACE}}},
    },
}


@pytest.mark.parametrize("where", TOLD)
def test_what_a_step_is_told_is_a_warning_that_does_not_repeat_it(where: str) -> None:
    found = only(judge_definition(pipeline(TOLD[where], parameters={"Secret": GITHUB})), "ST117")
    assert (found.severity, found.step, found.where) == (Severity.WARNING, "Do", where)
    assert not any(secret in repr(found) for secret in ("hunter2", GITHUB, HUGGING_FACE, KEY_ID))


def test_a_value_that_is_decided_later_is_well() -> None:
    asked = {"Get": "Steps.Ask.OutputParameters['answer']"}
    ask = {
        "Name": "Ask",
        "Type": "Callback",
        "Arguments": {},
        "OutputParameters": [{"OutputName": "answer", "OutputType": "String"}],
    }
    definition = pipeline(ask, processing("Do", environment={"DB_PASSWORD": asked}))
    assert judge_definition(definition) == []


def printed(*lines: str) -> Flow:
    definition: PipelineDefinition = pipeline(processing("Do", outputs={"a": join(PREFIX, "a")}))
    return replace(simulate(definition), printed=lambda step: lines if step == "Do" else ())


def test_a_log_with_a_secret_is_a_warning_for_each_kind() -> None:
    flow = printed("starting", f"using {KEY_ID}", "login with password=hunter2-x9", f"again {KEY_ID}")
    found = judge(flow)
    assert codes(found) == ["ST117", "ST117"]
    assert found[0].message == "Do printed what looks like an AWS access key id, in 2 lines of its log"
    assert (found[0].where, found[0].severity) == ("/Steps/0", Severity.WARNING)
    assert found[0].observed == "`AKIA…`, 20 characters, in line 2, 4"
    assert KEY_ID not in repr(found)


def test_a_job_that_prints_its_whole_environment_prints_keys_that_end_with_it() -> None:
    own = token(accessKey="ABCDEFGHIJKLMNOPQRST", exp="1")
    flow = printed(f"AWS_SECRET_ACCESS_KEY={AWS_SECRET}", f"AWS_SESSION_TOKEN={own}")
    assert judge(flow) == []


def test_without_its_own_token_beside_it_such_a_key_is_somebodys() -> None:
    assert codes(judge(printed(f"AWS_SECRET_ACCESS_KEY={AWS_SECRET}"))) == ["ST117"]


def test_a_quiet_log_is_well() -> None:
    assert judge(printed("epoch 1: loss=0.25", "saved model to /opt/ml/model/model.bin")) == []
