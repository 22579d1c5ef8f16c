"""The rules and what holds them stay together."""

from __future__ import annotations

from seatrial.settings import FidelitySettings
from tests.conformance.case import CASES
from tests.conformance.rules import RULES
from tests.conformance.write_fidelity import ROOT, TARGET, document

ALL_RULES = [rule for rules in RULES.values() for rule in rules]
HOLDERS = {holder for rule in ALL_RULES for holder in rule.held_by}


def test_the_committed_page_is_what_the_rules_say() -> None:
    assert TARGET.read_text() == document(), "run python -m tests.conformance.write_fidelity"


def test_every_rule_is_held_by_something() -> None:
    assert [rule.text for rule in ALL_RULES if not rule.held_by] == []


def test_every_case_holds_a_rule() -> None:
    assert [case.name for case in CASES if case.name not in HOLDERS] == []


def test_what_holds_a_rule_is_there() -> None:
    cases = {case.name for case in CASES}
    for holder in HOLDERS:
        path, separator, function = holder.partition("::")
        if separator:
            assert f"def {function}(" in (ROOT / path).read_text(), holder
        else:
            assert holder in cases, holder


def test_every_setting_of_the_engine_turns_a_rule() -> None:
    # The scheduler's own setting is held by its room.
    settings = set(FidelitySettings.model_fields) - {"start_independent_steps", "retry_service_faults"}
    assert {rule.setting for rule in ALL_RULES if rule.setting} == settings
