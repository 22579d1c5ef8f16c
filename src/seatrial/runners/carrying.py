"""Brings folders into a container and back where Docker Engine cannot see our files.

Each mount is a volume of the container's own: filled before the start through one archive stream, fetched
after the end through one for each mount. What a container wrote is unpacked here, so nothing in it is
trusted: only folders and plain files are made, and no link that a name could lead through. Until a mount
came back whole, its folder here stays as it was.
"""

from __future__ import annotations

import os
import shutil
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Protocol

from docker.api import APIClient

from seatrial.ports.runners import Mount
from seatrial.runners.streaming import stream
from seatrial.runners.tar_stream import Packing, Sent
from seatrial.runners.trees import remove_tree

_BLOCK = 1 << 20
_END = bytes(2 * tarfile.BLOCKSIZE)

AllSent = Mapping[str, Sent]
"""By the path in the container."""


def carry_in(api: APIClient, container: str, mounts: Sequence[Mount]) -> AllSent:
    """Fill the container's volumes; what was sent. A file of ours that cannot be read is a `SourceError`."""
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


def carry_out(api: APIClient, container: str, mounts: Sequence[Mount], sent: AllSent) -> None:
    """Make each mount's `source` hold what the container left there; `lower` stays as it is."""
    for mount in mounts:
        if not mount.read_only:
            _fetch(api, container, mount, sent)


def _fetch(api: APIClient, container: str, mount: Mount, sent: AllSent) -> None:
    fresh = Path(tempfile.mkdtemp(prefix=".seatrial-", dir=mount.source.parent))
    try:
        # Docker does not remove a container while an answer about it is open.
        with stream(api, "GET", container, "archive", path=mount.target) as answer:
            reader = _Reader(answer.raw)
            with tarfile.open(fileobj=reader, mode="r|", errors="surrogateescape") as archive:  # type: ignore[call-overload]  # all it needs is `read`
                _Unpacking(mount, fresh, sent).take(archive)
            reader.demand_end()
        fresh.chmod(mount.source.stat().st_mode)
        remove_tree(mount.source)
        fresh.replace(mount.source)
    except BaseException:
        remove_tree(fresh)
        raise


class _Source(Protocol):
    def read(self, amount: int) -> bytes: ...


class _Reader:
    """An answer's body, whose last bytes are kept."""

    def __init__(self, body: _Source) -> None:
        self._body = body
        self._last = b""

    def read(self, amount: int) -> bytes:
        """As many bytes as asked for, fewer only at the end; the body itself answers with what it has."""
        parts = []
        while amount > 0 and (part := self._body.read(amount)):
            parts.append(part)
            amount -= len(part)
        data = b"".join(parts)
        self._last = (self._last + data[-len(_END) :])[-len(_END) :]
        return data

    def demand_end(self) -> None:
        """Raise if the archive has no end mark: `tarfile` takes a stream that was cut for a shorter one."""
        while self.read(_BLOCK):
            pass
        if self._last != _END:
            raise tarfile.ReadError("the archive was cut short")


class _Unpacking:
    """One mount's archive on its way into the folder `fresh`."""

    def __init__(self, mount: Mount, fresh: Path, sent: AllSent) -> None:
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
                if not self._lies_beneath(below, self._came[below]):
                    _write(archive, member, target)
                    self._set_time(target, below, self._came[below])
            elif member.islnk():
                self._name_again(_below_the_mount(member.linkname), below)

    def _lies_beneath(self, below: PurePosixPath, came: tuple[int, int]) -> bool:
        """Whether it is a file of `lower` that came back as it was sent."""
        known, lower = self._known(below, came), self._mount.lower
        return known is not None and lower is not None and known.source.is_relative_to(lower)

    def _known(self, below: PurePosixPath, came: tuple[int, int]) -> Sent | None:
        """What was sent as this file, if size and time are still the same."""
        known = self._sent.get(f"{self._mount.target}/{below}")
        return known if known is not None and (known.size, known.time) == came else None

    def _set_time(self, target: Path, below: PurePosixPath, came: tuple[int, int]) -> None:
        """Its own time again, to the nanosecond, if the container left it: that is how a change is told."""
        known = self._known(below, came)
        modified = known.source.stat().st_mtime_ns if known else came[1] * 10**9
        os.utime(target, ns=(modified, modified))

    def _name_again(self, first: PurePosixPath, below: PurePosixPath) -> None:
        """A second name of a file that came before, made a file of its own."""
        came = self._came.get(first)
        if came is None or self._lies_beneath(below, came):
            return  # of a link, or of a file that is there as it was
        content = self._fresh / first
        if not content.is_file() and self._mount.lower is not None:
            content = self._mount.lower / first
        shutil.copyfile(content, self._fresh / below)
        self._set_time(self._fresh / below, below, came)


def _below_the_mount(name: str) -> PurePosixPath:
    """Relative to the mounted folder, whose own name comes first."""
    return PurePosixPath(*PurePosixPath(name).parts[1:])


def _write(archive: tarfile.TarFile, member: tarfile.TarInfo, target: Path) -> None:
    body = archive.extractfile(member)
    with target.open("xb") as file:
        if body is not None:
            shutil.copyfileobj(body, file, _BLOCK)
    target.chmod(member.mode & 0o777 | 0o600)
