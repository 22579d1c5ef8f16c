"""Answers that people type, and the note about a step that will wait for one."""

from __future__ import annotations

from pathlib import Path

import pytest

from seatrial.app.callbacks import fail, succeed, unanswered, waiting
from seatrial.app.parts import Parts
from seatrial.definition import Step
from seatrial.errors import RecordError, RefusedError
from seatrial.outputs import Known
from seatrial.ports.callbacks import Answer
from seatrial.settings import CallbackSettings, Settings
from tests.unit.records.values import an_execution

TOKEN = "aB3dE5fG7h"
OUTPUTS = [
    {"OutputName": "approved", "OutputType": "Boolean"},
    {"OutputName": "score", "OutputType": "Float"},
]


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    """A project in which one step waits."""
    made = Parts(Settings(state_dir=tmp_path / "state"), lambda _: None)
    made.records.create(an_execution())
    made.records.callbacks.send(an_execution().execution_id, "Ask", TOKEN, "https://queue", {}, OUTPUTS)
    return made


def test_an_answer_is_kept_with_the_types_that_the_step_declares(parts: Parts) -> None:
    assert [each.token for each in waiting(parts)] == [TOKEN]
    callback = succeed(parts, TOKEN, {"approved": "true", "score": "1"})
    assert callback.answer == Answer({"approved": True, "score": 1.0})
    assert waiting(parts) == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"approved": "true", "score": "1", "more": "x"}, "declares no output 'more'"),
        ({"approved": "true"}, "no value for score"),
        ({"approved": "perhaps", "score": "1"}, "output approved is declared Boolean"),
    ],
)
def test_an_answer_that_does_not_fit_is_refused_and_the_step_goes_on_waiting(
    parts: Parts, given: dict[str, str], words: str
) -> None:
    with pytest.raises(RefusedError, match=words):
        succeed(parts, TOKEN, given)
    assert len(waiting(parts)) == 1


def test_a_failure_has_a_reason_within_the_services_limit(parts: Parts) -> None:
    with pytest.raises(RefusedError, match="the service takes 256"):
        fail(parts, TOKEN, "x" * 257)
    with pytest.raises(RefusedError, match="no text"):
        fail(parts, TOKEN, "\udcff")
    assert fail(parts, TOKEN, "too old").answer == Answer(failure_reason="too old")


def test_where_nothing_was_run_nobody_waits_and_no_state_is_made(tmp_path: Path) -> None:
    parts = Parts(Settings(state_dir=tmp_path / "state"), lambda _: None)
    assert waiting(parts) == []
    with pytest.raises(RecordError, match="nothing has been run here"):
        succeed(parts, TOKEN, {})
    assert not (tmp_path / "state").exists()


def test_a_plan_notes_each_step_that_nothing_answers() -> None:
    steps = [
        Step("Ask", "Callback", pointer="/Steps/0", raw={"SqsQueueUrl": "https://queue"}),
        Step("Other", "Callback", pointer="/Steps/1", raw={"SqsQueueUrl": {"Get": "Parameters.Queue"}}),
        Step("Work", "Processing", pointer="/Steps/2"),
    ]
    known = Known({"Queue": "https://other"})

    def noted(**rules: CallbackSettings) -> list[str]:
        return [found.where for found in unanswered(rules, steps, known)]

    assert noted() == ["/Steps/0", "/Steps/1"]
    assert noted(Ask=CallbackSettings(command="true")) == ["/Steps/1"]
    assert noted(Ask=CallbackSettings(command="true", answer="later")) == ["/Steps/0", "/Steps/1"]
    assert noted(**{"*/other": CallbackSettings(hook="a:b")}) == ["/Steps/0"]
    (found, *_) = unanswered({}, steps, known)
    assert (found.code, found.severity.value) == ("ST205", "note")
    assert '[callbacks."Ask"]\ncommand = ' in found.hint
