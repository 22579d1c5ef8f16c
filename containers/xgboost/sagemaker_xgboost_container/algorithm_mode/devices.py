"""What of a job's settings asks for a GPU, and what runs where there is none."""

from __future__ import annotations

from typing import Any

ON_THE_CPU = {
    ("tree_method", "gpu_hist"): "hist",
    ("predictor", "gpu_predictor"): "cpu_predictor",
    ("use_dask_gpu_training", "true"): "false",
}


def without_gpu(values: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """The same values for a machine without GPU, and a line for each that had to change."""
    changed = {
        name: ON_THE_CPU[name, value]
        for name, value in values.items()
        if isinstance(value, str) and (name, value) in ON_THE_CPU
    }
    lines = [
        f"No GPU here: {name}={values[name]} runs on the CPU as {name}={instead}"
        for name, instead in changed.items()
    ]
    return {**values, **changed}, lines
