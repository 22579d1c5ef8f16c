"""Copies that share nothing, by every way the kernel offers or refuses."""

from __future__ import annotations

import errno
import fcntl
import os
from pathlib import Path

import pytest

from seatrial.storage.copying import copy_file, link_or_copy, place_copy, place_link


@pytest.fixture(params=["as the disk can", "without reflink", "without any help", "reflink refused oddly"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the kernel offers."""

    def refuse(number: int) -> object:
        def call(*_: object) -> int:
            raise OSError(number, "refused")

        return call

    if request.param != "as the disk can":
        odd = request.param == "reflink refused oddly"
        monkeypatch.setattr(fcntl, "ioctl", refuse(errno.EPERM if odd else errno.EOPNOTSUPP))
    if request.param == "without any help":
        monkeypatch.setattr(os, "copy_file_range", refuse(errno.EXDEV))
    return str(request.param)


@pytest.mark.parametrize("size", [0, 1, 70_000])
def test_a_copy_has_the_content_and_a_fate_of_its_own(tmp_path: Path, way: str, size: int) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    content = os.urandom(size)
    source.write_bytes(content)
    copy_file(source, target)
    assert target.read_bytes() == content, way
    assert target.stat().st_ino != source.stat().st_ino
    target.write_bytes(b"changed")
    assert source.read_bytes() == content


def test_a_copy_replaces_nothing_by_itself(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"new")
    (tmp_path / "target").write_bytes(b"old")
    with pytest.raises(FileExistsError):
        copy_file(tmp_path / "source", tmp_path / "target")


def test_a_copy_of_a_read_only_file_can_be_written_to(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_bytes(b"x")
    source.chmod(0o444)
    place_copy(source, tmp_path / "deep" / "target")
    assert (tmp_path / "deep" / "target").stat().st_mode & 0o200


def test_placing_leaves_the_old_file_and_nothing_else_when_the_disk_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.write_bytes(b"new")
    target.write_bytes(b"old")

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(fcntl, "ioctl", full)
    with pytest.raises(OSError, match="No space left"):
        place_copy(source, target)
    assert target.read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["source", "target"]


def test_placing_replaces_a_link_and_not_what_it_points_to(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(b"new")
    (tmp_path / "pointed-to").write_bytes(b"old")
    (tmp_path / "target").symlink_to(tmp_path / "pointed-to")
    place_copy(tmp_path / "source", tmp_path / "target")
    assert (tmp_path / "pointed-to").read_bytes() == b"old"
    assert (tmp_path / "target").read_bytes() == b"new"


def test_a_missing_source_is_said_and_makes_no_target(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        place_copy(tmp_path / "missing", tmp_path / "folder" / "target")
    assert not (tmp_path / "folder" / "target").exists()


def test_a_second_name_takes_the_place_of_whatever_stood_there(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "deep" / "target"
    source.write_text("content")
    for _ in range(2):
        place_link(source, target)
        assert target.samefile(source)
    target.unlink()
    target.write_text("something else")
    place_link(source, target)
    assert target.samefile(source)
    assert [path.name for path in target.parent.iterdir()] == ["target"]


def test_where_the_disk_allows_no_link_it_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr("os.link", refuse)
    (tmp_path / "source").write_text("content")
    place_link(tmp_path / "source", tmp_path / "deep" / "target")
    link_or_copy(tmp_path / "source", tmp_path / "other")
    for copy in (tmp_path / "deep" / "target", tmp_path / "other"):
        assert copy.read_text() == "content"
        assert not copy.samefile(tmp_path / "source")


def test_a_copy_in_the_place_of_a_link_can_be_read_by_any_user_as_the_link_could(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr("os.link", refuse)
    before = os.umask(0o077)
    try:
        (tmp_path / "source").write_text("content")
        place_link(tmp_path / "source", tmp_path / "target")
        place_copy(tmp_path / "source", tmp_path / "own")
    finally:
        os.umask(before)
    assert (tmp_path / "target").stat().st_mode & 0o777 == 0o644
    assert (tmp_path / "own").stat().st_mode & 0o777 == 0o600, "a copy of one's own keeps the umask's mode"
