"""Sees which files a container opens, from before its start until after its end; reads none of them.

The kernel tells of every file that is opened in a folder, by name, whoever opens it and in whichever mount
of it (inotify). A file that is only listed or asked for its size is not opened. A folder of which every file
was opened is not watched any longer, so that a job that reads its data again and again costs nothing more.
"""

from __future__ import annotations

import errno
import os
import select
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from seatrial.runners import kernel

_BUFFER = 1 << 16
# The kernel keeps 16384 events for us unless it was told otherwise: far more than come in this time.
_GATHER_MILLISECONDS = 5
_LIMITS = {
    errno.ENOSPC: "this machine's limit of watched folders is reached (sysctl fs.inotify.max_user_watches)",
    errno.EMFILE: "this machine's limit of watching processes is reached "
    "(sysctl fs.inotify.max_user_instances)",
}
LOST_SIGHT = (
    "more files were opened than the kernel could tell of at once (sysctl fs.inotify.max_queued_events)"
)


@dataclass
class _Folder:
    path: str
    unopened: set[str]


class Openings:
    """Watches `files` (paths in the container); `place` says where a folder of theirs lies on this machine.

    Raise `OSError` where that cannot be; `why_not` says why in words.
    """

    def __init__(self, files: Iterable[str], place: Callable[[str], str]) -> None:
        self._unopened = _by_folder(files)
        self._watched: dict[int, _Folder] = {}
        self._lost = False
        self._inotify = kernel.open_inotify()
        self._asked, self._ask = os.pipe()
        self._thread = threading.Thread(target=self._listen, name="openings", daemon=True)
        try:
            for folder in self._unopened.values():
                self._watched[kernel.add_watch(self._inotify, place(folder.path))] = folder
            self._thread.start()
        except BaseException:
            self._close()
            raise

    def finish(self) -> frozenset[str] | None:
        """The files that were not opened until now, None if that is not known; nothing is watched then."""
        os.write(self._ask, b".")
        self._thread.join()
        self._close()
        if self._lost:
            return None
        return frozenset(
            f"{folder.path}/{name}" for folder in self._unopened.values() for name in folder.unopened
        )

    def _listen(self) -> None:
        news, question = select.poll(), select.poll()
        news.register(self._inotify, select.POLLIN)
        news.register(self._asked, select.POLLIN)
        question.register(self._asked, select.POLLIN)
        asked = False
        while not asked:
            news.poll()
            # Many at once are read in fewer turns, and the job has the processor meanwhile.
            asked = bool(question.poll(_GATHER_MILLISECONDS))
            self._read()

    def _read(self) -> None:
        with suppress(BlockingIOError):
            while data := os.read(self._inotify, _BUFFER):
                for event in kernel.parse_events(data):
                    self._note(event)

    def _note(self, event: kernel.Event) -> None:
        if event.mask & kernel.IN_Q_OVERFLOW:
            self._lost = True
        folder = self._watched.get(event.watch)
        if folder is None or event.mask & kernel.IN_ISDIR:
            return
        if event.mask & kernel.IN_OPEN:
            folder.unopened.discard(event.name)
        if not folder.unopened:
            del self._watched[event.watch]
            with suppress(OSError):  # the folder is gone, and its watch with it
                kernel.remove_watch(self._inotify, event.watch)

    def _close(self) -> None:
        for descriptor in (self._inotify, self._asked, self._ask):
            os.close(descriptor)


def why_not(trouble: OSError) -> str:
    """Why nothing can be watched."""
    return _LIMITS.get(trouble.errno or 0, f"the kernel refused to watch folders ({trouble.strerror})")


def _by_folder(files: Iterable[str]) -> Mapping[str, _Folder]:
    names = defaultdict[str, set[str]](set)
    for path in files:
        folder, _, name = path.rpartition("/")
        names[folder].add(name)
    return {folder: _Folder(folder, found) for folder, found in names.items()}
