"""Members of a request that either kind of job has, read and refused as the service does; touches nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from seatrial.engines.job import RefusedJobError
from seatrial.ports.storage import S3Uri

_A_DAY = 86400


def required(parameters: Mapping[str, Any], pointer: str) -> Any:
    """The member at `pointer`, which the model leaves optional and this engine cannot do without."""
    value: Any = parameters
    for part in pointer.strip("/").split("/"):
        value = value[int(part)] if isinstance(value, list) else (value or {}).get(part)
    if value is None:
        raise RefusedJobError(f"ValidationException: {pointer} is missing")
    return value


def read_max_runtime(parameters: Mapping[str, Any]) -> int:
    """`MaxRuntimeInSeconds`; a day where the request sets none."""
    condition = parameters.get("StoppingCondition") or {}
    return int(condition.get("MaxRuntimeInSeconds", _A_DAY))


def read_uri(text: str, pointer: str) -> S3Uri:
    """The S3 URI at `pointer` of the request."""
    try:
        return S3Uri.parse(text)
    except ValueError as malformed:
        raise RefusedJobError(f"ValidationException: {pointer}: {malformed}") from malformed


def read_local_path(text: str | None, root: str, pointer: str) -> str:
    """A container path at or below `root`, without `..`; trailing slashes do not matter."""
    path = PurePosixPath(text or "")
    if ".." in path.parts or not path.is_relative_to(root):
        raise RefusedJobError(
            f"ValidationException: {pointer}: LocalPath {text!r} is not a path below {root}/; "
            f"the service mounts nothing elsewhere"
        )
    return str(path)


def staged(tree: Path, container_path: str) -> Path:
    """Where a container path lies in the staged tree on the host."""
    return tree / container_path.lstrip("/")
