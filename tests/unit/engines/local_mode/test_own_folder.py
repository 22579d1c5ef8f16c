"""The SDK mounts nothing beneath some folders of the system; the attempt's own it mounts wherever it lies."""

from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from seatrial.engines.local_mode.own_folder import allow


@pytest.fixture
def sdk(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """A stand-in for the SDK's module: to import the real one takes seconds."""
    package, module = ModuleType("sagemaker"), ModuleType("sagemaker.utils")
    package.utils = module  # type: ignore[attr-defined]  # as an import does
    monkeypatch.setitem(sys.modules, "sagemaker", package)
    monkeypatch.setitem(sys.modules, "sagemaker.utils", module)
    return module


def test_what_the_folder_lies_beneath_is_taken_from_the_list_and_nothing_else(sdk: ModuleType) -> None:
    restricted = ["/root", "/etc", "/root/project/.config", "/roo"]
    sdk._SENSITIVE_SYSTEM_PATHS = restricted  # type: ignore[attr-defined]  # the SDK's own name
    allow(Path("/root/project/.seatrial/stage"))
    assert restricted == ["/etc", "/root/project/.config", "/roo"], "other modules hold the very list"


def test_an_sdk_without_such_a_list_needs_nothing(sdk: ModuleType) -> None:
    allow(Path("/root/stage"))
    assert not hasattr(sdk, "_SENSITIVE_SYSTEM_PATHS")
