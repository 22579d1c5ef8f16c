"""The messages of Callback steps and their answers: kept until somebody answers, through any crash."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from seatrial.errors import RecordError
from seatrial.ports.callbacks import Answer, Callback
from seatrial.ports.clock import Clock
from seatrial.ports.executions import EventKind
from seatrial.records import events
from seatrial.records.database import Database, Row

_ALL = (
    "SELECT callbacks.*, executions.arn AS execution_arn FROM callbacks "
    "JOIN executions ON executions.execution_id = callbacks.execution_id "
)


class Callbacks:
    """Every message is sent once, and answered once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def send(
        self,
        execution_id: str,
        step_name: str,
        token: str,
        queue_url: str,
        arguments: Mapping[str, Any],
        declared: Sequence[Mapping[str, str]],
    ) -> Callback:
        """The message of a step that is about to wait.

        A step whose earlier attempt was cut short has the message that it had, whether it has been answered
        since or not.
        """
        with self._database.writing():
            known = self._open(execution_id, step_name)
            if known is not None:
                return known
            now = self._clock.now()
            detail = {
                "token": token,
                "queue_url": queue_url,
                "arguments": arguments,
                "declared": declared,
                "sent_at": now,
            }
            events.append(self._database, execution_id, now, EventKind.CALLBACK_SENT, step_name, detail)
        return self.find(token)

    def find(self, token: str) -> Callback:
        """The message of that token; an unknown token is an error that lists those that wait."""
        row = self._database.row(f"{_ALL}WHERE token = ?", (token,))
        if row is None:
            raise self._unknown(token)
        return _read(row)

    def waiting(self) -> list[Callback]:
        """Messages without an answer, of executions that have not ended; the oldest first."""
        rows = self._database.rows(
            f"{_ALL}WHERE answer IS NULL AND executions.ended_at IS NULL ORDER BY sent_at, token"
        )
        return [_read(row) for row in rows]

    def answer(self, token: str, answer: Answer) -> Callback:
        """Keep the answer; a second one, and one for an execution that has ended, is refused."""
        with self._database.writing():
            callback = self.find(token)
            self._refuse(callback)
            now = self._clock.now()
            detail = {"token": token, "answer": asdict(answer)}
            events.append(
                self._database,
                callback.execution_id,
                now,
                EventKind.CALLBACK_ANSWERED,
                callback.step_name,
                detail,
            )
        return self.find(token)

    def _open(self, execution_id: str, step_name: str) -> Callback | None:
        """The step's last message, unless an attempt of the step has already made an end of it."""
        row = self._database.row(
            f"{_ALL}WHERE callbacks.execution_id = ? AND step_name = ? ORDER BY sent_at DESC LIMIT 1",
            (execution_id, step_name),
        )
        if row is None:
            return None
        ended = self._database.rows(
            "SELECT result FROM jobs WHERE execution_id = ? AND step_name = ? AND result IS NOT NULL",
            (execution_id, step_name),
        )
        tokens = (json.loads(job["result"])["describe"].get("CallbackToken") for job in ended)
        return None if row["token"] in tokens else _read(row)

    def _refuse(self, callback: Callback) -> None:
        if callback.answer is not None:
            said = callback.answer.failure_reason
            raise RecordError(
                f"the message {callback.token} of step {callback.step_name!r} has been answered: "
                + ("success" if said is None else ", ".join(filter(None, ("failure", said)))),
                slug="answered-before",
                where=callback.execution_arn,
                hint=f"see what came of it: seatrial status {callback.execution_id}",
            )
        row = self._database.row(
            "SELECT status, ended_at FROM executions WHERE execution_id = ?", (callback.execution_id,)
        )
        if row is not None and row["ended_at"] is not None:
            raise RecordError(
                f"execution {callback.execution_id} is {row['status']}: it waits for no answer",
                slug="has-ended",
                where=callback.execution_arn,
                hint=f"go on with it, then answer: seatrial resume {callback.execution_id}",
            )

    def _unknown(self, token: str) -> RecordError:
        waiting = [f"{each.token} ({each.step_name})" for each in self.waiting()]
        return RecordError(
            f"there is no message with the token {token!r}",
            slug="unknown-token",
            where=str(self._database.path),
            hint=f"there wait: {', '.join(waiting)}" if waiting else "no step waits for an answer",
        )


def _read(row: Row) -> Callback:
    answer = json.loads(row["answer"]) if row["answer"] else None
    return Callback(
        token=row["token"],
        execution_id=row["execution_id"],
        execution_arn=row["execution_arn"],
        step_name=row["step_name"],
        queue_url=row["queue_url"],
        arguments=json.loads(row["arguments"]),
        declared=tuple(json.loads(row["declared"])),
        sent_at=datetime.fromisoformat(row["sent_at"]),
        answer=Answer(**answer) if answer else None,
    )
