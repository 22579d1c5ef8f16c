"""What of a request this engine cannot do: one table, JSON pointer to reason, asked before anything runs.

A value that is still an expression is passed over: it is asked again when the job starts.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from seatrial.ports.jobs import JobKind

Reason = Callable[[Any], str | None]


def given(reason: str) -> Reason:
    """Refuse the member wherever it is set to anything."""
    return lambda value: reason if value not in (None, False, [], {}) else None


def one_of(*values: object, reason: str) -> Reason:
    """Refuse some values of the member."""
    return lambda value: reason.format(value=value) if value in values else None


def _several_instances(value: object) -> str | None:
    several = isinstance(value, int) and value > 1
    return f"{value} instances; one instance is run" if several else None


def _regex(value: object) -> str | None:
    try:
        re.compile(str(value))
    except re.error as broken:
        return f"the regular expression cannot be compiled ({broken})"
    return None


_INPUT_MODE = one_of("Pipe", "FastFile", reason="input mode {value}; File is run")
_DATA_TYPE = one_of(
    "ManifestFile", "AugmentedManifestFile", "Converse", reason="data type {value}; S3Prefix is run"
)

UNSUPPORTED: dict[JobKind, dict[str, Reason]] = {
    "Processing": {
        "/ProcessingInputs/*/AppManaged": given("inputs that the application fetches itself"),
        "/ProcessingInputs/*/DatasetDefinition": given("Athena and Redshift inputs"),
        "/ProcessingInputs/*/S3Input/S3DataType": _DATA_TYPE,
        "/ProcessingInputs/*/S3Input/S3InputMode": _INPUT_MODE,
        "/ProcessingInputs/*/S3Input/S3CompressionType": one_of(
            "Gzip", reason="Gzip inputs (Pipe mode only)"
        ),
        "/ProcessingOutputConfig/Outputs/*/AppManaged": given("outputs that the application uploads itself"),
        "/ProcessingOutputConfig/Outputs/*/FeatureStoreOutput": given("outputs into a feature store"),
        "/ProcessingResources/ClusterConfig/InstanceCount": _several_instances,
        "/ProcessingResources/ClusterConfig/InstancePreferences": given("a choice of instance types"),
    },
    "Training": {
        "/AlgorithmSpecification/AlgorithmName": given("algorithms by name; give TrainingImage"),
        "/AlgorithmSpecification/TrainingInputMode": _INPUT_MODE,
        "/AlgorithmSpecification/MetricDefinitions/*/Regex": _regex,
        "/InputDataConfig/*/DataSource/FileSystemDataSource": given("file systems as inputs"),
        "/InputDataConfig/*/DataSource/DatasetSource": given("data sets by ARN"),
        "/InputDataConfig/*/DataSource/S3DataSource/S3DataType": _DATA_TYPE,
        "/InputDataConfig/*/InputMode": _INPUT_MODE,
        "/InputDataConfig/*/CompressionType": one_of("Gzip", reason="Gzip channels (Pipe mode only)"),
        "/InputDataConfig/*/RecordWrapperType": one_of("RecordIO", reason="RecordIO (Pipe mode only)"),
        "/OutputDataConfig/CompressionType": one_of("NONE", reason="uncompressed model artifacts"),
        "/ResourceConfig/InstanceCount": _several_instances,
        "/ResourceConfig/InstanceGroups": given("instance groups"),
        "/ResourceConfig/InstancePreferences": given("a choice of instance types"),
        "/ServerlessJobConfig": given("serverless training"),
    },
}


def list_unsupported(kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for everything that cannot be done."""
    return list_matches(UNSUPPORTED[kind], parameters)


def list_matches(
    table: Mapping[str, Reason], parameters: Mapping[str, Any], *, expressions: bool = False
) -> list[str]:
    """`<pointer>: <reason>` for everything in the request that the table has a reason for.

    With `expressions`, a member whose value is one is judged like any other value.
    """
    return [
        f"{pointer}: {said}"
        for pattern, reason in table.items()
        for pointer, value in _select(parameters, pattern.split("/")[1:], "")
        if (expressions or not _is_expression(value)) and (said := reason(value))
    ]


def _select(value: Any, parts: list[str], pointer: str) -> Iterator[tuple[str, Any]]:
    if not parts:
        yield pointer, value
        return
    part, rest = parts[0], parts[1:]
    if part == "*" and isinstance(value, list):
        for index, item in enumerate(value):
            yield from _select(item, rest, f"{pointer}/{index}")
    elif isinstance(value, Mapping) and part in value:
        yield from _select(value[part], rest, f"{pointer}/{part}")


def _is_expression(value: Any) -> bool:
    return (
        isinstance(value, Mapping)
        and len(value) == 1
        and (key := next(iter(value)))
        and (key == "Get" or str(key).startswith("Std:"))
    )
