"""From the settings to the contract of each step's script; user code is loaded in a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from pydantic import ValidationError

from seatrial.dataflow.codes import finding
from seatrial.definition import PipelineDefinition
from seatrial.definition.report import suggestion
from seatrial.errors import RefusedError
from seatrial.ports.contracts import ScriptContract
from seatrial.ports.findings import Finding
from seatrial.settings import ContractSettings

LONGEST = 300.0
"""Seconds that loading a contract may take; heavy libraries take tens of them."""

_STDERR = 2
# Not `-m`: that would put the current folder before our own libraries.
_CHILD = """
import sys
sys.path[:] = filter(None, sys.path)
from seatrial.app.contract_child import main
main(*sys.argv[1:])
"""
_FORMS = "name it as contracts.py:NAME or package.module:NAME, or write it out as a table"
_WITH_SCRIPT = frozenset({"Processing", "Training"})


class Contracts:
    """Finds the contract of a step: by its name, else by the first pattern that fits; each is loaded once."""

    def __init__(self, settings: Mapping[str, str | ContractSettings]) -> None:
        self._settings = settings
        self._loaded: dict[str, ScriptContract] = {}

    def __call__(self, step: str) -> ScriptContract | None:
        """None for a step without a contract; one that cannot be loaded is refused."""
        pattern = self._pattern_for(step)
        if pattern is None:
            return None
        if pattern not in self._loaded:
            named = self._settings[pattern]
            self._loaded[pattern] = _load(pattern, named) if isinstance(named, str) else named
        return self._loaded[pattern]

    def unused(self, definition: PipelineDefinition) -> Iterator[Finding]:
        """A note for each pattern that fits no step that runs a script."""
        steps = [step.name for step in definition.all_steps() if step.type in _WITH_SCRIPT]
        for pattern in self._settings:
            if not any(fnmatchcase(name, pattern) for name in steps):
                yield finding(
                    "ST235",
                    f"the settings have a contract for {pattern!r}, and no step of that name runs a script",
                    where=f'contracts."{pattern}"',
                    hint=suggestion(pattern, steps),
                )

    def _pattern_for(self, step: str) -> str | None:
        if step in self._settings:
            return step
        return next((pattern for pattern in self._settings if fnmatchcase(step, pattern)), None)


def _load(pattern: str, named: str) -> ScriptContract:
    place, separator, attribute = named.rpartition(":")
    if not separator or not place or not attribute:
        raise _refusal(pattern, f"{named!r} names no contract", _FORMS)
    if place.endswith(".py") and not Path(place).is_file():
        raise _refusal(pattern, f"there is no {place}", "it is taken from the current folder")
    answer = _asked_in_a_process(pattern, place, attribute)
    if "error" in answer:
        raise _refusal(pattern, f"{named}: {answer['error']}", str(answer.get("hint") or _FORMS))
    try:
        return ScriptContract.model_validate(answer["contract"])
    except ValidationError as invalid:
        first = invalid.errors()[0]
        member = ".".join(map(str, first["loc"]))
        raise _refusal(
            pattern,
            f"{named} is no script contract: {member}: {first['msg']}",
            "docs/contracts.md has an example",
        ) from invalid


def _asked_in_a_process(pattern: str, place: str, attribute: str) -> dict[str, object]:
    """What the module says; its prints go to standard error."""
    with tempfile.TemporaryDirectory(prefix="seatrial-contract-") as folder:
        result = Path(folder) / "result.json"
        command = [sys.executable, "-c", _CHILD, place, attribute, str(result), *ScriptContract.model_fields]
        try:
            ended = subprocess.run(  # noqa: S603  # our own interpreter, our own code
                command,
                stdin=subprocess.DEVNULL,
                stdout=_STDERR,
                env=_environment(os.environ),
                timeout=LONGEST,
                check=False,
            )
        except subprocess.TimeoutExpired as endless:
            raise _refusal(
                pattern,
                f"the process that loaded {place} did not end within {LONGEST:g} s",
                "keep what takes long or waits out of the module's top level",
            ) from endless
        if not result.is_file():
            raise _refusal(
                pattern,
                f"the process that loaded {place} ended with code {ended.returncode} and without a result",
                "its last words are above",
            )
        answer: dict[str, object] = json.loads(result.read_text(encoding="utf-8"))
        return answer


def _environment(outer: Mapping[str, str]) -> dict[str, str]:
    """The user's own without what leads to an account: nothing that is loaded here is to reach AWS."""
    nowhere = {
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    return {name: value for name, value in outer.items() if not name.startswith("AWS_")} | nowhere


def _refusal(pattern: str, message: str, hint: str) -> RefusedError:
    return RefusedError(message, slug="bad-contract", where=f'settings: contracts."{pattern}"', hint=hint)
