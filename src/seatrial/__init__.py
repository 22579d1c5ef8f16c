"""Runs a compiled SageMaker pipeline on one machine, in real containers, and checks its data flow."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seatrial.outputs import ExecutionMetadata, S3OutputInfo, S3OutputPathRegistry
    from seatrial.outputs.downloader import S3DataDownloader

__version__ = "0.1.0"
__all__ = ["ExecutionMetadata", "S3DataDownloader", "S3OutputInfo", "S3OutputPathRegistry", "__version__"]

# Public name to the module that has it; loaded on first use, so that `import seatrial` costs nothing.
_PUBLIC = {
    "ExecutionMetadata": "seatrial.outputs",
    "S3DataDownloader": "seatrial.outputs.downloader",
    "S3OutputInfo": "seatrial.outputs",
    "S3OutputPathRegistry": "seatrial.outputs",
}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'seatrial' has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
