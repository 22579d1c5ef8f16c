"""JUnit: what CI systems list of an execution; green only for what ran and is well."""

from __future__ import annotations

from dataclasses import replace
from xml.etree import ElementTree

from seatrial.dataflow import KINDS, Flow, judge
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.junit import junit_xml, suite_of
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import START, Doing, simulate

FLOW_CODES = [code for code in KINDS if code.startswith("ST1")]


def a_run(doing: dict[str, Doing] | None = None) -> Flow:
    definition = pipeline(
        processing("Prep", outputs={"train": join(PREFIX, "prep", "train")}),
        training("Train", {"train": output_of("Prep", "train")}),
    )
    flow = simulate(definition, doing)
    return replace(flow, record=replace(flow.record, findings=tuple(judge(flow))))


def read(flow: Flow, record: ExecutionRecord | None = None, fail_on: str = "error") -> ElementTree.Element:
    record = record or flow.record
    known = {step.name for step in record.steps}
    missing = [step.name for step in flow.definition.all_steps() if step.name not in known]
    suite = suite_of(record, flow.definition, missing, fail_on=fail_on, now=START)
    document = ElementTree.fromstring(junit_xml(suite))  # noqa: S314  # what we have just written
    found = document.find("testsuite")
    assert found is not None
    return found


def outcomes(suite: ElementTree.Element) -> dict[str, str]:
    """Name to `passed`, `failure`, `error` or `skipped`."""
    found = {}
    for case in suite.findall("testcase"):
        said = [child.tag for child in case if child.tag != "system-out"]
        found[str(case.get("name"))] = said[0] if said else "passed"
    return found


def test_a_substituted_step_is_a_property_of_the_suite() -> None:
    flow = a_run()
    first = replace(flow.record.steps[0], substitute="local data for train")
    suite = read(flow, replace(flow.record, steps=(first, *flow.record.steps[1:])))
    found = {item.get("name"): item.get("value") for item in suite.iter("property")}
    assert found["substituted Prep"] == "local data for train"


def test_a_good_run_passes_each_step_and_each_code_of_the_data_flow() -> None:
    suite = read(a_run())
    found = outcomes(suite)
    assert set(found.values()) == {"passed"}
    assert list(found)[:2] == ["Prep", "Train"]
    assert [name.split()[0] for name in list(found)[2:]] == FLOW_CODES
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == (
        "cancer",
        str(2 + len(FLOW_CODES)),
        "0",
    )
    assert suite.get("timestamp") == "2026-03-01T12:00:00"


def test_a_failed_step_has_its_reason_and_log_and_what_never_started_is_skipped() -> None:
    suite = read(a_run({"Prep": Doing(fails="ClientError: exit code: 1")}))
    found = outcomes(suite)
    assert (found["Prep"], found["Train"]) == ("failure", "skipped")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "ClientError: exit code: 1"
    assert "KeyError: 'x'" in (failure.text or "")
    assert "passed" not in found.values()


def test_findings_fail_from_the_gravity_that_the_user_chose() -> None:
    flow = a_run({"Prep": Doing(lost=("/opt/ml/processing/x.csv",))})
    lost = "ST112 Data lost with its container"
    assert outcomes(read(flow))[lost] == "passed"
    assert outcomes(read(flow, fail_on="warning"))[lost] == "failure"
    assert outcomes(read(flow, fail_on="never"))[lost] == "passed"
    case = next(case for case in read(flow).findall("testcase") if case.get("name") == lost)
    assert "/opt/ml/processing/x.csv" in str(case.findtext("system-out"))


def test_what_the_project_accepts_passes_and_says_why() -> None:
    flow = a_run({"Prep": Doing(lost=("/opt/ml/processing/x.csv",))})
    accepted = tuple(replace(found, suppressed="kept for debugging") for found in flow.record.findings)
    suite = read(flow, replace(flow.record, findings=accepted), fail_on="note")
    lost = next(case for case in suite.findall("testcase") if str(case.get("name")).startswith("ST112"))
    assert lost.find("failure") is None
    assert "suppressed because kept for debugging" in str(lost.findtext("system-out"))


def test_an_execution_that_did_not_succeed_is_never_green() -> None:
    flow = a_run()
    stopped = replace(flow.record, status=ExecutionStatus.STOPPED, steps=(), failure_reason="stopped by hand")
    suite = read(flow, stopped)
    assert outcomes(suite)["the execution"] == "error"
    assert suite.get("errors") == "1"
    step = replace(flow.record.steps[0], status=StepStatus.STOPPED)
    assert outcomes(read(flow, replace(stopped, steps=(step,))))["Prep"] == "error"


def test_characters_that_xml_cannot_hold_are_spelt_out() -> None:
    flow = a_run({"Prep": Doing(fails="bad \x00\x1b[31m\udcff\ufffe ]]> <b>")})
    finding = Finding("ST104", Severity.ERROR, "\x01", where="\ud800")
    suite = read(flow, replace(flow.record, pipeline_name="p\x02", findings=(finding,)))
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert failure.get("message") == "bad \\x00\\xff\\ufffe ]]> <b>"
    assert suite.get("name") == "p\\x02"
