"""What each kind of event means for the derived tables; a new kind is one entry in `PROJECTIONS`."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from seatrial.ports.executions import Event, EventKind
from seatrial.records.database import Database
from seatrial.records.values import to_json, to_text

_JSON_COLUMNS = frozenset(
    {"parameters", "findings", "metadata", "properties", "engines", "earlier", "selection", "reuse"}
    | {"cache", "experiment", "substitutes"}
)
_EXECUTION_COLUMNS = frozenset(
    {"arn", "pipeline_name", "pipeline_arn", "status", "definition", "parameters"}
    | {"prefix", "started_at", "ended_at", "failure_reason", "findings", "engines"}
    | {"max_parallel_steps", "selection", "experiment", "substitutes"}
)
_STEP_COLUMNS = frozenset(
    {"type", "status", "attempts", "started_at", "ended_at", "failure_reason"}
    | {"exit_message", "job_name", "progress", "metadata", "properties"}
    | {"fault", "retry_at", "earlier", "reuse", "cache", "substitute"}
)


def _execution_created(database: Database, event: Event) -> None:
    _insert(
        database, "executions", {"execution_id": event.execution_id, **_columns(event, _EXECUTION_COLUMNS)}
    )


def _execution_changed(database: Database, event: Event) -> None:
    _update(database, "executions", {"execution_id": event.execution_id}, _columns(event, _EXECUTION_COLUMNS))


def _step_changed(database: Database, event: Event) -> None:
    key = {"execution_id": event.execution_id, "name": event.step}
    columns = _columns(event, _STEP_COLUMNS)
    if database.row("SELECT 1 FROM steps WHERE execution_id = ? AND name = ?", tuple(key.values())) is None:
        _insert(database, "steps", {**key, **columns})
    elif columns:
        _update(database, "steps", key, columns)
    if event.detail.get("job"):
        _insert(database, "jobs", _job_columns(event.detail["job"]))
    if event.detail.get("result"):
        _keep_result(database, event)


def _keep_result(database: Database, event: Event) -> None:
    # A result belongs to the job, so an older attempt's stays where it was.
    database.execute(
        "UPDATE jobs SET result = ? WHERE name = "
        "(SELECT job_name FROM steps WHERE execution_id = ? AND name = ?)",
        (to_json(event.detail["result"]), event.execution_id, event.step),
    )


def _findings_added(database: Database, event: Event) -> None:
    row = database.row("SELECT findings FROM executions WHERE execution_id = ?", (event.execution_id,))
    known = json.loads(row["findings"]) if row else []
    new = [finding for finding in event.detail["findings"] if finding not in known]
    _update(database, "executions", {"execution_id": event.execution_id}, {"findings": to_json(known + new)})


def _findings_judged(database: Database, event: Event) -> None:
    """The newest judgement counts: what an earlier one found under the same codes is no longer so."""
    row = database.row("SELECT findings FROM executions WHERE execution_id = ?", (event.execution_id,))
    judged = frozenset(event.detail["codes"])
    kept = (
        [finding for finding in json.loads(row["findings"]) if finding["code"] not in judged] if row else []
    )
    new = [finding for finding in event.detail["findings"] if finding not in kept]
    _update(database, "executions", {"execution_id": event.execution_id}, {"findings": to_json(kept + new)})


def _model_created(database: Database, event: Event) -> None:
    described = event.detail["described"]
    values = {"name": described["ModelName"], "arn": described["ModelArn"], "described": to_json(described)}
    _insert(database, "models", values)


def _model_package_created(database: Database, event: Event) -> None:
    described = event.detail["described"]
    values = {
        "group_name": described["ModelPackageGroupName"],
        "version": described["ModelPackageVersion"],
        "arn": described["ModelPackageArn"],
        "execution_id": event.execution_id or None,
        "step_name": event.step,
        "described": to_json(described),
    }
    _insert(database, "model_packages", values)


def _model_package_changed(database: Database, event: Event) -> None:
    described = event.detail["described"]
    key = {"arn": described["ModelPackageArn"]}
    _update(database, "model_packages", key, {"described": to_json(described)})


def _endpoint_config_created(database: Database, event: Event) -> None:
    """The newest of a name counts: a pipeline that runs again makes the same one again."""
    described = event.detail["described"]
    database.execute(
        "INSERT OR REPLACE INTO endpoint_configs (name, arn, described) VALUES (?, ?, ?)",
        (described["EndpointConfigName"], described["EndpointConfigArn"], to_json(described)),
    )


def _callback_sent(database: Database, event: Event) -> None:
    detail = event.detail
    values = {
        "token": detail["token"],
        "execution_id": event.execution_id,
        "step_name": event.step,
        "queue_url": detail["queue_url"],
        "arguments": to_json(detail["arguments"]),
        "declared": to_json(detail["declared"]),
        "sent_at": detail["sent_at"],
    }
    _insert(database, "callbacks", values)


def _callback_answered(database: Database, event: Event) -> None:
    _update(
        database, "callbacks", {"token": event.detail["token"]}, {"answer": to_json(event.detail["answer"])}
    )


PROJECTIONS: dict[str, Callable[[Database, Event], None]] = {
    EventKind.EXECUTION_CREATED.value: _execution_created,
    EventKind.EXECUTION_CHANGED.value: _execution_changed,
    EventKind.STEP_CHANGED.value: _step_changed,
    EventKind.STEP_PROGRESSED.value: _step_changed,
    EventKind.FINDINGS_ADDED.value: _findings_added,
    EventKind.FINDINGS_JUDGED.value: _findings_judged,
    EventKind.CALLBACK_SENT.value: _callback_sent,
    EventKind.CALLBACK_ANSWERED.value: _callback_answered,
    EventKind.MODEL_CREATED.value: _model_created,
    EventKind.MODEL_PACKAGE_CREATED.value: _model_package_created,
    EventKind.MODEL_PACKAGE_CHANGED.value: _model_package_changed,
    EventKind.ENDPOINT_CONFIG_CREATED.value: _endpoint_config_created,
}


def _columns(event: Event, known: frozenset[str]) -> dict[str, Any]:
    return {
        name: to_json(value) if name in _JSON_COLUMNS else to_text(value)
        for name, value in event.detail.items()
        if name in known
    }


def _job_columns(job: Mapping[str, Any]) -> dict[str, Any]:
    return {**job, "parameters": to_json(job["parameters"])}


def _insert(database: Database, table: str, values: Mapping[str, Any]) -> None:
    marks = ", ".join("?" * len(values))
    names = ", ".join(values)
    database.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", tuple(values.values()))  # noqa: S608  # names are this module's own


def _update(database: Database, table: str, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    settings = ", ".join(f"{name} = ?" for name in values)
    where = " AND ".join(f"{name} = ?" for name in key)
    database.execute(
        f"UPDATE {table} SET {settings} WHERE {where}",  # noqa: S608  # names are this module's own
        (*values.values(), *key.values()),
    )
