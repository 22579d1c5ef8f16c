"""The judge of the data flow: declared against observed; must not know how a container runs."""

from __future__ import annotations

from seatrial.dataflow.checks import CHECKS, Check
from seatrial.dataflow.codes import KINDS
from seatrial.dataflow.external_inputs import ExternalInput, external_inputs
from seatrial.dataflow.flow import Flow, Plan, Printed, plan_of
from seatrial.dataflow.judge import JUDGED, judge, judge_definition
from seatrial.dataflow.lineage import Lineage, LineageEntry, lineage_of
from seatrial.dataflow.settings_without_effect import settings_without_effect

__all__ = [
    "CHECKS",
    "JUDGED",
    "KINDS",
    "Check",
    "ExternalInput",
    "Flow",
    "Lineage",
    "LineageEntry",
    "Plan",
    "Printed",
    "external_inputs",
    "judge",
    "judge_definition",
    "lineage_of",
    "plan_of",
    "settings_without_effect",
]
