"""Two runs under two prefixes, as a person reads them: what weighs, what is accepted, the verdict."""

from __future__ import annotations

from seatrial.ports.findings import Finding, Severity
from seatrial.reports.portability import PortabilityView, RunUnderPrefix, show_portability
from tests.unit.dataflow.portability.runs import held, one_step, runs
from tests.unit.reports.rendering import drawn

STAYS = Finding("ST104", Severity.ERROR, "output 'out' lies outside EXECUTION_S3_PREFIX", "/Steps/0")
ACCEPTED = Finding("ST112", Severity.WARNING, "Write wrote a file nobody keeps", suppressed="on purpose")


def told(*findings: Finding) -> str:
    voyages = runs(one_step())
    both = [RunUnderPrefix(each.flow.record, each.account_id, each.region) for each in voyages]
    view = PortabilityView(both, ("prefix",), held(*voyages), findings)
    return drawn(lambda console: show_portability(console, view))


def test_without_a_finding_nothing_depends_on_the_prefix() -> None:
    assert told().splitlines()[-1] == (
        "portability: nothing depends on the prefix; 1 step and 1 object compared"
    )


def test_what_each_run_alone_shows_is_part_of_the_verdict() -> None:
    text = told(STAYS)
    assert "nothing depends" not in text
    assert "portability: the runs differ in nothing; 1 error in the data flow; 1 step" in text


def test_what_is_accepted_is_a_line_with_its_reason_and_weighs_nothing() -> None:
    text = told(ACCEPTED)
    assert "warning ST112" not in text
    assert "suppressed ST112  Write wrote a file nobody keeps\n  because  on purpose" in text
    assert "portability: nothing depends on the prefix; 1 step" in text
