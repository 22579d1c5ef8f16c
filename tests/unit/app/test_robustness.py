"""Whatever a definition became, `plan` ends in a verdict on it, never in a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from seatrial.app.parts import Parts
from seatrial.app.planning import planned
from seatrial.app.wishes import Wishes
from seatrial.definition import Json
from seatrial.errors import SeatrialError
from seatrial.reports.plan import plan_report
from seatrial.reports.verdict import refusal_report
from tests.adapters.plausible_parts import plausible_parts
from tests.unit.definition.mutations import mutated

SUBSTITUTES = {
    "Train*": {"properties": {"FinalMetricDataList": [{"MetricName": "auc", "Value": 0.9}]}},
    "Search": {"properties": {"BestCandidate": {}}, "objects": {"{EXECUTION_S3_PREFIX}/x": "."}},
    "Pre*": {"inputs": {"raw": ".", "code": "."}},
    "Eval*": {"image": "mine:1"},
}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    return plausible_parts(tmp_path_factory.mktemp("plans"))


@pytest.fixture(scope="module")
def substituting(tmp_path_factory: pytest.TempPathFactory) -> Parts:
    folder: Path = tmp_path_factory.mktemp("plans")
    return plausible_parts(folder, substitutes=SUBSTITUTES)


def verdict_kind(parts: Parts, document: Json) -> str:
    """Both ends of a plan are rendered, as the command does."""
    try:
        view = planned(parts, Wishes("Damaged", json.dumps(document), "p.json"))
    except SeatrialError as refused:
        report = refusal_report(refused)
        report.as_text()
        return report.verdict.kind
    plan = plan_report(view)
    plan.as_text()
    return plan.verdict.kind


@given(mutated())
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_damaged_definition_has_a_verdict(parts: Parts, document: Json) -> None:
    assert verdict_kind(parts, document) in ("runs", "does-not-run")


@given(mutated())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_and_so_it_has_with_substitutes(substituting: Parts, document: Json) -> None:
    assert verdict_kind(substituting, document) in ("runs", "runs-with-substitutes", "does-not-run")


@given(st.binary(max_size=100) | st.text(max_size=100).map(str.encode))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_that_is_no_definition_is_told_not_to_run(parts: Parts, noise: bytes) -> None:
    with pytest.raises(SeatrialError) as refused:
        planned(parts, Wishes("Noise", noise.decode("utf-8", "replace"), "p.json"))
    assert refusal_report(refused.value).verdict.reasons
