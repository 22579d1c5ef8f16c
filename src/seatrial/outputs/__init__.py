"""The registry of outputs, made of what jobs really wrote; must not know how a job runs or who judges it."""

from __future__ import annotations

from seatrial.outputs.info import ExecutionMetadata, S3OutputInfo
from seatrial.outputs.receipts import objects_of, registry_of
from seatrial.outputs.registry import S3OutputPathRegistry

__all__ = ["ExecutionMetadata", "S3OutputInfo", "S3OutputPathRegistry", "objects_of", "registry_of"]
