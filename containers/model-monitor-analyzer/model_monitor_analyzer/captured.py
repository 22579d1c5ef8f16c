"""One captured request of an endpoint as a record: what it answered, then what it was asked."""

from __future__ import annotations

import base64
import csv
import io
import json
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from model_monitor_analyzer.faults import JobFaultError

# A captured record has the fields of the answer first, unless the format says END.
_SIDES = ("endpointOutput", "endpointInput")


def captured_fields(record: Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, str | None]:
    """The fields of both sides; CSV has none but positions, so they are counted through."""
    wanted = options.get("captureIndexNames") or _SIDES
    sides = [side for side in _SIDES if side in wanted]
    if str(options.get("output_columns_position", "START")).upper() == "END":
        sides.reverse()
    fields: dict[str, str | None] = {}
    for side in sides:
        data, encoding = side_of(record, side)
        if data == "":
            continue
        if encoding == "JSON":
            fields.update({name: _text(value) for name, value in _object(data).items()})
        else:
            for value in _only_record(data):
                fields[f"_c{len(fields)}"] = value or None
    return fields


def side_of(record: Mapping[str, Any], side: str) -> tuple[str, str]:
    """The text that was sent or answered, and its encoding; Base64 is undone."""
    found = (record.get("captureData") or {}).get(side) or {}
    data, encoding = str(found.get("data") or ""), str(found.get("encoding") or "CSV")
    if encoding == "BASE64":
        data = base64.b64decode(data).decode("utf-8", errors="replace")
        encoding = "JSON" if "json" in str(found.get("observedContentType")) else "CSV"
    return data, encoding


def inference_record(record: Mapping[str, Any]) -> SimpleNamespace:
    """What a record preprocessor's `preprocess_handler` is called with."""
    metadata = record.get("eventMetadata") or {}
    return SimpleNamespace(
        endpoint_input=_side(record, "endpointInput"),
        endpoint_output=_side(record, "endpointOutput"),
        event_metadata=SimpleNamespace(
            event_id=metadata.get("eventId"),
            inference_time=metadata.get("inferenceTime"),
            custom_attributes=metadata.get("customAttributes"),
        ),
    )


def _side(record: Mapping[str, Any], side: str) -> SimpleNamespace:
    data, encoding = side_of(record, side)
    found = (record.get("captureData") or {}).get(side) or {}
    return SimpleNamespace(
        data=data, encoding=encoding, observed_content_type=found.get("observedContentType")
    )


def _only_record(data: str) -> list[str]:
    records = [record for record in csv.reader(io.StringIO(data)) if record]
    if len(records) > 1:
        raise JobFaultError(f"a captured request holds {len(records)} records; one is supported here")
    return records[0] if records else []


def _object(data: str) -> Mapping[str, Any]:
    try:
        found = json.loads(data)
    except ValueError as error:
        raise JobFaultError(f"a captured request cannot be read as JSON: {error}") from None
    return found if isinstance(found, Mapping) else {"_c0": found}


def _text(value: Any) -> str | None:
    if value is None:
        return None
    return value if isinstance(value, str) else json.dumps(value)
