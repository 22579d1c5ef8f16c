"""Script contracts from the settings: written out, or loaded from the user's own code."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app.contracts import Contracts
from seatrial.errors import RefusedError
from seatrial.settings import load_settings
from tests.adapters.pipelines import condition, pipeline, processing, training

CODE = """
import sys
from enum import Enum
from dataclasses import dataclass, field

print("loading")

@dataclass
class Contract:
    entry_point: str
    expected_input_paths: dict = field(default_factory=dict)
    required_env_vars: list = field(default_factory=list)

PREPROCESS = Contract("preprocess.py", {"raw": "/opt/ml/processing/input/raw"}, ["LABEL"])
AS_DICT = {"entry_point": "score.py", "expected_arguments": ["job_type"], "owner": "me"}
WRONG = {"expected_input_paths": "all"}
NUMBER = 7

def get_contract():
    return PREPROCESS

class Holder:
    CONTRACT = PREPROCESS

class Name(str, Enum):
    RAW = "raw"
    PATH = "/opt/ml/processing/input/raw"

class Variable(Enum):
    LABEL = "LABEL"

OF_ENUMS = {"expected_input_paths": {Name.RAW: Name.PATH}, "required_env_vars": [Variable.LABEL]}
EMPTY = {"input_paths": {"raw": "/opt/ml/processing/input/raw"}}
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with contracts in it."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "contracts.py").write_text(CODE)
    return tmp_path


def contracts(**named: object) -> Contracts:
    return Contracts(load_settings(contracts=named).contracts)


@pytest.mark.parametrize("name", ["PREPROCESS", "get_contract", "Holder.CONTRACT"])
@pytest.mark.parametrize("place", ["contracts.py", "contracts"])
def test_any_object_with_a_contracts_members_is_one(place: str, name: str) -> None:
    found = contracts(Prep=f"{place}:{name}")("Prep")
    assert found is not None
    assert found.entry_point == "preprocess.py"
    assert found.expected_input_paths == {"raw": "/opt/ml/processing/input/raw"}
    assert found.required_env_vars == ("LABEL",)


def test_so_is_a_dictionary_and_what_else_it_holds_is_its_own() -> None:
    found = contracts(Score="contracts.py:AS_DICT")("Score")
    assert found is not None
    assert found.expected_arguments == {"job_type": ""}


def test_of_an_enumerations_member_its_value_counts() -> None:
    found = contracts(Prep="contracts.py:OF_ENUMS")("Prep")
    assert found is not None
    assert found.expected_input_paths == {"raw": "/opt/ml/processing/input/raw"}
    assert found.required_env_vars == ("LABEL",)


def test_one_may_be_written_out_in_the_settings() -> None:
    found = contracts(Prep={"required_env_vars": ["LABEL"]})("Prep")
    assert found is not None
    assert found.required_env_vars == ("LABEL",)


def test_a_member_that_a_contract_has_not_is_refused_there() -> None:
    with pytest.raises(RefusedError, match=r"contracts\.Prep\.table\.required_env_var'") as refused:
        contracts(Prep={"required_env_var": ["LABEL"]})
    assert "required_env_vars" in str(refused.value.hint)


def test_the_steps_own_name_wins_over_patterns_and_the_first_pattern_over_the_next() -> None:
    found = contracts(
        **{"P*": {"description": "any"}, "*": {"description": "rest"}, "Prep": {"description": "own"}}
    )
    told = [contract.description for step in ("Prep", "Post", "Score") if (contract := found(step))]
    assert told == ["own", "any", "rest"]
    assert contracts(Prep={})("Score") is None


@pytest.mark.parametrize(
    ("named", "message", "hint"),
    [
        ("contracts.py", "names no contract", "contracts.py:NAME"),
        ("nowhere.py:X", "there is no nowhere.py", "current folder"),
        ("contracts.py:MISSING", "has no attribute 'MISSING'", "contracts.py"),
        ("no.such.module:X", "No module named 'no'", "module"),
        ("contracts.py:NUMBER", "a int has none of entry_point", "contracts.py"),
        ("contracts.py:EMPTY", "a dict has none of entry_point", "contracts.py"),
        ("contracts.py:WRONG", "is no script contract: expected_input_paths", "docs/contracts.md"),
    ],
)
def test_what_is_none_is_refused_with_what_to_do(named: str, message: str, hint: str) -> None:
    with pytest.raises(RefusedError) as refused:
        contracts(Prep=named)("Prep")
    assert message in refused.value.message
    assert hint in str(refused.value.hint)
    assert refused.value.where == 'settings: contracts."Prep"'


@pytest.mark.parametrize("code", ["raise ValueError('no')", "import sys; sys.exit(3)", "x = = 1"])
def test_code_that_cannot_be_loaded_is_refused_with_its_line(project: Path, code: str) -> None:
    (project / "broken.py").write_text(f"\n{code}\n")
    with pytest.raises(RefusedError) as refused:
        contracts(Prep="broken.py:X")("Prep")
    assert "broken.py:2" in str(refused.value.hint)


def test_code_that_ends_its_process_is_refused(project: Path) -> None:
    (project / "broken.py").write_text("import os; os._exit(4)")
    with pytest.raises(RefusedError, match="ended with code 4"):
        contracts(Prep="broken.py:X")("Prep")


def test_code_that_does_not_come_to_an_end_is_refused(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seatrial.app.contracts.LONGEST", 0.2)
    (project / "endless.py").write_text("import time\nwhile True: time.sleep(1)\n")
    with pytest.raises(RefusedError, match="did not end within") as refused:
        contracts(Prep="endless.py:X")("Prep")
    assert "endless.py" in refused.value.message


def test_code_sees_nothing_of_the_users_aws_account(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "real")
    monkeypatch.setenv("TEAM", "ours")
    (project / "looks.py").write_text(
        "import os\nX = {'description': str(os.environ.get('AWS_SECRET_ACCESS_KEY')) + os.environ['TEAM']}\n"
    )
    found = contracts(Prep="looks.py:X")("Prep")
    assert found is not None
    assert found.description == "Noneours"


def test_it_is_loaded_once(project: Path) -> None:
    found = contracts(Prep="contracts.py:PREPROCESS")
    first = found("Prep")
    (project / "contracts.py").unlink()
    assert found("Prep") is first


def test_a_contract_for_no_step_is_a_note_that_names_the_nearest() -> None:
    definition = pipeline(
        processing("Preprocess"), training("Train"), condition("Check", 1, [processing("Inner")])
    )
    named = {"Preproces": {}, "Check": {}, "Inner": {}, "T*": {}}
    found = list(contracts(**named).unused(definition))
    assert [(each.code, each.where) for each in found] == [
        ("ST235", 'contracts."Preproces"'),
        ("ST235", 'contracts."Check"'),
    ]
    assert "'Preprocess'" in found[0].hint
