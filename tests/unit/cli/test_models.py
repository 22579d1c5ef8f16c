"""`seatrial models`: what a project registered, and what somebody thinks of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seatrial.app.clock import SystemClock
from seatrial.cli import main
from seatrial.records import Records

ROOT = "arn:aws:sagemaker:us-east-1:123456789012"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def registered(project: Path) -> Path:
    container = {"Image": "i", "ModelDataUrl": "s3://b/model.tar.gz"}
    with Records(project / ".seatrial" / "state.db", SystemClock()) as records:
        for group in ("churn", "churn", "price"):
            records.model_registry.create_package(
                {"ModelPackageGroupName": group, "InferenceSpecification": {"Containers": [container]}},
                arn_root=ROOT,
            )
        records.model_registry.create_model({"ModelName": "m"}, arn=f"{ROOT}:model/m")
    return project


def seatrial(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_versions_are_listed_with_their_approval(registered: Path) -> None:
    lines = seatrial("models").stdout.splitlines()
    assert [line.split()[:2] for line in lines[1:]] == [
        ["churn/1", "PendingManualApproval"],
        ["churn/2", "PendingManualApproval"],
        ["price/1", "PendingManualApproval"],
    ]
    assert len(seatrial("models", "--group", "price").stdout.splitlines()) == 2


def test_programs_get_the_service_s_own_shapes(registered: Path) -> None:
    said = json.loads(seatrial("models", "--json").stdout)
    assert [package["ModelPackageArn"] for package in said["packages"]] == [
        f"{ROOT}:model-package/churn/1",
        f"{ROOT}:model-package/churn/2",
        f"{ROOT}:model-package/price/1",
    ]
    assert [model["ModelName"] for model in said["models"]] == ["m"]
    assert json.loads(seatrial("models", "show", "churn/2").stdout) == said["packages"][1]
    assert json.loads(seatrial("models", "show", "churn/2", "--json").stdout) == said["packages"][1]


def test_a_version_is_approved_and_rejected_by_name_or_arn(registered: Path) -> None:
    assert seatrial("models", "approve", "churn/2", "--because", "better").stdout == (
        f"{ROOT}:model-package/churn/2: Approved\n"
    )
    rejected = json.loads(seatrial("models", "reject", f"{ROOT}:model-package/churn/1", "--json").stdout)
    assert rejected["package"]["ModelApprovalStatus"] == "Rejected"
    shown = json.loads(seatrial("models", "show", "churn/2").stdout)
    assert (shown["ModelApprovalStatus"], shown["ApprovalDescription"]) == ("Approved", "better")


def test_a_version_that_is_not_there_is_refused_with_those_that_are(registered: Path) -> None:
    refused = seatrial("models", "approve", "churn/3")
    assert refused.exit_code == 2
    assert "there is no model package 'churn/3'" in refused.stderr
    assert "churn/2" in refused.stderr


def test_a_project_without_executions_has_none_and_gets_no_state(project: Path) -> None:
    assert "no model version has been registered" in seatrial("models").stderr
    assert json.loads(seatrial("models", "--json").stdout) == {"packages": [], "models": []}
    assert list(project.iterdir()) == []
    for word in ("show", "approve"):
        assert "there is: none yet" in seatrial("models", word, "churn/1").stderr
    assert list(project.iterdir()) == []
