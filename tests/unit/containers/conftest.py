"""The packages of our images, importable from where they are built from."""

from __future__ import annotations

import sys
from pathlib import Path

CONTAINERS = Path(__file__).parents[3] / "containers"
sys.path += [str(CONTAINERS / name) for name in ("xgboost", "model-monitor-analyzer")]
