"""Runs every case under every job engine, in real containers on a real store."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import docker
import pytest

from seatrial.errors import EnvironmentUnfitError
from seatrial.images import Images
from seatrial.ports.storage import StoreAddress
from seatrial.runners import DockerRunner
from seatrial.settings import Settings
from seatrial.storage import MinioStore
from tests.conformance.case import CASES, Case
from tests.conformance.engines import ENGINES, Real
from tests.conformance.images import built_images
from tests.conformance.known_differences import DIFFERENCES, Difference, Refused, Unfit
from tests.conformance.run_case import CaseRun, run_case

ALWAYS_COMPARED = ("status", "failure_reason", "exit_message", "refusal", "objects")
DEFAULTS = {"failure_reason": None, "exit_message": None, "refusal": None, "objects": {}}

Outcome = Callable[[Case, str], CaseRun]


@pytest.fixture(scope="module")
def real(
    docker_client: docker.DockerClient,
    runner: DockerRunner,
    store: MinioStore,
    store_address: StoreAddress,
    images: Images,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Real]:
    """The real parts, with the cases' images, for this module."""
    with built_images(docker_client, images.ensure("base")) as built:
        locks = tmp_path_factory.mktemp("locks")
        yield Real(docker_client, runner, store, store_address, built, locks)


@pytest.fixture(scope="module")
def settings_of_cases(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Settings with state and cache of this module's own."""
    folder = tmp_path_factory.mktemp("cases")
    return Settings(state_dir=folder / "state", cache_dir=folder / "cache")


@pytest.fixture(scope="module")
def outcome(
    real: Real,
    settings_of_cases: Settings,
    tmp_path_factory: pytest.TempPathFactory,
    request: pytest.FixtureRequest,
) -> Iterator[Outcome]:
    """What came of a case; those of local mode take long, so they run at the same time."""
    wanted = [item.callspec.params for item in request.session.items if item.path == request.path]

    def run(case: Case, engine_name: str) -> CaseRun:
        difference = DIFFERENCES[engine_name].get(case.name)
        endless = difference.endless_once_log_has if isinstance(difference, Difference) else None
        folder = tmp_path_factory.mktemp(f"{engine_name}-{case.name}")
        return run_case(case, engine_name, real, settings_of_cases, folder, endless)

    with ThreadPoolExecutor(4) as pool:
        running = {
            (each["engine_name"], each["case"].name): pool.submit(run, each["case"], each["engine_name"])
            for each in wanted
            if each["engine_name"] == "local-mode"
        }

        def outcome_of(case: Case, engine_name: str) -> CaseRun:
            early = running.get((engine_name, case.name))
            return early.result() if early else run(case, engine_name)

        yield outcome_of


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("engine_name", list(ENGINES))
def test_the_job_comes_out_as_expected(case: Case, engine_name: str, outcome: Outcome) -> None:
    known = DIFFERENCES[engine_name].get(case.name)
    if isinstance(known, Unfit):
        with pytest.raises(EnvironmentUnfitError) as raised:
            outcome(case, engine_name)
        assert raised.value.slug == known.slug
        return
    run = outcome(case, engine_name)
    difference = DIFFERENCES[engine_name].get(case.name, Difference((), ""))
    assert run.seen["left_in_folder"] == ["log.txt"], "something of the job was left behind"
    assert {*DEFAULTS, *run.expected} >= set(ALWAYS_COMPARED)
    if isinstance(difference, Refused):
        assert run.unsupported[0].partition(": ")[0] == difference.member
        assert run.seen["refusal"] == f"ValidationException: not supported here: {'; '.join(run.unsupported)}"
        return
    assert run.unsupported == []
    otherwise = _otherwise(run)
    listed = set(difference.members)
    looked_at = otherwise.keys() & listed if difference.only_these else otherwise.keys()
    assert looked_at == listed, "\n".join([*otherwise.values(), "log:", run.seen["log"]])


def _otherwise(run: CaseRun) -> dict[str, str]:
    """The members that are not as expected, each with both sides."""
    return {
        member: f"{member}:\n  expected {wanted!r}\n  seen     {run.seen[member]!r}"
        for member, wanted in {**DEFAULTS, **run.expected}.items()
        if not matches(wanted, run.seen[member])
    }


def matches(wanted: Any, seen: Any) -> bool:
    """Equal, where null in a mapping stands for any value and text between slashes for a pattern."""
    if isinstance(wanted, dict) and isinstance(seen, dict):
        return wanted.keys() == seen.keys() and all(
            value is None or value == seen[name] for name, value in wanted.items()
        )
    if isinstance(wanted, str) and isinstance(seen, str) and wanted.startswith("/^"):
        return re.search(wanted.strip("/"), seen) is not None
    return bool(wanted == seen)
