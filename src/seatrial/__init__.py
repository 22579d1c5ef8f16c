"""Runs a compiled SageMaker pipeline on one machine, in real containers, and checks its data flow."""

from __future__ import annotations

__version__ = "0.1.0"
__all__ = ["__version__"]
