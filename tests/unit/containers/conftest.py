"""The XGBoost image's packages, importable from where they are built from."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[3] / "containers/xgboost"))
