"""Which files are opened is told by the kernel, by name; no container is needed to ask it."""

from __future__ import annotations

import errno
import os
import struct
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from seatrial.ports.runners import JobSpec, Mount
from seatrial.runners import kernel
from seatrial.runners.openings import LOST_SIGHT, Openings, why_not
from seatrial.runners.places import place_of
from seatrial.runners.watching import Seen, watching
from seatrial.runners.ways import Way


def event(watch: int, mask: int, name: str = "") -> bytes:
    padded = name.encode() + b"\0" * (-len(name.encode()) % 16) if name else b""
    return struct.pack("iIII", watch, mask, 0, len(padded)) + padded


def descriptors() -> list[str]:
    """What of this process could be left of a watch."""
    found = [os.path.realpath(link) for link in Path("/proc/self/fd").iterdir()]
    return sorted(place for place in found if "inotify" in place or "pipe" in place)


@pytest.fixture(autouse=True)
def nothing_stays_open() -> Iterator[None]:
    """Neither a descriptor nor a thread is left behind, whatever happened."""
    before = descriptors()
    yield
    assert descriptors() == before
    assert "openings" not in [thread.name for thread in threading.enumerate()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three files, one of them deeper."""
    (tmp_path / "deep").mkdir()
    for name in ("a.csv", "b.csv", "deep/c.csv"):
        (tmp_path / name).write_text("1,2\n")
    return tmp_path


def watch(folder: Path, *names: str) -> Openings:
    return Openings([f"/in/{name}" for name in names], lambda inside: str(folder) + inside[len("/in") :])


def test_events_are_read_with_their_names() -> None:
    data = event(1, kernel.IN_OPEN, "a.csv") + event(2, kernel.IN_OPEN | kernel.IN_ISDIR)
    data += event(-1, kernel.IN_Q_OVERFLOW) + event(3, kernel.IN_OPEN, "naïve 名.csv")
    assert list(kernel.parse_events(data)) == [
        kernel.Event(1, kernel.IN_OPEN, "a.csv"),
        kernel.Event(2, kernel.IN_OPEN | kernel.IN_ISDIR, ""),
        kernel.Event(-1, kernel.IN_Q_OVERFLOW, ""),
        kernel.Event(3, kernel.IN_OPEN, "naïve 名.csv"),
    ]


def test_what_was_opened_is_told_from_what_was_not(folder: Path) -> None:
    openings = watch(folder, "a.csv", "b.csv", "deep/c.csv")
    (folder / "deep" / "c.csv").read_text()
    assert openings.finish() == frozenset({"/in/a.csv", "/in/b.csv"})


def test_an_opened_file_of_which_nothing_is_read_was_opened(folder: Path) -> None:
    openings = watch(folder, "a.csv")
    os.close(os.open(folder / "a.csv", os.O_RDONLY))
    assert openings.finish() == frozenset()


def test_listing_and_asking_for_sizes_opens_no_file(folder: Path) -> None:
    openings = watch(folder, "a.csv", "deep/c.csv")
    assert [path.stat().st_size for path in folder.rglob("*.csv")] == [4, 4, 4]
    (folder / "a.csv").chmod(0o600)
    assert openings.finish() == frozenset({"/in/a.csv", "/in/deep/c.csv"})


def test_what_was_opened_before_or_after_does_not_count(folder: Path) -> None:
    (folder / "a.csv").read_text()
    openings = watch(folder, "a.csv")
    assert openings.finish() == frozenset({"/in/a.csv"})
    (folder / "a.csv").read_text()


def test_thousands_of_files_opened_again_and_again_are_all_seen(tmp_path: Path) -> None:
    names = [f"part-{number:05}" for number in range(5000)]
    for name in names:
        (tmp_path / name).touch()
    openings = watch(tmp_path, *names)
    for _ in range(3):
        for name in names[1:]:
            os.close(os.open(tmp_path / name, os.O_RDONLY))
    assert openings.finish() == frozenset({"/in/part-00000"})


def test_a_queue_that_ran_over_is_no_answer(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    overflow = [kernel.Event(-1, kernel.IN_Q_OVERFLOW, "")]
    monkeypatch.setattr(kernel, "parse_events", lambda data: overflow)
    with watching(_spec(folder, "/in/a.csv"), Way.BIND, None) as watched:
        (folder / "a.csv").read_text()
        assert watched.finish() == Seen(None, LOST_SIGHT)


@pytest.mark.parametrize("number", [errno.EPERM, errno.ENOSPC, errno.EMFILE, errno.ENOSYS])
def test_a_kernel_that_refuses_is_a_reason_and_no_failure(
    folder: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(kernel, "add_watch", _refusing(number))
    with watching(_spec(folder, "/in/a.csv"), Way.BIND, None) as watched:
        assert watched.finish() == Seen(None, why_not(OSError(number, os.strerror(number))))


def test_limits_of_this_machine_are_told_by_their_names() -> None:
    assert "max_user_watches" in why_not(OSError(errno.ENOSPC, ""))
    assert "max_user_instances" in why_not(OSError(errno.EMFILE, ""))


def test_nothing_is_watched_where_nothing_is_seen_or_asked(folder: Path) -> None:
    with watching(_spec(folder, "/in/a.csv"), Way.ARCHIVE, "files are copies") as watched:
        assert watched.finish() == Seen(None, "files are copies")
    with watching(_spec(folder), Way.BIND, "files are copies") as unasked:
        assert unasked.finish() == Seen(None, None)


def test_a_watch_that_nobody_asks_ends_with_its_container(folder: Path) -> None:
    with pytest.raises(RuntimeError), watching(_spec(folder, "/in/a.csv"), Way.BIND, None):
        raise RuntimeError("the container was never made")


@pytest.mark.parametrize(
    ("inside", "place"),
    [
        ("/opt/ml/input/data/train", "/stage/work/merged/data/train"),
        ("/opt/ml/input/data/fast/deep", "/stage/lower/fast/deep"),
        ("/opt/ml/model", "/stage/model"),
    ],
)
def test_the_innermost_mount_is_where_a_folder_lies(inside: str, place: str) -> None:
    mounts = [
        Mount(
            Path("/stage/tree"), "/opt/ml/input", lower=Path("/stage/lower/input"), work=Path("/stage/work")
        ),
        Mount(Path("/stage/lower/fast"), "/opt/ml/input/data/fast", read_only=True),
        Mount(Path("/stage/model"), "/opt/ml/model"),
    ]
    assert place_of(mounts, Way.MOUNTED, inside) == place


def test_what_no_mount_covers_lies_nowhere() -> None:
    with pytest.raises(ValueError, match="no mount covers /etc"):
        place_of([Mount(Path("/stage"), "/opt/ml")], Way.BIND, "/etc")


def _spec(folder: Path, *watched: str) -> JobSpec:
    return JobSpec("job", "image", folder / "log.txt", mounts=(Mount(folder, "/in"),), watched=watched)


def _refusing(number: int) -> Callable[..., int]:
    def refuse(*_: object) -> int:
        raise OSError(number, os.strerror(number))

    return refuse
