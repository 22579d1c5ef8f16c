"""What of a request this engine cannot do: one table, JSON pointer to reason, asked before anything runs.

A value that is still an expression is passed over: it is asked again when the job starts.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from seatrial.engines.reasons import Reason, given, list_matches, one_of, regex, several_instances
from seatrial.ports.jobs import JobKind

UNSUPPORTED: dict[JobKind, dict[str, Reason]] = {
    "Processing": {
        "/ProcessingInputs/*/DatasetDefinition": given("Athena and Redshift inputs"),
        "/ProcessingOutputConfig/Outputs/*/FeatureStoreOutput": given("outputs into a feature store"),
        "/ProcessingResources/ClusterConfig/InstanceCount": several_instances,
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
        "/ResourceConfig/InstanceCount": several_instances,
        "/ResourceConfig/InstanceGroups": given("instance groups"),
        "/ResourceConfig/InstancePreferences": given("a choice of instance types"),
        "/ServerlessJobConfig": given("serverless training"),
    },
}


def list_unsupported(kind: JobKind, parameters: Mapping[str, Any]) -> list[str]:
    """`<pointer>: <reason>` for everything that cannot be done."""
    return list_matches(UNSUPPORTED[kind], parameters)
