"""The messages of Callback steps: who waits, and the answers that people give."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from seatrial.app.parts import Parts
from seatrial.dataflow.codes import finding
from seatrial.definition import Step
from seatrial.definition.output_values import OutputError, is_text, read_outputs
from seatrial.engines.callbacks import rule_for
from seatrial.errors import RecordError, RefusedError
from seatrial.execution.steps.callback import CALLBACK
from seatrial.outputs import Known, text_of
from seatrial.ports.callbacks import LONGEST_REASON, Answer, Callback
from seatrial.ports.findings import Finding
from seatrial.records import Records
from seatrial.settings import CallbackSettings


def waiting(parts: Parts) -> list[Callback]:
    """Messages that wait for an answer, the oldest first."""
    records = parts.existing_records
    return records.callbacks.waiting() if records is not None else []


def succeed(parts: Parts, token: str, given: Mapping[str, str]) -> Callback:
    """SendPipelineExecutionStepSuccess: exactly the outputs that the step declares, each of its type."""
    callbacks = _records(parts).callbacks
    callback = callbacks.find(token)
    declared = [item["OutputName"] for item in callback.declared]
    undeclared = [name for name in given if name not in declared]
    if undeclared:
        raise _refused(
            callback,
            f"step {callback.step_name!r} declares no output {undeclared[0]!r}",
            f"it declares {', '.join(declared) or 'none'}",
        )
    try:
        outputs = read_outputs(callback.declared, given)
    except OutputError as unfit:
        raise _refused(callback, str(unfit), how_to_answer(callback)) from unfit
    return callbacks.answer(token, Answer(outputs))


def fail(parts: Parts, token: str, reason: str) -> Callback:
    """SendPipelineExecutionStepFailure."""
    callbacks = _records(parts).callbacks
    callback = callbacks.find(token)
    if len(reason) > LONGEST_REASON:
        raise _refused(
            callback,
            f"the reason has {len(reason)} characters; the service takes {LONGEST_REASON}",
            "shorten it",
        )
    if not is_text(reason):
        raise _refused(callback, f"the reason has characters that are no text: {reason!a}", "leave them out")
    return callbacks.answer(token, Answer(failure_reason=reason))


def how_to_answer(callback: Callback) -> str:
    """What to type."""
    names = "".join(f" {item['OutputName']}=VALUE" for item in callback.declared)
    return f"seatrial callback success {callback.token}{names}"


def unanswered(
    rules: Mapping[str, CallbackSettings], steps: Iterable[Step], known: Known
) -> Iterator[Finding]:
    """One note for each step that nothing in the settings answers: a run will wait for somebody."""
    for step in steps:
        if step.type != CALLBACK.shape.type:
            continue
        rule = rule_for(rules, step.name, text_of(step.raw.get("SqsQueueUrl", ""), known).text)
        if rule.by_hand:
            yield finding(
                "ST205",
                f"step {step.name!r} will wait until somebody answers: seatrial callback success TOKEN …",
                where=step.pointer,
                hint="to have it answered, write in seatrial.toml (in pyproject.toml the table begins with "
                f'tool.seatrial.callbacks):\n[callbacks."{step.name}"]\n'
                'command = "python answer.py"      # reads the message, prints the outputs: both JSON',
                step=step.name,
            )


def _records(parts: Parts) -> Records:
    records = parts.existing_records
    if records is None:
        raise RecordError(
            "nothing has been run here, so no step waits for an answer",
            slug="unknown-token",
            where=str(parts.settings.state_dir),
            hint="change to the folder in which `seatrial run` was typed",
        )
    return records


def _refused(callback: Callback, message: str, hint: str) -> RefusedError:
    return RefusedError(message, slug="unfit-answer", where=callback.token, hint=hint)
