"""One message: sent to whoever answers it, and waited for until somebody has."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Mapping
from typing import Any

from seatrial.definition.output_values import OutputError, read_outputs
from seatrial.engines import logs
from seatrial.engines.callbacks.parts import Parts, rule_for
from seatrial.engines.callbacks.program import LONGEST_ANSWER, PATIENCE_SECONDS, Program
from seatrial.engines.diary import Diary
from seatrial.errors import RecordError
from seatrial.ports.callbacks import LONGEST_REASON, Answer, Callback
from seatrial.ports.jobs import JobRequest, JobResult

# The records tell nobody of news: one look costs some tens of microseconds.
_LOOK_SECONDS = 0.25


class Wait:
    """From the message to the job's result; what is answered is in the records before anybody hears of it."""

    def __init__(self, parts: Parts, request: JobRequest, diary: Diary, stop: threading.Event) -> None:
        self._parts = parts
        self._request = request
        self._diary = diary
        self._stop = stop
        self._log = request.folder / "log.txt"
        self._released = threading.Event()
        self._rule = rule_for(parts.rules, request.step_name, request.parameters["SqsQueueUrl"])
        self._started: list[Program] = []
        self._unheard: list[Program] = []
        self._noted: set[str] = set()
        self._told_of_stop = False
        self._over = threading.Event()

    def release(self) -> None:
        """Wait no longer."""
        self._released.set()

    def see_out(self) -> None:
        """Until no program of it runs any more: this process may be about to end."""
        self._over.wait(2 * PATIENCE_SECONDS)

    def perform(self) -> JobResult:
        """Send the message, unless it has been answered while nobody waited; then wait."""
        self._log.touch()
        try:
            callback = self._look()
            if callback.answer is None:
                self._send(callback)
                callback = self._wait()
        finally:
            for program in self._started:
                program.end()
            self._over.set()
        return self._result(callback)

    def _look(self) -> Callback:
        return self._parts.callbacks().find(self._request.parameters["CallbackToken"])

    def _send(self, callback: Callback, status: str = "Executing") -> None:
        message = callback.message(status)
        self._note(f"message: {json.dumps(message, ensure_ascii=False)}")
        if self._rule.command or self._rule.hook:
            program = Program(self._rule, message, self._log)
            self._started.append(program)
            self._unheard.append(program)
        said = self._said(callback)
        self._diary.enter(said)
        if self._rule.by_hand:
            self._parts.say(f"{self._request.step_name} {said}")

    def _said(self, callback: Callback) -> str:
        if not self._rule.by_hand:
            return "waits for the answer of its command or hook"
        names = "".join(f" {item['OutputName']}=…" for item in callback.declared)
        return f"waits for an answer: seatrial callback success {callback.token}{names}"

    def _wait(self) -> Callback:
        """The message as it is when it has been answered, or when nobody waits for that any more."""
        seconds = self._rule.timeout_seconds
        until = None if seconds is None else time.monotonic() + seconds
        while (callback := self._look()).answer is None and not self._released.is_set():
            if self._stop.is_set() and not self._told_of_stop:
                self._tell_of_stop(callback)
            self._hear_programs(callback)
            if until is not None and time.monotonic() >= until:
                self._answer(callback, Answer(failure_reason=f"no answer within {seconds:g} seconds"))
            else:
                self._released.wait(_LOOK_SECONDS)
        return callback

    def _tell_of_stop(self, callback: Callback) -> None:
        """The service sends a second message, and goes on waiting."""
        self._told_of_stop = True
        if self._rule.by_hand:
            self._send(callback, "Stopping")
        else:
            self._note("the execution is being stopped, and waits for the answer")
        self._parts.say(
            f"the execution stops when {self._request.step_name} is answered; a second Ctrl-C waits no longer"
        )

    def _hear_programs(self, callback: Callback) -> None:
        """Take what a program answered; one that only passes the message on may still fail."""
        for program in [each for each in self._unheard if each.ended]:
            self._unheard.remove(program)
            failure = program.failure(self._noted)
            if failure is not None:
                self._answer(callback, Answer(failure_reason=failure[:LONGEST_REASON]))
            elif self._rule.answer == "now":
                self._answer(callback, self._answer_of(callback, program.printed))

    def _answer_of(self, callback: Callback, printed: bytes) -> Answer:
        if self._rule.hook and not printed:
            return Answer(failure_reason="the hook ended its process before it answered")
        return _answer_of(callback, printed)

    def _answer(self, callback: Callback, answer: Answer) -> None:
        try:
            self._parts.callbacks().answer(callback.token, answer)
        except RecordError as refusal:
            if refusal.slug != "answered-before":  # somebody else was quicker, and that answer counts
                raise

    def _note(self, line: str) -> None:
        self._noted.add(line)
        with self._log.open("a", encoding="utf-8", errors="backslashreplace") as log:
            log.write(f"{line}\n")

    def _result(self, callback: Callback) -> JobResult:
        status = _status(callback.answer)
        if callback.answer is not None:
            self._note(f"answer: {_in_words(callback.answer)}")
        self._diary.enter(status)
        return JobResult(
            describe=self._describe(callback, status),
            log_tail=logs.tail(self._log),
            seconds=self._diary.seconds,
        )

    def _describe(self, callback: Callback, status: str) -> Mapping[str, Any]:
        """A message that was answered, told as an ended job is."""
        answer = callback.answer or Answer()
        states = self._diary.history.states
        return {
            "CallbackToken": callback.token,
            "SqsQueueUrl": callback.queue_url,
            "CallbackJobStatus": status,
            **({"FailureReason": answer.failure_reason} if answer.failure_reason is not None else {}),
            "OutputParameters": dict(answer.outputs),
            "CreationTime": callback.sent_at.isoformat(),
            "LastModifiedTime": states[-1][1].isoformat(),
        }


def _status(answer: Answer | None) -> str:
    if answer is None:
        return "Stopped"
    return "Completed" if answer.failure_reason is None else "Failed"


def _in_words(answer: Answer) -> str:
    if answer.failure_reason is not None:
        return answer.failure_reason or "failure"
    return json.dumps(dict(answer.outputs), ensure_ascii=False)


def _answer_of(callback: Callback, printed: bytes) -> Answer:
    """What a program printed, as an answer; what cannot be one is a failure that says why."""
    if len(printed) > LONGEST_ANSWER:
        return Answer(failure_reason=f"the command printed more than {LONGEST_ANSWER} bytes")
    try:
        found = json.loads(printed) if printed.strip() else {}
        return Answer(read_outputs(callback.declared, found))
    except (ValueError, RecursionError) as no_json:
        reason = f"what the command printed is not JSON: {no_json}"
    except OutputError as unfit:
        reason = str(unfit)
    return Answer(failure_reason=reason[:LONGEST_REASON])
