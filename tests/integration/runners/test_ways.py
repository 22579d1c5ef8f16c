"""How folders get into containers: found by trying; whatever the way, nothing reaches what lies beneath."""

from __future__ import annotations

import errno
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import docker
import pytest

from seatrial.errors import EnvironmentUnfitError
from seatrial.ports.runners import JobOutcome, Mount
from seatrial.runners import DockerRunner
from seatrial.runners.sight import find_way
from seatrial.runners.ways import Way, remove_work
from tests.integration.runners.conftest import Bench
from tests.integration.runners.whoever import BEST_WAY, LAYERING_HERE

# Everything that a program can do to a file that it was given.
SPOIL = """
cd /data
echo more >> appended
: > emptied
rm removed
chmod 0600 closed
ln linked second && echo more >> second
mv moved elsewhere
mv folder renamed
echo x > renamed/inner
rm -r gone
mkdir made && echo new > made/file
"""
GIVEN = ("appended", "emptied", "removed", "closed", "linked", "moved", "folder/inner", "gone/inner")


@pytest.fixture(params=LAYERING_HERE, ids=lambda way: way.value)
def layering(
    request: pytest.FixtureRequest, docker_client: docker.DockerClient, bench: Bench
) -> DockerRunner:
    """Each way that can lay one folder over another."""
    return DockerRunner(docker_client, helper_image=lambda: bench.image, way=request.param)


@pytest.fixture
def layered(tmp_path: Path) -> Iterator[Mount]:
    """A folder with one file of its own over a folder of given ones."""
    lower, upper = tmp_path / "lower", tmp_path / "upper"
    for name in GIVEN:
        (lower / name).parent.mkdir(parents=True, exist_ok=True)
        (lower / name).write_text(f"given {name}")
    upper.mkdir()
    (upper / "own").write_text("own")
    yield Mount(upper, "/data", lower=lower, work=tmp_path / "work")
    remove_work(tmp_path / "work")


def contents(folder: Path) -> dict[str, str]:
    """Every plain file beneath, by its relative name."""
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and not path.is_symlink()
    }


def run(runner: DockerRunner, bench: Bench, script: str, mount: Mount) -> JobOutcome:
    spec = bench.spec("sh", "-ec", script, mounts=(mount,))
    outcome = runner.run(spec)
    assert outcome.exit_code == 0, spec.log_path.read_text()
    runner.own(mount.source)
    return outcome


def test_this_machine_lays_folders_over_each_other(bench: Bench, tmp_path: Path) -> None:
    assert find_way(bench.client.api, bench.image, tmp_path) is BEST_WAY
    assert bench.runner.layers(tmp_path, bench.image)
    assert list(tmp_path.iterdir()) == []


def test_a_path_that_would_be_read_as_an_option_is_bound_only(bench: Bench, tmp_path: Path) -> None:
    odd = tmp_path / "a,b"
    odd.mkdir()
    assert find_way(bench.client.api, bench.image, odd) is Way.BIND
    assert not bench.runner.layers(odd, bench.image)


def test_folders_whose_names_the_kernel_would_cut_off_lie_over_nothing(bench: Bench, tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["deep" * 50] * 7)
    deep.mkdir(parents=True)
    assert bench.runner.layers(tmp_path, bench.image)
    assert not bench.runner.layers(deep, bench.image)
    assert find_way(bench.client.api, bench.image, deep) is Way.BIND


def test_a_folder_that_is_yet_to_be_made_is_judged_by_its_name(bench: Bench, tmp_path: Path) -> None:
    assert not bench.runner.layers(tmp_path / "a,b", bench.image)
    assert bench.runner.layers(tmp_path / "a" / "b", bench.image)


def test_both_layers_are_seen_as_one_folder(layering: DockerRunner, bench: Bench, layered: Mount) -> None:
    run(layering, bench, "cat /data/own /data/appended /data/folder/inner > /data/all", layered)
    assert contents(layered.source)["all"] == "owngiven appendedgiven folder/inner"


def test_nothing_that_a_container_does_reaches_the_lower_folder(
    layering: DockerRunner, bench: Bench, layered: Mount
) -> None:
    assert layered.lower is not None
    before = {name: (layered.lower / name).stat() for name in GIVEN}
    run(layering, bench, SPOIL, layered)
    assert contents(layered.lower) == {name: f"given {name}" for name in GIVEN}
    for name, was in before.items():
        found = (layered.lower / name).stat()
        assert (found.st_mode, found.st_uid, found.st_mtime_ns) == (was.st_mode, was.st_uid, was.st_mtime_ns)


def test_what_the_container_changed_lies_whole_in_the_upper_folder(
    layering: DockerRunner, bench: Bench, layered: Mount
) -> None:
    run(layering, bench, SPOIL, layered)
    found = contents(layered.source)
    assert found.pop("closed", "given closed") == "given closed"  # only its mode changed
    assert found == {
        "own": "own",
        "appended": "given appendedmore\n",
        "emptied": "",
        "linked": "given linkedmore\n",
        "second": "given linkedmore\n",
        "elsewhere": "given moved",
        "renamed/inner": "x\n",
        "made/file": "new\n",
    }


def test_nothing_is_left_of_a_volume(layering: DockerRunner, bench: Bench, layered: Mount) -> None:
    run(layering, bench, "true", layered)
    layering.settle()
    ours = {"label": f"seatrial.execution={bench.folder.name}"}
    assert bench.client.api.volumes(filters=ours)["Volumes"] in (None, [])
    assert bench.left() == []


def test_a_file_moved_over_another_of_its_size_is_told_from_it(
    layering: DockerRunner, bench: Bench, layered: Mount
) -> None:
    for name in ("last", "previous"):
        (layered.source / name).write_text(f"{name:8}")
    script = (
        "cd /data; mv last previous; printf 'renewed ' > last; "
        "cp -p own kept; printf OWN > own; touch -r kept own; mv emptied removed"
    )
    run(layering, bench, script, layered)
    found = contents(layered.source)
    assert (found["last"], found["previous"], found["own"]) == ("renewed ", "last    ", "OWN")
    assert found["removed"] == "given emptied"


def by_archive(bench: Bench) -> DockerRunner:
    return DockerRunner(bench.client, helper_image=lambda: bench.image, way=Way.ARCHIVE)


def refusing(trouble: Exception) -> Callable[..., None]:
    def write(*_: object) -> None:
        raise trouble

    return write


def test_what_cannot_be_fetched_is_a_loss_and_our_folder_stays_as_it_was(
    bench: Bench, layered: Mount, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr("seatrial.runners.carrying._write", refusing(full))
    outcome = by_archive(bench).run(bench.spec("sh", "-c", "echo x > /data/new", mounts=(layered,)))
    assert outcome.exit_code is None
    assert "could not be fetched" in (outcome.lost or "")
    assert contents(layered.source) == {"own": "own"}
    assert [path.name for path in layered.source.parent.glob(".seatrial*")] == []


def test_a_fetch_that_is_broken_off_leaves_no_container_and_takes_no_time(
    bench: Bench, layered: Mount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seatrial.runners.carrying._write", refusing(RuntimeError("broken off")))
    spec = bench.spec("sh", "-c", "head -c 50000000 /dev/zero > /data/new", mounts=(layered,))
    began = time.monotonic()
    with pytest.raises(RuntimeError):
        by_archive(bench).run(spec)
    assert time.monotonic() - began < 15
    assert bench.left() == []


def test_a_stream_that_was_cut_is_no_shorter_folder(
    bench: Bench, layered: Mount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seatrial.runners.carrying._END", b"another end")
    outcome = by_archive(bench).run(bench.spec("true", mounts=(layered,)))
    assert "cut short" in (outcome.lost or "")
    assert contents(layered.source) == {"own": "own"}


def test_folders_deeper_than_any_path_are_a_loss_and_no_crash(bench: Bench, layered: Mount) -> None:
    script = "import os\nos.chdir('/data')\nfor _ in range(2100): os.mkdir('aa'); os.chdir('aa')"
    outcome = by_archive(bench).run(bench.spec("python3", "-c", script, mounts=(layered,)))
    assert outcome.exit_code in (0, None)
    assert outcome.exit_code == 0 or "could not be fetched" in (outcome.lost or "")
    assert (layered.source / "own").read_text() == "own"


def test_a_file_of_ours_that_cannot_be_read_is_not_the_engines_fault(
    bench: Bench, layered: Mount, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seatrial.runners.tar_stream._content", refusing(OSError("Input/output error")))
    with pytest.raises(EnvironmentUnfitError) as trouble:
        by_archive(bench).run(bench.spec("true", mounts=(layered,)))
    assert (trouble.value.slug, "Input/output error" in trouble.value.message) == ("local-file", True)
    assert bench.left() == []
