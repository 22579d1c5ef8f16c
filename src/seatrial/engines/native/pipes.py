"""Named pipes through which a container reads its inputs, one for each epoch; knows no stores and no Docker.

A thread for each input writes to a pipe as soon as somebody reads from it. When an epoch was read to its
end, or its reader closed it early, its pipe goes and the next one appears. Whatever a thread waits for, it
hears when the container has ended: also where nobody ever opens a pipe, and where a reader stops reading.

The folder of the pipes is the container's, which may put anything in their place: the folder is held open
from before the start, and so is each pipe from when it was made, whatever becomes of their names.
"""

from __future__ import annotations

import errno
import os
import select
import stat
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from seatrial.engines.job import FailedJobError
from seatrial.engines.native.streams import Stream

# How often a pipe that nobody reads yet is looked at.
_PATIENCE_SECONDS = 0.01
_BLOCK = 1 << 16
_ANY_USER = 0o666


@dataclass(frozen=True)
class Pipe:
    """One input: its pipes are `<base>_<epoch>`, in a folder that is there."""

    base: Path
    stream: Stream


@contextmanager
def feeding(pipes: Sequence[Pipe], give_up: Callable[[], object]) -> Iterator[None]:
    """Feed all pipes for as long as the container runs; the first of each is there when this begins.

    What a feeder cannot send is raised at the end; the container has read too little then, so it is
    `give_up`'s to end it.
    """
    with ExitStack() as held:
        over = held.enter_context(_over())
        feeders = [_Feeder(pipe, over, give_up) for pipe in pipes]
        for feeder in feeders:
            held.enter_context(feeder.serving())
        yield
    for feeder in feeders:
        if feeder.trouble is not None:
            raise feeder.trouble


class _Over:
    """Says that the container has ended, to whoever asks and to whoever waits for a descriptor."""

    def __init__(self, heard: int, told: int) -> None:
        self.heard = heard
        self._told = told
        self._event = threading.Event()

    def say(self) -> None:
        self._event.set()
        os.write(self._told, b"!")

    def wait(self, seconds: float) -> bool:
        return self._event.wait(seconds)


@contextmanager
def _over() -> Iterator[_Over]:
    heard, told = os.pipe()
    try:
        yield _Over(heard, told)
    finally:
        os.close(heard)
        os.close(told)


class _Feeder:
    """One input's thread and pipes."""

    def __init__(self, pipe: Pipe, over: _Over, give_up: Callable[[], object]) -> None:
        self.trouble: Exception | None = None
        self._pipe = pipe
        self._over = over
        self._give_up = give_up
        self._folder = self._first = -1
        self._thread = threading.Thread(target=self._run, name=f"pipe {pipe.base.name}", daemon=True)

    @contextmanager
    def serving(self) -> Iterator[None]:
        """The first pipe is there when this goes on, and none when it has ended."""
        self._folder = os.open(self._pipe.base.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._first = self._make(0)
            self._thread.start()
            try:
                yield
            finally:
                self._over.say()
                self._thread.join()
        finally:
            os.close(self._folder)

    def _run(self) -> None:
        try:
            for epoch in count():
                fifo = self._make(epoch) if epoch else self._first
                try:
                    if not self._feed(fifo, epoch):
                        return
                finally:
                    os.close(fifo)
                    with suppress(FileNotFoundError):
                        os.unlink(self._name(epoch), dir_fd=self._folder)
        except Exception as trouble:  # noqa: BLE001  # raised again by whoever waits for the container
            self.trouble = trouble
            self._give_up()

    def _name(self, epoch: int) -> str:
        return f"{self._pipe.base.name}_{epoch}"

    def _make(self, epoch: int) -> int:
        """A handle of the pipe itself, whatever becomes of its name."""
        name = self._name(epoch)
        with suppress(FileExistsError):
            os.mkfifo(name, dir_fd=self._folder)
            fifo = os.open(name, os.O_PATH | os.O_NOFOLLOW, dir_fd=self._folder)
            if stat.S_ISFIFO(os.fstat(fifo).st_mode):
                # The image may run as any user, and the caller's umask may be strict.
                Path(f"/proc/self/fd/{fifo}").chmod(_ANY_USER)
                return fifo
            os.close(fifo)
        raise FailedJobError(
            f"ClientError: Failed to download data. Something else is where {name} should be"
        )

    def _feed(self, fifo: int, epoch: int) -> bool:
        """Send one epoch to whoever reads it; False if nobody will read another one."""
        descriptor = self._open(fifo)
        if descriptor is None:
            return False
        try:
            return all(self._send(descriptor, block) for block in self._pipe.stream.epoch(epoch))
        except BrokenPipeError:
            return True  # closed early, as a reader may
        finally:
            os.close(descriptor)

    def _open(self, fifo: int) -> int | None:
        """Wait for a reader; None if the container ended before."""
        while not self._over.wait(_PATIENCE_SECONDS):
            try:
                return os.open(f"/proc/self/fd/{fifo}", os.O_WRONLY | os.O_NONBLOCK)
            except OSError as refusal:
                if refusal.errno != errno.ENXIO:  # nobody reads yet
                    raise
        return None

    def _send(self, descriptor: int, block: bytes) -> bool:
        """Write all of the block; False if the container ended before it was read."""
        waiting = select.poll()
        waiting.register(descriptor, select.POLLOUT)
        waiting.register(self._over.heard, select.POLLIN)
        left = memoryview(block)
        while left:
            ready = dict(waiting.poll())
            if self._over.heard in ready:
                return False
            with suppress(BlockingIOError):
                left = left[os.write(descriptor, left[:_BLOCK]) :]
        return True
