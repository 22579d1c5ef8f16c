"""ST150 and ST151: what the role's policy does not allow, and what is left out of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from seatrial.dataflow import Flow, judge, judge_definition, settings_without_effect
from seatrial.dataflow.checks.denied_access import observed_denials
from seatrial.dataflow.permissions import Role, read_role
from seatrial.ports.executions import StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import Denial
from seatrial.ports.observation import Observation, S3Call
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from tests.adapters.memory_store import MemoryStore
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing
from tests.adapters.simulated_run import Doing, simulate
from tests.unit.dataflow.permissions.policies import CALLER, allow, deny, policy
from tests.unit.dataflow.reading import codes, only

TWO = pipeline(
    processing("Prep", {"raw": "s3://data/raw/"}, {"out": join(PREFIX, "out")}),
    processing("Fit", {"prepared": output_of("Prep", "out")}, {"model": join(PREFIX, "model")}),
)
LISTS = allow("s3:ListBucket", ["arn:aws:s3:::data", "arn:aws:s3:::seatrial"])
READS = allow("s3:GetObject", ["arn:aws:s3:::data/raw/*", "arn:aws:s3:::seatrial/*"])
WRITES = allow("s3:PutObject", "arn:aws:s3:::seatrial/*")
NOW = datetime(2026, 3, 1, tzinfo=timezone.utc)


def role(*statements: dict[str, Any]) -> Role:
    return read_role((policy(*statements),), CALLER)


def planned(*statements: dict[str, Any]) -> list[Finding]:
    bound = {"EXECUTION_S3_PREFIX": "s3://seatrial/cancer/EXECUTION-ID"}
    return judge_definition(TWO, bound, role=role(*statements))


def ran(*statements: dict[str, Any], denied: tuple[Denial, ...] = (), fails: str | None = None) -> Flow:
    store = MemoryStore()
    store.write(S3Uri("data", "raw/a.csv"), b"1,2")
    flow = simulate(TWO, {"Prep": Doing(fails=fails)}, store=store)
    steps = tuple(
        replace(step, result=replace(step.result, denied=denied))
        if step.name == "Prep" and step.result
        else step
        for step in flow.record.steps
    )
    return replace(flow, record=replace(flow.record, steps=steps), role=role(*statements))


def calling(*calls: S3Call, statements: tuple[dict[str, Any], ...], status: StepStatus) -> Flow:
    flow = ran(*statements)
    first = flow.record.steps[0]
    assert first.result is not None
    seen = replace(first, status=status, result=replace(first.result, observation=Observation(calls=calls)))
    return replace(flow, record=replace(flow.record, steps=(seen, *flow.record.steps[1:])))


def call(operation: str, key: str, status: int = 403) -> S3Call:
    return S3Call(operation, "data", key, status, NOW, NOW)


def test_a_policy_that_allows_all_that_is_needed_is_no_finding() -> None:
    assert planned(LISTS, READS, WRITES) == []
    assert judge(ran(LISTS, READS, WRITES)) == []


def test_without_a_policy_nothing_is_judged() -> None:
    assert judge_definition(TWO) == []


@pytest.mark.parametrize(
    ("missing", "statements"),
    [
        ("s3:ListBucket data", [allow("s3:ListBucket", "arn:aws:s3:::seatrial"), READS, WRITES]),
        ("s3:GetObject data/raw/*", [LISTS, allow("s3:GetObject", "arn:aws:s3:::seatrial/*"), WRITES]),
        (
            "s3:PutObject seatrial/cancer/*/out/*",
            [LISTS, READS, allow("s3:PutObject", "arn:aws:s3:::*/model/*")],
        ),
    ],
)
def test_before_the_run_the_missing_statement_is_said(missing: str, statements: list[dict[str, Any]]) -> None:
    found = only(planned(*statements), "ST150")
    assert (found.severity, found.step) == (Severity.ERROR, "Prep")
    assert found.also == missing
    action, _, resource = missing.partition(" ")
    assert json.loads(found.expected or "") == allow(action, f"arn:aws:s3:::{resource}")
    assert "resume" not in found.hint  # there is nothing yet to go on with


def test_a_deny_is_named_and_no_statement_is_asked_for() -> None:
    no_model = deny("s3:Put*", "arn:aws:s3:::*/model/*", Sid="NoModel")
    found = only(planned(LISTS, READS, WRITES, no_model), "ST150")
    assert "NoModel in role.json denies it" in found.message
    assert found.step == "Fit"
    assert "does not deny" in (found.expected or "")
    assert "outweigh" in found.hint


def test_what_depends_on_a_tag_is_not_said_before_the_run() -> None:
    tagged = allow("s3:GetObject", Condition={"StringEquals": {"s3:ExistingObjectTag/a": "b"}})
    assert planned(LISTS, tagged, WRITES) == []


def test_what_was_refused_is_told_with_the_services_words() -> None:
    reason = "ClientError: Failed to download data. AccessDenied: …"
    flow = ran(LISTS, WRITES, denied=(Denial("s3:GetObject", "s3://data/raw/a.csv"),), fails=reason)
    found = [each for each in judge(flow) if each.step == "Prep" and each.code == "ST150"]
    assert [each.also for each in found] == ["s3:GetObject data/raw/*"]
    assert reason in (found[0].observed or "")
    assert found[0].where == "/Steps/0/Arguments/ProcessingInputs/0/S3Input/S3Uri"


def test_what_a_failed_run_did_not_come_to_is_told_as_planned() -> None:
    denied = (Denial("s3:ListBucket", "s3://data/raw/"),)
    flow = ran(READS, denied=denied, fails="ClientError: …")
    told = {(each.step, each.also) for each in observed_denials(flow)}
    assert told == {
        ("Prep", "s3:ListBucket data"),
        ("Prep", "s3:PutObject seatrial/cancer/*/out/*"),
        ("Fit", "s3:PutObject seatrial/cancer/*/model/*"),
    }


def test_a_run_that_succeeded_shows_by_itself_what_is_allowed() -> None:
    assert judge(ran(LISTS, READS)) == []


def test_a_denial_that_fits_no_declaration_is_told_by_its_object() -> None:
    denied = (Denial("s3:GetObject", "s3://elsewhere/model.tar.gz"),)
    flow = ran(LISTS, READS, WRITES, denied=denied, fails="ClientError: …")
    found = only(judge(flow), "ST150")
    assert found.where == "s3://elsewhere/model.tar.gz"
    assert json.loads(found.expected or "")["Resource"] == "arn:aws:s3:::elsewhere/model.tar.gz"


def test_calls_of_a_steps_own_code_are_one_finding_for_each_action_and_bucket() -> None:
    calls = (
        call("HeadObject", "x"),
        call("GetObject", "y"),
        call("ListObjectsV2", ""),
        call("GetObject", "raw/a", 200),
    )
    flow = calling(*calls, statements=(LISTS, READS, WRITES), status=StepStatus.FAILED)
    found = [each for each in observed_denials(flow) if each.code == "ST150"]
    assert [each.also for each in found] == ["s3:GetObject of Prep", "s3:ListBucket of Prep"]
    assert all(each.severity is Severity.ERROR for each in found)
    assert found[0].observed == "AccessDenied: x, y"
    assert "no job here may do it" in found[1].message


@pytest.mark.parametrize(
    ("calls", "resource"),
    [
        ((call("GetObject", "a/x.csv"), call("GetObject", "a/y.csv")), "arn:aws:s3:::data/a/*"),
        ((call("GetObject", "a/x.csv"), call("GetObject", "b.csv")), "arn:aws:s3:::data/*"),
        ((call("GetBucketLocation", ""),), "arn:aws:s3:::data"),
        ((replace(call("ListBuckets", ""), bucket=""),), "arn:aws:s3:::*"),
    ],
)
def test_the_statement_that_is_missing_covers_all_the_calls(calls: tuple[S3Call, ...], resource: str) -> None:
    flow = calling(*calls, statements=(LISTS, READS, WRITES), status=StepStatus.FAILED)
    found = next(each for each in observed_denials(flow) if "own code" in each.message)
    assert json.loads(found.expected or "")["Resource"] == resource


def test_a_step_whose_outcome_is_given_asks_for_nothing() -> None:
    flow = ran(READS, denied=(Denial("s3:ListBucket", "s3://data/raw/"),), fails="ClientError: …")
    given = {"Fit": Substitute(outputs={"model": "model"})}
    told = observed_denials(replace(flow, record=replace(flow.record, substitutes=given)))
    assert {each.step for each in told} == {"Prep"}


def test_a_refusal_that_the_step_survived_is_a_warning() -> None:
    flow = calling(call("PutObject", "x"), statements=(LISTS, READS, WRITES), status=StepStatus.SUCCEEDED)
    assert only(observed_denials(flow), "ST150").severity is Severity.WARNING


def test_what_is_left_out_and_what_is_not_about_s3_are_listed() -> None:
    more = (allow("s3:GetBucketAcl", Sid="Acl"), allow("sagemaker:*", Sid="Jobs"))
    found = judge(ran(LISTS, READS, WRITES, *more))
    assert codes(found) == ["ST151", "ST151"]
    assert "Acl in role.json: the local store has no s3:GetBucketAcl" in found[0].message
    assert "Jobs in role.json" in found[1].message
    assert all(each.severity is Severity.NOTE for each in found)


def test_the_role_is_told_of_as_held_to_its_policy() -> None:
    (found,) = [each for each in settings_without_effect(TWO, role=role(LISTS)) if each.code == "ST216"]
    assert "held to role.json" in found.message


def test_what_the_store_answers_and_aws_refuses_is_a_warning() -> None:
    """The store lists some buckets to those who may not list all, and tells anybody that a key is absent."""
    calls = (
        replace(call("ListBuckets", "", 200), bucket=""),
        call("HeadObject", "raw/none", 404),
        call("HeadObject", "raw/neither", 404),
    )
    found = list(observed_denials(calling(*calls, statements=(READS, WRITES), status=StepStatus.SUCCEEDED)))
    assert {each.severity for each in found} == {Severity.WARNING}
    assert [json.loads(each.expected or "") for each in found] == [
        allow("s3:ListAllMyBuckets", "arn:aws:s3:::*"),
        allow("s3:ListBucket", "arn:aws:s3:::data"),
    ]
    every = (allow("s3:List*"), READS, WRITES)
    assert not list(observed_denials(calling(*calls, statements=every, status=StepStatus.SUCCEEDED)))
