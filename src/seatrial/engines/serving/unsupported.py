"""What of a transform this engine cannot do: one table, JSON pointer to reason, asked before the run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches, one_of
from seatrial.engines.serving.associating import AssociationError, format_of
from seatrial.engines.serving.json_path import JsonPathError, parse_json_path
from seatrial.engines.serving.transform import contradictions


def _path(value: object) -> str | None:
    """An expression outside the part of JSONPath that batch transform knows."""
    try:
        parse_json_path(str(value))
    except JsonPathError as unknown:
        return str(unknown)
    return None


UNSUPPORTED: dict[str, Reason] = {
    "/TransformInput/DataSource/S3DataSource/S3DataType": one_of(
        "AugmentedManifestFile",
        "Converse",
        reason="data type {value}; batch transform reads an S3Prefix or a ManifestFile",
    ),
    "/DataCaptureConfig": given("captured inputs and outputs"),
    "/DataProcessing/InputFilter": _path,
    "/DataProcessing/OutputFilter": _path,
}


def list_unsupported(parameters: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for everything that cannot be done, or that the service would refuse."""
    return [*list_matches(UNSUPPORTED, parameters), *contradictions(parameters), *_content_types(parameters)]


def _content_types(parameters: Mapping[str, Any]) -> list[str]:
    """Filters and joins know three kinds of text; without an Accept the container's answer decides."""
    if not parameters.get("DataProcessing"):
        return []
    places = {"/TransformInput": "ContentType", "/TransformOutput": "Accept"}
    found = []
    for place, member in places.items():
        value = (parameters.get(place[1:]) or {}).get(member)
        try:
            if isinstance(value, str):
                format_of(value)
        except AssociationError as unknown:
            found.append(f"{place}/{member}: {unknown}")
    return found
