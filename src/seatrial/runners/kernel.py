"""Calls of Linux that Python has no words for: mounting, and being told of files that are opened.

Through ctypes on the C library that Python itself stands on: nothing is compiled or installed for it. Every
refusal is an `OSError`; so is a system that is not Linux. Knows no containers.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from struct import Struct
from typing import Any

IN_OPEN = 0x20
IN_Q_OVERFLOW = 0x4000
IN_ISDIR = 0x40000000
_IN_ONLYDIR = 0x01000000
_IN_DONT_FOLLOW = 0x02000000
_MNT_DETACH = 2
# struct inotify_event: watch, mask, cookie, length of the name that follows.
_HEAD = Struct("iIII")


@dataclass(frozen=True)
class Event:
    """What happened to `name` in the watched folder; of the folder itself there is no name."""

    watch: int
    mask: int
    name: str


def mount_overlay(target: str, options: str) -> None:
    """Mount an overlay with these options; for root of the machine."""
    _call("mount", b"overlay", os.fsencode(target), b"overlay", ctypes.c_ulong(0), os.fsencode(options))


def unmount(target: str) -> None:
    """Take the mount out of sight at once; it is gone when nobody uses it any more."""
    _call("umount2", os.fsencode(target), _MNT_DETACH)


def open_inotify() -> int:
    """A descriptor from which events are read; reading does not wait."""
    return _call("inotify_init1", os.O_CLOEXEC | os.O_NONBLOCK)


def add_watch(inotify: int, folder: str) -> int:
    """Be told of files of the folder that are opened, not of those in folders beneath."""
    mask = IN_OPEN | _IN_ONLYDIR | _IN_DONT_FOLLOW
    return _call("inotify_add_watch", inotify, os.fsencode(folder), ctypes.c_uint32(mask))


def remove_watch(inotify: int, watch: int) -> None:
    """Be told no more of this folder."""
    _call("inotify_rm_watch", inotify, watch)


def parse_events(data: bytes) -> Iterator[Event]:
    """The events of what was read from an inotify descriptor, which are always whole."""
    place = 0
    while place < len(data):
        watch, mask, _cookie, length = _HEAD.unpack_from(data, place)
        place += _HEAD.size
        yield Event(watch, mask, os.fsdecode(data[place : place + length].rstrip(b"\0")))
        place += length


def _call(name: str, *arguments: Any) -> int:
    if sys.platform != "linux":
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
    result = int(getattr(_library(), name)(*arguments))
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


@cache
def _library() -> ctypes.CDLL:
    """The C library of this process."""
    return ctypes.CDLL(None, use_errno=True)
