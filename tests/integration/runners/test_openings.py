"""Which files a container opened, seen from outside, whichever way its folders got there."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from seatrial.ports.runners import JobOutcome, Mount
from seatrial.runners import DockerRunner, kernel
from seatrial.runners.laying import Laid, OverlayError, unmount_beneath
from seatrial.runners.sight import find_sight
from seatrial.runners.ways import Way, merged_folder, remove_work
from tests.integration.runners.conftest import Bench
from tests.integration.runners.whoever import BEST_WAY, MAY_MOUNT

NAMES = ("read.csv", "opened.csv", "listed.csv", "deep/read.csv", "deep/left.csv")
PROGRAM = """
import os, pathlib
data = pathlib.Path('/data')
data.joinpath('read.csv').read_text()
os.close(os.open('/data/opened.csv', os.O_RDONLY))
print([path.stat().st_size for path in data.rglob('*.csv')])
data.joinpath('deep/read.csv').read_text()
for number in range(3000): data.joinpath(f'many-{number}').read_text()
"""


@pytest.fixture
def layered(tmp_path: Path) -> Iterator[Mount]:
    """A folder over one with files."""
    lower, upper = tmp_path / "lower", tmp_path / "upper"
    upper.mkdir()
    for name in (*NAMES, *(f"many-{number}" for number in range(3000))):
        (lower / name).parent.mkdir(parents=True, exist_ok=True)
        (lower / name).write_text("1,2")
    yield Mount(upper, "/data", lower=lower, work=tmp_path / "work")
    remove_work(tmp_path / "work")


def watched(bench: Bench, mount: Mount, runner: DockerRunner | None = None) -> JobOutcome:
    names = (*NAMES, *(f"many-{number}" for number in range(3000)))
    files = tuple(f"/data/{name}" for name in names)
    spec = bench.spec("python3", "-c", PROGRAM, mounts=(mount,), watched=files)
    outcome = (runner or bench.runner).run(spec)
    assert outcome.exit_code == 0, spec.log_path.read_text()
    return outcome


UNOPENED = frozenset({"/data/listed.csv", "/data/deep/left.csv"})


def mounts_of_ours(folder: Path) -> list[str]:
    return [line for line in Path("/proc/self/mountinfo").read_text().splitlines() if str(folder) in line]


def watches() -> int:
    """How many of our own are open."""
    return sum("inotify" in os.path.realpath(link) for link in Path("/proc/self/fd").iterdir())


def test_what_is_opened_in_an_overlay_is_seen_and_nothing_stays_mounted(
    bench: Bench, layered: Mount, tmp_path: Path
) -> None:
    before = watches()
    outcome = watched(bench, layered)
    if MAY_MOUNT:
        assert (outcome.unopened, outcome.unseen) == (UNOPENED, None)
    else:
        assert (outcome.unopened, "root" in (outcome.unseen or "")) == (None, True)
    assert mounts_of_ours(tmp_path) == []
    assert bench.left() == []
    assert watches() == before


@pytest.mark.parametrize("read_only", [True, False])
def test_what_is_opened_in_a_bound_folder_is_seen(bench: Bench, layered: Mount, read_only: bool) -> None:
    assert layered.lower is not None
    runner = DockerRunner(bench.client, helper_image=lambda: bench.image, way=Way.BIND)
    outcome = watched(bench, Mount(layered.lower, "/data", read_only=read_only), runner)
    assert (outcome.unopened, outcome.unseen) == (UNOPENED, None)


@pytest.mark.parametrize("way", [Way.OVERLAY, Way.ARCHIVE])
def test_where_the_engine_alone_has_the_files_the_word_is_not_observed(
    bench: Bench, layered: Mount, way: Way
) -> None:
    runner = DockerRunner(bench.client, helper_image=lambda: bench.image, way=way)
    outcome = watched(bench, layered, runner)
    assert outcome.unopened is None
    assert "see" in (outcome.unseen or "")


def test_who_may_not_mount_sees_nothing_and_says_why(
    bench: Bench, layered: Mount, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(kernel, "mount_overlay", refuse)
    sight = find_sight(bench.client.api, bench.image, tmp_path)
    assert sight.way is Way.OVERLAY
    assert "root" in (sight.unseen or "")
    runner = DockerRunner(bench.client, helper_image=lambda: bench.image)
    assert watched(bench, layered, runner).unopened is None


def test_this_machine_tells_what_containers_open(bench: Bench, tmp_path: Path) -> None:
    sight = find_sight(bench.client.api, bench.image, tmp_path)
    assert sight.way is BEST_WAY
    assert MAY_MOUNT is (sight.unseen is None)
    assert MAY_MOUNT or "root" in (sight.unseen or "")


def test_a_kernel_that_tells_of_nothing_is_found_out(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernel, "parse_events", lambda data: ())
    sight = find_sight(bench.client.api, bench.image, tmp_path)
    assert (sight.way, sight.unseen is None) == (BEST_WAY, False)


def test_a_container_that_never_started_leaves_no_mount(bench: Bench, layered: Mount, tmp_path: Path) -> None:
    outcome = bench.runner.run(bench.spec("/no-such-program", mounts=(layered,), watched=("/data/read.csv",)))
    assert (outcome.exit_code, outcome.unopened) == (127, None)
    assert mounts_of_ours(tmp_path) == []


@pytest.mark.parametrize("name", ["plain", "a b"])
def test_what_a_killed_process_left_mounted_is_taken_away_and_its_files_stay(
    layered: Mount, tmp_path: Path, name: str
) -> None:
    layered = replace(layered, work=tmp_path / name)
    if not MAY_MOUNT:
        with pytest.raises(OverlayError):
            Laid().lay(layered)
        assert mounts_of_ours(tmp_path) == []
        return
    Laid().lay(layered)
    assert (merged_folder(layered) / "read.csv").read_text() == "1,2"
    assert layered.work is not None
    assert layered.lower is not None
    unmount_beneath(tmp_path)
    assert mounts_of_ours(tmp_path) == []
    remove_work(layered.work)
    assert list(layered.work.iterdir()) == []
    assert (layered.lower / "read.csv").read_text() == "1,2"
