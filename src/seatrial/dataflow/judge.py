"""Asks every check and puts the answers in order; knows no single check."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from seatrial.dataflow.checks import CHECKS, Check
from seatrial.dataflow.codes import KINDS
from seatrial.dataflow.flow import ContractOf, Flow, Plan, plan_of
from seatrial.dataflow.kinds.portability import PORTABILITY_KINDS
from seatrial.dataflow.permissions import Role
from seatrial.definition import ParameterValue, PipelineDefinition
from seatrial.ports.findings import Finding, Severity

JUDGED = frozenset(code for code in KINDS if code.startswith("ST1")) - {
    kind.code for kind in PORTABILITY_KINDS
}
"""The codes that a judgement of one execution answers for; two of them are compared elsewhere."""


def judge_definition(
    definition: PipelineDefinition,
    bound: Mapping[str, ParameterValue] | None = None,
    checks: Mapping[str, Check] = CHECKS,
    *,
    role: Role | None = None,
    scripts: ContractOf | None = None,
) -> list[Finding]:
    """What can be said of the data flow before the run; the gravest first."""
    return _in_order(_planned(replace(plan_of(definition, bound), role=role, scripts=scripts), checks))


def judge(flow: Flow, checks: Mapping[str, Check] = CHECKS) -> list[Finding]:
    """What can be said of the data flow after a run, what the definition alone tells included."""
    observed = [found for check in checks.values() if check.observed for found in check.observed(flow)]
    return _in_order([*_planned(flow.plan, checks), *observed])


def _planned(plan: Plan, checks: Mapping[str, Check]) -> list[Finding]:
    return [found for check in checks.values() if check.planned for found in check.planned(plan)]


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """One finding for each place and code (a planned one before the observed one), the gravest first."""
    first: dict[tuple[str, str, str | None], Finding] = {}
    for found in findings:
        first.setdefault((found.code, found.where, found.also), found)
    gravity = list(Severity)
    return sorted(first.values(), key=lambda found: (gravity.index(found.severity), found.code))
