"""Files that are copies of one another and never share a fate: reflink where the disk can, else a copy.

A hard link is no copy: whoever writes to one name writes to all. It is made only where nobody can write.
Knows nothing of stores.
"""

from __future__ import annotations

import errno
import fcntl
import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

# Of a file that may be handed to a process of any user, whatever our umask.
READABLE = 0o644
# linux/fs.h: _IOW(0x94, 9, int). Shares the blocks of two files until one of them is written.
_FICLONE = 0x40049409
_AT_ONCE = 1 << 30
_CANNOT = {errno.EXDEV, errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTTY, errno.EPERM, errno.EBADF}
_NO_LINK = {errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOSYS}


def copy_file(source: Path, target: Path) -> None:
    """Make `target`, which must not exist, an independent file with the content of `source`."""
    with source.open("rb") as reading, target.open("xb") as writing:
        if not _cloned(reading, writing) and not _copied_by_kernel(reading, writing):
            shutil.copyfileobj(reading, writing, 1 << 20)


def link_or_copy(source: Path, target: Path) -> None:
    """Make `target`, which must not exist, a second name of `source`; a copy where the disk allows no link.

    Another disk, a file of another owner (`fs.protected_hardlinks`), or a file with too many names.
    """
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as refusal:
        if refusal.errno not in _NO_LINK:
            raise
        copy_file(source, target)


def place_copy(source: Path, target: Path, mode: int | None = None) -> None:
    """Put a copy of `source` at `target`, whole or not at all, whatever stood there before.

    Without `mode` it has the one that our umask gives.
    """
    part = partial_name(target)
    try:
        try:
            copy_file(source, part)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            copy_file(source, part)
        if mode is not None:
            part.chmod(mode)
        part.replace(target)
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def place_link(source: Path, target: Path) -> None:
    """Put a second name of `source`, or else a copy that any user can read, at `target`.

    Whatever stood there before gives way.
    """
    try:
        try:
            os.link(source, target, follow_symlinks=False)
        except FileNotFoundError:
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(source, target, follow_symlinks=False)
    except FileExistsError:
        target.unlink()  # a rename of one name of a file to another would do nothing
        place_link(source, target)
    except OSError as refusal:
        if refusal.errno not in _NO_LINK:
            raise
        place_copy(source, target, READABLE)


def partial_name(target: Path) -> Path:
    """A fresh name beside `target`, short whatever the target's name."""
    return target.with_name(f".seatrial-{secrets.token_hex(8)}.part")


def _cloned(reading: BinaryIO, writing: BinaryIO) -> bool:
    try:
        fcntl.ioctl(writing.fileno(), _FICLONE, reading.fileno())
    except OSError as refusal:
        if refusal.errno in _CANNOT:
            return False
        raise
    return True


def _copied_by_kernel(reading: BinaryIO, writing: BinaryIO) -> bool:
    if not hasattr(os, "copy_file_range"):  # Linux only
        return False
    left = os.fstat(reading.fileno()).st_size
    try:
        while left > 0:
            moved = os.copy_file_range(reading.fileno(), writing.fileno(), min(left, _AT_ONCE))
            if moved == 0:
                raise OSError(errno.EIO, "the file became shorter while it was copied", reading.name)
            left -= moved
    except OSError as refusal:
        if refusal.errno in _CANNOT and writing.tell() == 0 and os.fstat(writing.fileno()).st_size == 0:
            return False
        raise
    return True
