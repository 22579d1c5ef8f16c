"""Of a job's several hosts the first does all the work, as long as it has all the data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

CONFIG = Path("/opt/ml/config")


def is_idle(config: Path = CONFIG) -> bool:
    """Whether another host does the work."""
    resources = _read(config / "resourceconfig.json")
    hosts = resources.get("hosts") or []
    return len(hosts) > 1 and resources.get("current_host") != sorted(hosts)[0]


def sharded_inputs(config: Path = CONFIG) -> list[str]:
    """The inputs of which each of several hosts has a part only."""
    if len(_read(config / "resourceconfig.json").get("hosts") or []) < 2:
        return []
    inputs = _read(config / "processingjobconfig.json").get("ProcessingInputs") or []
    sharded = "ShardedByS3Key"
    return [
        str(item.get("InputName"))
        for item in inputs
        if (item.get("S3Input") or {}).get("S3DataDistributionType") == sharded
    ]


def _read(path: Path) -> Mapping[str, Any]:
    """The file's object; outside a job there is none."""
    if not path.is_file():
        return {}
    found: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
