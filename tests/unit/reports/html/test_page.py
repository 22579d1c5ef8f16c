"""The page of an execution: what it says, and that nothing which containers wrote can steer it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser

import pytest

from seatrial.dataflow import Flow, judge, lineage_of
from seatrial.definition import parse
from seatrial.ports.executions import (
    AttemptRecord,
    CacheLookup,
    ExecutionRecord,
    ExecutionStatus,
    Reuse,
    ReuseKind,
    Selection,
    StepStatus,
)
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.images import LocalImage
from seatrial.ports.jobs import ArchiveMember, LostFile
from seatrial.reports.html import Evidence, Preview, Subject, log_text, page_of, render
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import START, Doing, simulate

HOSTILE = "</pre></script><script>alert(1)</script><img src=x onerror=alert(2)>\x00\x1b[31m\udcff\u202e'\"&"
ALLOWED = {
    "html",
    "head",
    "meta",
    "title",
    "style",
    "body",
    "a",
    "header",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "span",
}
ALLOWED |= {"p", "b", "dl", "div", "dt", "dd", "nav", "main", "section", "footer", "details", "summary", "ul"}
ALLOWED |= {"li", "pre", "table", "thead", "tbody", "tr", "th", "td", "br"}
ALLOWED |= {"svg", "defs", "marker", "path", "rect", "text"}


class Reader(HTMLParser):
    """What a browser would see: elements with attributes, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", " ".join(self.words))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.elements if name == tag]


def a_run(doing: Mapping[str, Doing] | None = None) -> Flow:
    definition = pipeline(
        processing("Prep", outputs={"train": join(PREFIX, "prep", "train")}),
        training("Train", {"train": output_of("Prep", "train")}),
    )
    return simulate(definition, doing)


def shown(flow: Flow, evidence: Evidence | None = None, record: ExecutionRecord | None = None) -> str:
    record = record or flow.record
    known = {step.name for step in record.steps}
    missing = [step.name for step in flow.definition.all_steps() if step.name not in known]
    now = START + timedelta(minutes=9)
    subject = Subject(
        record, flow.definition, flow.graph, lineage_of(flow), evidence or Evidence(), missing, now
    )
    return render(page_of(subject))


def poisoned(flow: Flow) -> ExecutionRecord:
    """The record with everything that a container or a user may choose set to the worst."""
    steps = []
    for step in flow.record.steps:
        assert step.result is not None
        outputs = tuple(
            replace(
                receipt,
                s3_uri=f"s3://b/{HOSTILE}",
                objects=tuple(replace(stored, key=HOSTILE) for stored in receipt.objects),
                members=(ArchiveMember(HOSTILE, 1, "0"),),
                existing=tuple(replace(stored, key=HOSTILE) for stored in receipt.objects),
            )
            for receipt in step.result.outputs
        )
        result = replace(
            step.result,
            outputs=outputs,
            lost_files=(LostFile(HOSTILE, -1),),
            image=LocalImage(HOSTILE, HOSTILE, "sha256:0", HOSTILE),
            log_tail=(HOSTILE,),
            refusal=HOSTILE,
        )
        metadata = {HOSTILE: {HOSTILE: HOSTILE}}
        steps.append(
            replace(
                step,
                status=StepStatus.FAILED,
                failure_reason=HOSTILE,
                exit_message=HOSTILE,
                job_name=HOSTILE,
                result=result,
                metadata=metadata,
                earlier=(AttemptRecord(1, HOSTILE, failure_reason=HOSTILE, fault=HOSTILE),),
            )
        )
    finding = Finding("ST101", Severity.ERROR, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
    return replace(
        flow.record,
        status=ExecutionStatus.FAILED,
        pipeline_name=HOSTILE,
        failure_reason=HOSTILE,
        prefix=HOSTILE,
        parameters={HOSTILE: HOSTILE},
        steps=tuple(steps),
        findings=(finding, replace(finding, code=HOSTILE)),
    )


def everything_hostile() -> str:
    flow = a_run()
    log = log_text(HOSTILE.encode("utf-8", "surrogateescape"), 10**6, HOSTILE)
    previews = {
        f"s3://seatrial/{HOSTILE}": Preview(HOSTILE, (), HOSTILE),
        f"s3://b/{HOSTILE}": Preview(rows=((HOSTILE,),), note=HOSTILE),
    }
    record = poisoned(flow)
    return shown(flow, Evidence({"Prep": log, "Train": log}, previews, HOSTILE), record)


def test_nothing_that_a_container_wrote_becomes_an_element_or_an_attribute() -> None:
    page = Reader(everything_hostile())
    assert {tag for tag, _ in page.elements} <= ALLOWED
    names = {name for _, attributes in page.elements for name in attributes}
    assert not {name for name in names if name.startswith("on") or name in ("src", "style", "srcdoc")}
    assert all((link["href"] or "").startswith("#") for link in page.all("a"))
    assert "alert(1)" in page.text


def test_no_control_character_or_stray_byte_is_left() -> None:
    page = everything_hostile()
    assert re.findall("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page) == []
    page.encode("utf-8")


def test_the_policy_lets_in_the_one_style_sheet_and_nothing_else() -> None:
    page = shown(a_run())
    style = page.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(meta["content"] for meta in Reader(page).all("meta") if "http-equiv" in meta)
    assert policy == (f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'")
    assert "url(" not in style.replace("url(#", "")
    assert "@import" not in style


def test_every_link_leads_to_a_place_on_the_page_and_every_place_is_one() -> None:
    page = Reader(shown(a_run()))
    places = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(places) == len(set(places))
    assert {(link["href"] or "")[1:] for link in page.all("a")} <= set(places)


def test_a_success_says_so_and_shows_data_and_lineage() -> None:
    flow = a_run()
    uri = "s3://seatrial/cancer/abc123def456/prep/train/part-0.csv"
    page = Reader(
        shown(flow, Evidence({"Prep": log_text(b"ahoy", 4, "/l")}, {uri: Preview(rows=(("1", "2"),))}))
    )
    assert "cancer ✓ Succeeded" in page.text
    assert "The data flow is as declared." in page.text
    assert "Prep.train Train.train 1 4 B s3://seatrial/cancer/abc123def456/prep/train" in page.text
    assert "written by Prep.train" in page.text
    assert "model.bin" in page.text
    assert "ahoy" in page.text
    assert {"class": "scroll", "tabindex": "0", "role": "group", "aria-label": "Preview"} in page.all("div")
    assert "What failed first" not in str(page.elements)


def test_a_failure_stands_first_with_its_last_words_and_opens_its_step() -> None:
    flow = a_run({"Prep": Doing(fails="ClientError: no column 'label'")})
    page = Reader(shown(flow))
    assert page.text.index("Prep failed ClientError: no column") < page.text.index("Graph Findings") + 200
    assert "KeyError: 'x'" in page.text
    assert "Not started" in page.text
    steps = [details for details in page.all("details") if (details["class"] or "").startswith("step")]
    assert [("open" in details) for details in steps] == [True, False]
    assert "None as far as it ran" in page.text


def test_findings_are_told_with_both_ends_and_the_remedy_and_lead_to_their_step() -> None:
    flow = a_run({"Prep": Doing(writes={"train": {}}, lost=("/opt/ml/processing/x.csv",))})
    page = Reader(shown(flow, record=replace(flow.record, findings=tuple(judge(flow)))))
    assert "ST101 Output empty" in page.text
    assert "ST112 Data lost with its container" in page.text
    assert "/opt/ml/processing/x.csv 7 B" in page.text
    assert "→" in page.text


def test_what_the_project_accepts_comes_last_folded_and_with_its_reason() -> None:
    flow = a_run({"Prep": Doing(lost=("/opt/ml/processing/x.csv",))})
    accepted = tuple(replace(found, suppressed="kept <here>") for found in judge(flow))
    html = shown(flow, record=replace(flow.record, findings=accepted))
    page = Reader(html)
    assert "suppressed warning ST112 Data lost with its container" in page.text
    assert "suppressed because kept <here>" in page.text
    assert f"Findings {len(accepted)} suppressed" in page.text
    assert '<details class="finding warning"' not in html


@pytest.mark.parametrize("count", [150, 300])
def test_hundreds_of_steps_are_a_page_of_sane_size(count: int) -> None:
    names = [f"Fan{index}" for index in range(count)]
    first = processing("Start", outputs={"data": join(PREFIX, "start")})
    fan = [processing(name, {"x": output_of("Start", "data")}, {"y": join(PREFIX, name)}) for name in names]
    page = shown(simulate(pipeline(first, *fan)))
    assert all(f">{name}</h3>" in page for name in names)
    assert len(page) < 6000 * count


def test_an_execution_that_has_only_begun_has_a_page() -> None:
    flow = a_run()
    record = replace(flow.record, status=ExecutionStatus.EXECUTING, steps=(), ended_at=None)
    empty = simulate(parse(flow.definition.text), {"Prep": Doing(fails="x")})
    page = Reader(shown(replace(empty, record=record), record=record))
    assert "No step has started." in page.text
    assert "Running for 9 min 0 s" in page.text
    assert "No container ran." in page.text


def test_a_running_step_reaches_to_now() -> None:
    flow = a_run()
    running = replace(flow.record.steps[1], status=StepStatus.EXECUTING, ended_at=None, result=None)
    record = replace(
        flow.record,
        status=ExecutionStatus.EXECUTING,
        ended_at=None,
        steps=(flow.record.steps[0], running),
    )
    page = shown(flow, record=record)
    assert "8 min 0 s" in page
    assert "▸" in page


def test_every_attempt_is_told_with_its_reason_and_why_there_was_another() -> None:
    flow = a_run({"Prep": Doing(attempts=3)})
    earlier = (
        AttemptRecord(1, "job-1", START, START, "Docker went away", "Step.SERVICE_FAULT", retried=True),
        AttemptRecord(2, "job-2", START, START, "AlgorithmError: "),
    )
    record = replace(flow.record, steps=(replace(flow.record.steps[0], earlier=earlier),))
    page = Reader(shown(flow, record=record))
    assert (
        "Docker went away; 2026-03-01 12:00:00 UTC; job job-1; retried by policy for Step.SERVICE_FAULT"
        in page.text
    )
    assert "AlgorithmError: ; 2026-03-01 12:00:00 UTC; job job-2; resumed" in page.text


def test_a_step_that_waits_for_its_next_attempt_says_until_when() -> None:
    flow = a_run()
    waiting = replace(
        flow.record.steps[0], status=StepStatus.STARTING, retry_at=START, fault="Step.SERVICE_FAULT"
    )
    page = Reader(shown(flow, record=replace(flow.record, steps=(waiting,))))
    assert "at 2026-03-01 12:00:00 UTC, after Step.SERVICE_FAULT" in page.text


def test_a_step_that_ran_nothing_says_from_where_and_why_and_an_unselected_one_that_it_is_none() -> None:
    flow = a_run()
    source = "arn:aws:sagemaker:us-east-1:123456789012:pipeline/cancer/execution/earlier00001"
    taken = replace(
        flow.record.steps[0],
        reuse=Reuse(ReuseKind.CACHE, source),
        cache=CacheLookup(hit=True, reason="the same an hour ago"),
    )
    record = replace(flow.record, steps=(taken,), selection=Selection(("Prep",), source))
    page = Reader(shown(flow, record=record))
    assert "cached from execution earlier00001; job, image, data are of that execution" in page.text
    assert "hit: the same an hour ago" in page.text
    assert "Processing · reused" in page.text
    assert "Training · left out" in page.text
    assert "Not selected" in page.text
    assert source in page.text
