"""The table of codes and the checks are held to each other."""

from __future__ import annotations

import re
from pathlib import Path

import seatrial.dataflow
from seatrial.dataflow import KINDS
from seatrial.dataflow.settings_without_effect import SETTINGS

# What a job engine answers about a definition, and what the records do: findings where the parts are chosen.
MADE_ELSEWHERE = {"ST201", "ST202", "ST203", "ST204", "ST205", "ST206"} | {"ST230", "ST231", "ST232", "ST233"}
MADE_ELSEWHERE |= {"ST234", "ST235", "ST240"}
# Two runs that are held against each other: `dataflow/portability`.
MADE_ELSEWHERE |= {"ST140", "ST141", "ST142", "ST143"}
SOURCE = Path(seatrial.dataflow.__file__).parent


def test_every_code_is_made_somewhere_and_nothing_else_is() -> None:
    checks = "".join(path.read_text() for path in (SOURCE / "checks").glob("*.py"))
    made = set(re.findall(r'"(ST\d{3})"', checks)) | {code for code, _ in SETTINGS.values()}
    assert made | MADE_ELSEWHERE == set(KINDS)


def test_every_code_is_produced_by_a_test() -> None:
    tests = "".join(path.read_text() for path in Path(__file__).parent.glob("test_*.py"))
    assert {code for code in KINDS if code not in tests} <= MADE_ELSEWHERE


def test_codes_of_this_room_are_about_data_flow_and_settings() -> None:
    assert all(re.fullmatch(r"ST[12]\d\d", code) for code in KINDS)


def test_every_code_says_what_it_means_and_what_to_do() -> None:
    for kind in KINDS.values():
        assert kind.title
        assert kind.meaning.endswith(".")
        assert kind.remedy.endswith(".")
        assert kind.example
