"""An earlier analysis, and the records that SHAP values are told from."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_monitor_analyzer.faults import JobFaultError


def read_analysis(path: Path) -> Mapping[str, Any]:
    """The `analysis.json` of an earlier job."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise JobFaultError(f"the baseline {path} cannot be read: {error}") from None
    if not isinstance(found, dict):
        raise JobFaultError(f"the baseline {path} holds no object")
    return found


def shap_baseline(given: Any) -> list[Any] | None:
    """The rows as they stand in the configuration, or those of the object that it names; None for none."""
    if given is None or isinstance(given, list):
        return given
    if not isinstance(given, str) or not given.startswith("s3://"):
        raise JobFaultError("the SHAP baseline is a list of rows or the S3 URI of a CSV or JSON lines file")
    text = _object(given)
    if given.endswith((".json", ".jsonl", ".jsonlines")):
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    return [[_value(text) for text in row] for row in csv.reader(io.StringIO(text)) if row]


def _object(uri: str) -> str:
    # boto3 takes a second to import, and most baselines stand in the configuration.
    import boto3
    from botocore.exceptions import ClientError

    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        return str(boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read().decode())
    except ClientError as error:
        raise JobFaultError(f"the SHAP baseline {uri} cannot be read: {error}") from None


def _value(text: str) -> Any:
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text
