"""A model's archive is unpacked, and nothing in it is trusted."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import pytest

from seatrial.engines.serving.unpacking import UnpackingError, unpack


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "model"
    folder.mkdir()
    return folder


def archive(tmp_path: Path, *members: tarfile.TarInfo, text: bytes = b"text") -> Path:
    path = tmp_path / "model.tar.gz"
    with tarfile.open(path, "w:gz") as opened:
        for member in members:
            member.size = len(text) if member.isreg() else 0
            opened.addfile(member, io.BytesIO(text) if member.isreg() else None)
    return path


def member(name: str, kind: bytes = tarfile.REGTYPE, link: str = "", mode: int = 0o644) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.type, found.linkname, found.mode = kind, link, mode
    return found


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_files_and_folders_are_made_readable_for_whatever_user_the_image_has(
    tmp_path: Path, target: Path
) -> None:
    packed = archive(
        tmp_path,
        member("./", tarfile.DIRTYPE, mode=0o700),
        member("./code/inference.py", mode=0o600),
        member("run.sh", mode=0o700),
        member("empty", tarfile.DIRTYPE, mode=0o500),
    )
    unpack(packed, target)
    assert names(target) == ["code/inference.py", "run.sh"]
    assert (target / "empty").is_dir()
    modes = [(target / name).stat().st_mode & 0o777 for name in ("code", "code/inference.py", "run.sh")]
    assert modes == [0o777, 0o644, 0o755]


def test_links_inside_the_archive_become_copies(tmp_path: Path, target: Path) -> None:
    packed = archive(
        tmp_path,
        member("snapshots/1/model.bin", tarfile.SYMTYPE, "../../blobs/abc"),
        member("blobs/abc"),
        member("second", tarfile.LNKTYPE, "blobs/abc"),
        member("all", tarfile.SYMTYPE, "blobs"),
    )
    unpack(packed, target)
    assert names(target) == ["all/abc", "blobs/abc", "second", "snapshots/1/model.bin"]
    assert not any(path.is_symlink() for path in target.rglob("*"))


@pytest.mark.parametrize(
    "outside",
    [
        member("../outside"),
        member("/outside"),
        member("a/../../outside"),
        member("link", tarfile.SYMTYPE, "../outside"),
        member("link", tarfile.SYMTYPE, "/etc/passwd"),
        member("link", tarfile.LNKTYPE, "../outside"),
    ],
    ids=lambda each: f"{each.name} {each.linkname}",
)
def test_what_would_lie_or_lead_outside_is_refused(
    tmp_path: Path, target: Path, outside: tarfile.TarInfo
) -> None:
    with pytest.raises(UnpackingError, match="would lie outside the model's folder"):
        unpack(archive(tmp_path, outside), target)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["model", "model.tar.gz"]


def test_devices_and_links_to_nowhere_are_left_out(tmp_path: Path, target: Path) -> None:
    packed = archive(tmp_path, member("pipe", tarfile.FIFOTYPE), member("dead", tarfile.SYMTYPE, "nowhere"))
    unpack(packed, target)
    assert names(target) == []


@pytest.mark.parametrize("content", [b"", b"no archive", b"\x1f\x8b\x08broken"])
def test_what_is_no_archive_is_said(tmp_path: Path, target: Path, content: bytes) -> None:
    path = tmp_path / "model.tar.gz"
    path.write_bytes(content)
    with pytest.raises(UnpackingError, match="cannot be unpacked"):
        unpack(path, target)


def test_an_archive_that_was_cut_is_said(tmp_path: Path, target: Path) -> None:
    path = archive(tmp_path, member("model.bin"), text=bytes(range(256)) * 500)
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(UnpackingError):
        unpack(path, target)
