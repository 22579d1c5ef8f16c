"""A trial in a folder of the test's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.functional.execution.trial import Trial


@pytest.fixture
def trial(tmp_path: Path) -> Trial:
    return Trial(tmp_path)
