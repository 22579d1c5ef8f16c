"""Brings folders into a container and back where Docker Engine cannot see our files.

Each mount is a volume of the container's own: filled before the start through one archive stream, fetched
after the end through one for each mount. What a container wrote is unpacked here, so nothing in it is
trusted: only folders and plain files are made, and no link that a name could lead through.
"""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from docker.api import APIClient

from seatrial.ports.runners import Mount
from seatrial.runners.tar_stream import Packing

_BLOCK = 1 << 20
_END = bytes(2 * tarfile.BLOCKSIZE)

Sent = Mapping[str, tuple[int, int]]
"""Path in the container to the size and time, in whole seconds, that a file was sent with."""


def carry_in(api: APIClient, container: str, mounts: Sequence[Mount]) -> Sent:
    """Fill the container's volumes; what was sent."""
    packing = Packing(
        [
            (folder, mount.target)
            for mount in mounts
            for folder in (mount.lower, mount.source)
            if folder is not None
        ]
    )
    api.put_archive(container, "/", packing.stream())
    return packing.sent


def carry_out(api: APIClient, container: str, mounts: Sequence[Mount], sent: Sent) -> None:
    """Make each mount's `source` hold what the container left there; `lower` stays as it is."""
    for mount in mounts:
        if not mount.read_only:
            _fetch(api, container, mount, sent)


def _fetch(api: APIClient, container: str, mount: Mount, sent: Sent) -> None:
    stream, _ = api.get_archive(container, mount.target, chunk_size=_BLOCK)
    fresh = mount.source.with_name(f"{mount.source.name}.fresh")
    fresh.mkdir()
    try:
        reader = _Reader(stream)
        with tarfile.open(fileobj=reader, mode="r|", errors="surrogateescape") as archive:  # type: ignore[call-overload]  # all it needs is `read`
            _Unpacking(mount, fresh, sent).take(archive)
        reader.drain()
        reader.demand_end()
        fresh.chmod(mount.source.stat().st_mode)
        shutil.rmtree(mount.source)
        fresh.replace(mount.source)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


class _Reader:
    """The chunks of an answer as something to read from."""

    def __init__(self, chunks: Iterator[bytes]) -> None:
        self._chunks = chunks
        self._held = b""
        self._last = b""

    def read(self, amount: int) -> bytes:
        """As many bytes as asked for, fewer at the end."""
        parts, missing = [self._held], amount - len(self._held)
        while missing > 0 and (chunk := next(self._chunks, b"")):
            self._saw(chunk)
            parts.append(chunk)
            missing -= len(chunk)
        joined = b"".join(parts)
        self._held = joined[amount:]
        return joined[:amount]

    def drain(self) -> None:
        """Docker does not remove a container while an answer about it is not read to its end."""
        for chunk in self._chunks:
            self._saw(chunk)

    def demand_end(self) -> None:
        """Raise if the archive has no end mark: `tarfile` takes a stream that was cut for a shorter one."""
        if self._last != _END:
            raise tarfile.ReadError("the archive was cut short")

    def _saw(self, chunk: bytes) -> None:
        self._last = (self._last + chunk[-len(_END) :])[-len(_END) :]


class _Unpacking:
    """One mount's archive on its way into the folder `fresh`."""

    def __init__(self, mount: Mount, fresh: Path, sent: Sent) -> None:
        self._mount = mount
        self._fresh = fresh
        self._sent = sent
        self._came: dict[PurePosixPath, tuple[int, int]] = {}

    def take(self, archive: tarfile.TarFile) -> None:
        """Make every folder and plain file; links, pipes, sockets and devices are nobody's data."""
        for member in archive:
            below = _below_the_mount(member.name)
            if ".." in below.parts:
                continue  # no engine writes such a name
            target = self._fresh / below
            if member.isdir():
                target.mkdir(parents=True, exist_ok=True)
                target.chmod(member.mode & 0o777 | 0o700)
            elif member.isreg():
                self._came[below] = (member.size, int(member.mtime))
                if not self._is_unchanged(below, self._came[below]):
                    _write(archive, member, target)
            elif member.islnk():
                self._name_again(_below_the_mount(member.linkname), below)

    def _is_unchanged(self, below: PurePosixPath, came: tuple[int, int]) -> bool:
        """Whether it came back as it was sent; then our own file, its times to the nanosecond, is kept."""
        if self._sent.get(f"{self._mount.target}/{below}") != came:
            return False
        ours = self._mount.source / below
        if ours.is_file():
            ours.replace(self._fresh / below)
        return True

    def _name_again(self, first: PurePosixPath, below: PurePosixPath) -> None:
        """A second name of a file that came before: new, or one that was sent and has got another name."""
        came = self._came.get(first)
        if came is None or self._is_unchanged(below, came):
            return
        places = [self._fresh / first, self._mount.source / first]
        if self._mount.lower is not None:
            places.append(self._mount.lower / first)
        shutil.copyfile(next(place for place in places if place.is_file()), self._fresh / below)
        os.utime(self._fresh / below, (came[1], came[1]))


def _below_the_mount(name: str) -> PurePosixPath:
    """Relative to the mounted folder, whose own name comes first."""
    return PurePosixPath(*PurePosixPath(name).parts[1:])


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    body = archive.extractfile(member)
    with target.open("xb") as file:
        if body is not None:
            shutil.copyfileobj(body, file, _BLOCK)
    target.chmod(member.mode & 0o777 | 0o600)
    os.utime(target, (member.mtime, member.mtime))
