"""`--role-policy`: a run under the execution role's permissions, in real containers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from seatrial.cli import main
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.storage import MinioStore, roles_in
from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import pipeline, processing, under_prefix
from tests.functional.cli.test_stop_and_resume import _wait_for as wait_for

COPY = "import shutil;shutil.copy('/opt/ml/processing/in/raw/a.csv','/opt/ml/processing/out/data/')"
PREFIX = "s3://my-sagemaker-runs/role"

# As large managed policies have it: names of buckets, a tag, actions that the store lacks, other services.
BROAD: list[dict[str, Any]] = [
    {
        "Effect": "Allow",
        "Action": ["sagemaker:*", "ecr:GetAuthorizationToken", "logs:PutLogEvents", "kms:DescribeKey"],
        "Resource": "*",
    },
    {
        "Effect": "Allow",
        "Action": ["s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload"],
        "Resource": ["arn:aws:s3:::*SageMaker*", "arn:aws:s3:::*Sagemaker*", "arn:aws:s3:::*sagemaker*"],
    },
    {
        "Effect": "Allow",
        "Action": ["s3:GetObject"],
        "Resource": ["arn:aws:s3:::*"],
        "Condition": {"StringEqualsIgnoreCase": {"s3:ExistingObjectTag/SageMaker": "true"}},
    },
    {
        "Effect": "Allow",
        "Action": ["s3:CreateBucket", "s3:GetBucketLocation", "s3:ListBucket", "s3:ListAllMyBuckets"],
        "Resource": ["arn:aws:s3:::*"],
    },
    {
        "Effect": "Allow",
        "Action": ["s3:GetBucketAcl", "s3:PutObjectAcl"],
        "Resource": ["arn:aws:s3:::*sagemaker*"],
    },
    {
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": "arn:aws:iam::*:role/*",
        "Condition": {"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
    },
    {
        "Effect": "Deny",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    },
]


def policy(project: Project, name: str, *more: dict[str, Any]) -> str:
    """A file as `aws iam get-policy-version` prints it."""
    document = {"Version": "2012-10-17", "Statement": [*BROAD, *more]}
    (project.folder / name).write_text(json.dumps({"PolicyVersion": {"Document": document}}))
    return name


@pytest.fixture
def copying(project: Project, store: MinioStore) -> str:
    """A pipeline that copies from a bucket of the company's into one of SageMaker's."""
    store.write(S3Uri("company-raw", "in/a.csv"), b"1,2\n")
    step = processing(
        "Copy", COPY, inputs={"raw": "s3://company-raw/in/"}, outputs={"data": under_prefix("copy")}
    )
    return project.write("copy.json", pipeline(step))


@pytest.fixture
def at_once(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Type `seatrial …` there within this process, without the second that a new one takes."""
    monkeypatch.chdir(project.folder)
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    return lambda *typed: CliRunner().invoke(main, typed)


def test_what_the_role_may_not_read_fails_the_job_and_is_told_with_the_missing_statement(
    project: Project, copying: str, store_address: StoreAddress, at_once: Callable[..., Result]
) -> None:
    broad = policy(project, "broad.json")
    planned = at_once("plan", copying, "--prefix", PREFIX, "--role-policy", broad)
    assert "left out of the role's policy: statement 5 of broad.json" in " ".join(planned.stdout.split())
    done = project.json("run", copying, "--prefix", PREFIX, "--role-policy", broad)
    [denied] = [found for found in done["findings"] if found["code"] == "ST150"]
    statement = json.loads(denied["expected"])
    assert statement["Resource"] == "arn:aws:s3:::company-raw/in/*"
    assert "AccessDenied" in denied["observed"]
    assert done["status"] == "Failed"
    assert roles_in(store_address) == ()

    again = project.json("resume", "--role-policy", policy(project, "more.json", statement))
    assert again["status"] == "Succeeded"
    assert [found["code"] for found in again["findings"] if found["severity"] == "error"] == []
    [note] = [found["message"] for found in again["findings"] if found["code"] == "ST216"]
    assert "held to more.json" in note
    assert roles_in(store_address) == ()


def test_a_policy_that_cannot_be_held_refuses_the_run_before_anything_starts(
    project: Project, copying: str, at_once: Callable[..., Result]
) -> None:
    deny = {**BROAD[-1], "Condition": {"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, "Sid": "OnlyVpc"}
    (project.folder / "seatrial.toml").write_text(f'role_policy = ["{policy(project, "vpc.json", deny)}"]\n')
    done = at_once("run", copying, "--prefix", PREFIX)
    assert done.exit_code == 2
    assert "OnlyVpc in vpc.json" in done.stderr
    assert not list(Path(project.folder, ".seatrial").glob("executions/*"))


def test_local_mode_cannot_be_held_to_a_policy(
    project: Project, copying: str, at_once: Callable[..., Result]
) -> None:
    done = at_once("plan", copying, "--engine", "local-mode", "--role-policy", policy(project, "broad.json"))
    assert done.exit_code == 2
    assert "cannot be held to a role's policy" in done.stderr


def test_the_role_of_a_killed_run_is_removed_by_clean(
    project: Project, store_address: StoreAddress, at_once: Callable[..., Result]
) -> None:
    everything = {
        "Version": "2012-10-17",
        "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
    }
    (project.folder / "all.json").write_text(json.dumps(everything))
    waiting = project.write("waiting.json", pipeline(processing("RoleKilled", "import time; time.sleep(60)")))
    process = project.start("run", waiting, "--role-policy", "all.json")
    wait_for(lambda: process.poll() is not None or roles_in(store_address) != ())
    process.kill()
    told = process.communicate()
    assert len(roles_in(store_address)) == 1, told
    cleaned = at_once("clean")
    assert "1 left-over role in the store" in cleaned.stdout
    assert roles_in(store_address) == ()
