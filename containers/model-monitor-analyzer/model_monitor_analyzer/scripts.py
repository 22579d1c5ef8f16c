"""The user's own scripts around an analysis: one changes each record before, one runs after."""

from __future__ import annotations

import os
import runpy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from model_monitor_analyzer.captured import inference_record
from model_monitor_analyzer.dataset import Preprocess
from model_monitor_analyzer.faults import JobFaultError


def load_preprocessor(path: Path) -> Preprocess:
    """The script's `preprocess_handler`, called with the record as the service gives it."""
    handler = _function(path, "preprocess_handler")

    def preprocess(record: Mapping[str, Any]) -> Any:
        return handler(inference_record(record))

    return preprocess


def run_postprocessor(path: Path, environment: Mapping[str, str]) -> None:
    """The script's `postprocess_handler`, once the files are written."""
    os.environ.update(environment)
    _function(path, "postprocess_handler")()


def _function(path: Path, name: str) -> Any:
    found = runpy.run_path(str(path)).get(name)
    if not callable(found):
        raise JobFaultError(f"{path.name} has no function {name}")
    return found
