"""Runs a compiled SageMaker pipeline on one machine, in real containers, and checks its data flow."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatrial.app.recorded import recorded_execution
    from seatrial.outputs import ExecutionMetadata, S3OutputInfo, S3OutputPathRegistry
    from seatrial.outputs.data_flow import DataFlowManager
    from seatrial.outputs.discovery import PipelineOutputDiscovery
    from seatrial.outputs.downloader import S3DataDownloader
    from seatrial.outputs.fetching import Patience
    from seatrial.outputs.preparation import TestDataPreparation
    from seatrial.outputs.references import PropertyReference, StepOutputRegistry
    from seatrial.outputs.registries_compared import compare_registries
    from seatrial.outputs.resolution import PropertyResolutionService, PropertyResolutionStrategy
    from seatrial.outputs.sampling import Sampling
    from seatrial.outputs.strategies import DefinitionStrategy, RecordStrategy, RegistryStrategy
    from seatrial.ports.contracts import ScriptContract
    from seatrial.sessions.account import AwsAccount

__version__ = "0.1.0"
__all__ = [
    "AwsAccount",
    "DataFlowManager",
    "DefinitionStrategy",
    "ExecutionMetadata",
    "Patience",
    "PipelineOutputDiscovery",
    "PropertyReference",
    "PropertyResolutionService",
    "PropertyResolutionStrategy",
    "RecordStrategy",
    "RegistryStrategy",
    "S3DataDownloader",
    "S3OutputInfo",
    "S3OutputPathRegistry",
    "Sampling",
    "ScriptContract",
    "StepOutputRegistry",
    "TestDataPreparation",
    "__version__",
    "compare_registries",
    "recorded_execution",
]

# Public name to the module that has it; loaded on first use, so that `import seatrial` costs nothing.
_PUBLIC = {
    "AwsAccount": "seatrial.sessions.account",
    "DataFlowManager": "seatrial.outputs.data_flow",
    "DefinitionStrategy": "seatrial.outputs.strategies",
    "ExecutionMetadata": "seatrial.outputs",
    "Patience": "seatrial.outputs.fetching",
    "PipelineOutputDiscovery": "seatrial.outputs.discovery",
    "PropertyReference": "seatrial.outputs.references",
    "PropertyResolutionService": "seatrial.outputs.resolution",
    "PropertyResolutionStrategy": "seatrial.outputs.resolution",
    "RecordStrategy": "seatrial.outputs.strategies",
    "RegistryStrategy": "seatrial.outputs.strategies",
    "S3DataDownloader": "seatrial.outputs.downloader",
    "S3OutputInfo": "seatrial.outputs",
    "S3OutputPathRegistry": "seatrial.outputs",
    "Sampling": "seatrial.outputs.sampling",
    "ScriptContract": "seatrial.ports.contracts",
    "StepOutputRegistry": "seatrial.outputs.references",
    "TestDataPreparation": "seatrial.outputs.preparation",
    "compare_registries": "seatrial.outputs.registries_compared",
    "recorded_execution": "seatrial.app.recorded",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'seatrial' has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
