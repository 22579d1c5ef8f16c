"""Archives: the same content gives the same bytes, under names that unpack where they should."""

from __future__ import annotations

import hashlib
import os
import tarfile
from pathlib import Path

import pytest

from seatrial.engines.native.archives import write_archive
from seatrial.engines.native.trees import walk


def packed(folder: Path, target: Path) -> bytes:
    write_archive(list(walk(folder, folder)), target)
    return target.read_bytes()


@pytest.fixture
def model(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    (folder / "sub" / "empty").mkdir(parents=True)
    (folder / "b").write_bytes(b"b" * 100_000)
    (folder / "sub" / "a").write_text("a")
    (folder / "run.sh").write_text("")
    (folder / "run.sh").chmod(0o755)
    return folder


def test_names_are_relative_sorted_and_without_a_dot(model: Path, tmp_path: Path) -> None:
    packed(model, tmp_path / "m.tar.gz")
    with tarfile.open(tmp_path / "m.tar.gz") as archive:
        assert archive.getnames() == ["b", "run.sh", "sub", "sub/a", "sub/empty"]


def test_members_carry_size_and_digest_of_the_files(model: Path, tmp_path: Path) -> None:
    members = write_archive(list(walk(model, model)), tmp_path / "m.tar.gz")
    assert [(member.name, member.size) for member in members] == [("b", 100_000), ("run.sh", 0), ("sub/a", 1)]
    assert members[0].sha256 == hashlib.sha256(b"b" * 100_000).hexdigest()


def test_times_and_file_names_do_not_change_the_bytes(model: Path, tmp_path: Path) -> None:
    first = packed(model, tmp_path / "first.tar.gz")
    for path in [model, *model.rglob("*")]:
        os.utime(path, (1, 1))
    assert packed(model, tmp_path / "second.tar.gz") == first


def test_content_and_permissions_are_kept(model: Path, tmp_path: Path) -> None:
    packed(model, tmp_path / "m.tar.gz")
    with tarfile.open(tmp_path / "m.tar.gz") as archive:
        content = archive.extractfile("b")
        assert content is not None
        assert content.read() == b"b" * 100_000
        assert archive.getmember("run.sh").mode == 0o755
        assert {(item.uid, item.gid, item.uname, item.mtime) for item in archive} == {(0, 0, "", 0)}


def test_links_pipes_and_what_they_point_to_stay_out(model: Path, tmp_path: Path) -> None:
    (model / "passwd").symlink_to("/etc/passwd")
    (model / "etc").symlink_to("/etc")
    os.mkfifo(model / "pipe")
    packed(model, tmp_path / "m.tar.gz")
    with tarfile.open(tmp_path / "m.tar.gz") as archive:
        assert archive.getnames() == ["b", "run.sh", "sub", "sub/a", "sub/empty"]


def test_a_folder_without_files_gives_no_archive(tmp_path: Path) -> None:
    (tmp_path / "model" / "empty").mkdir(parents=True)
    assert write_archive(list(walk(tmp_path, tmp_path / "model")), tmp_path / "m.tar.gz") == ()
    assert not (tmp_path / "m.tar.gz").exists()
