"""What of a request this engine cannot do: one table, JSON pointer to reason, asked before anything runs.

A value that is still an expression is passed over: it is asked again when the job starts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches, one_of, regex
from seatrial.ports.jobs import JobKind

_RESOURCES: dict[JobKind, str] = {
    "Processing": "/ProcessingResources/ClusterConfig",
    "Training": "/ResourceConfig",
}
UNSUPPORTED: dict[JobKind, dict[str, Reason]] = {
    "Processing": {
        "/ProcessingInputs/*/DatasetDefinition": given("Athena and Redshift inputs"),
        "/ProcessingOutputConfig/Outputs/*/FeatureStoreOutput": given("outputs into a feature store"),
        "/ProcessingResources/ClusterConfig/InstancePreferences": given("a choice of instance types"),
    },
    "Training": {
        "/AlgorithmSpecification/AlgorithmName": given("algorithms by name; give TrainingImage"),
        "/AlgorithmSpecification/MetricDefinitions/*/Regex": regex,
        "/InputDataConfig/*/DataSource/FileSystemDataSource": given("file systems as inputs"),
        "/InputDataConfig/*/DataSource/DatasetSource": given("data sets by ARN"),
        "/InputDataConfig/*/DataSource/S3DataSource/S3DataType": one_of(
            "Converse", reason="data type {value}, for foundation models"
        ),
        "/ResourceConfig/InstancePreferences": given("a choice of instance types"),
        "/ServerlessJobConfig": given("serverless training"),
    },
}


def list_unsupported(kind: JobKind, parameters: Mapping[str, Any], max_instances: int) -> list[str]:
    """`<pointer>: <reason>` for everything that cannot be done."""
    return [*list_matches(UNSUPPORTED[kind], parameters), *_too_many(kind, parameters, max_instances)]


def _too_many(kind: JobKind, parameters: Mapping[str, Any], most: int) -> Iterator[str]:
    """Each instance is a container of this one machine."""
    found: Any = parameters
    for member in _RESOURCES[kind].split("/")[1:]:
        found = _mapping(found).get(member)
    groups = _mapping(found).get("InstanceGroups") or []
    named = "InstanceGroups" if groups else "InstanceCount"
    counted = groups if isinstance(groups, list) and groups else [found]
    counts = [_mapping(each).get("InstanceCount") for each in counted]
    asked = sum(count for count in counts if isinstance(count, int))
    if asked > most:
        yield f"{_RESOURCES[kind]}/{named}: {asked} instances; the setting max_instances allows {most}"


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
