"""pytest's door: the fixture `sea_trial`, which runs a pipeline and hands back what is to be asserted of it.

pytest loads this in every project that has seatrial installed, so what is heavy is imported on first use.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Generator, Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from seatrial.pytest_plugin.factory import SeaTrials
    from seatrial.pytest_plugin.outcome import SeaTrial

__all__ = ["SeaTrial", "SeaTrials"]

# For annotations in a test suite; loaded on first use.
_PUBLIC = {"SeaTrial": "seatrial.pytest_plugin.outcome", "SeaTrials": "seatrial.pytest_plugin.factory"}


def __getattr__(name: str) -> object:
    """Load a public name when it is first asked for."""
    if name not in _PUBLIC:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_PUBLIC[name]), name)


def pytest_addoption(parser: pytest.Parser) -> None:
    """The one option; everything else is a setting of the project."""
    parser.getgroup("seatrial").addoption(
        "--seatrial-keep",
        action="store_true",
        help="Run trials in the project's own state and store, so that `seatrial status`, `logs` and "
        "`download` show afterwards what the tests ran.",
    )


@pytest.fixture(scope="session")
def sea_trial(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[SeaTrials]:
    """Run pipelines end to end in real containers: `trial = sea_trial("pipeline.py")`."""
    from seatrial.pytest_plugin.factory import sea_trials  # all of seatrial, for suites that use it

    state = None if request.config.getoption("--seatrial-keep") else tmp_path_factory.mktemp("seatrial")
    with sea_trials(state) as factory:
        yield factory


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    call: pytest.CallInfo[None],
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Beside a refusal's traceback, say what the command line would: where, and what to do."""
    report = yield
    if call.excinfo is not None and "seatrial.errors" in sys.modules:
        from seatrial.pytest_plugin.refusal import explain  # only once something of ours was raised

        explain(call.excinfo.value, report)
    return report
