"""From a test's words to a trial that came to its end; every trial of a test session shares one store."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from seatrial.app import trial
from seatrial.app.interrupts import stopping
from seatrial.app.parts import Parts
from seatrial.app.preflight import read_all_seeds
from seatrial.app.wishes import Wishes
from seatrial.errors import SeatrialError
from seatrial.execution import Control
from seatrial.ports.storage import S3Uri
from seatrial.pytest_plugin.outcome import SeaTrial
from seatrial.sessions.loaded import load
from seatrial.settings import load_settings
from seatrial.storage import apply_seeds, ephemeral_store


@contextmanager
def sea_trials(state: Path | None) -> Iterator[SeaTrials]:
    """The factory behind the fixture.

    With a `state` folder, records and logs go there, and the store is new and gone at the end; None
    means the project's own of both. A store that the settings name is used as it is.
    """
    with ExitStack() as stack:
        if state is None:
            # A test asks what a step does now, never what it did in an earlier test or run.
            yield SeaTrials(Parts(load_settings(step_cache=False), _say), own_store=False)
            return
        parts = Parts(load_settings(state_dir=state, step_cache=False), _say)
        named = parts.settings.store.endpoint_url is not None
        if not named:
            making = ephemeral_store(parts.settings, image=lambda: parts.images.ensure("minio"))
            parts = Parts(parts.settings, _say, address=stack.enter_context(making))
        yield SeaTrials(parts, own_store=not named)


class SeaTrials:
    """What the fixture `sea_trial` gives: called with a pipeline, it runs it."""

    def __init__(self, parts: Parts, *, own_store: bool) -> None:
        self._parts = parts
        self._own_store = own_store

    def __call__(
        self,
        pipeline: str | os.PathLike[str],
        *,
        parameters: Mapping[str, object] | None = None,
        seeds: Mapping[str, str | os.PathLike[str]] | None = None,
        seeds_file: str | os.PathLike[str] | None = None,
        prefix: str | None = None,
    ) -> SeaTrial:
        """Run `pipeline` (whatever `seatrial run` takes) to its end, good or bad.

        `parameters` become text, as the API sends them. `seeds` are S3 prefixes or objects and the
        folder or file that lies there. Paths are relative to the current folder. A pipeline that is
        refused, or a machine that cannot run it, raises `SeatrialError`.
        """
        __tracebackhide__ = True
        try:
            loaded = load(
                self._parts,
                os.fspath(pipeline),
                parameters={name: _text(value) for name, value in (parameters or {}).items()},
                prefix=prefix,
                seeds=tuple(f"{uri}={os.fspath(path)}" for uri, path in (seeds or {}).items()),
                seeds_file=Path(seeds_file) if seeds_file is not None else None,
            )
            with self._sown(loaded.wishes):
                return SeaTrial(self._run(loaded.wishes), self._parts)
        except SeatrialError as refusal:
            # Nobody who writes a pipeline's tests looks for its fault in these frames.
            raise refusal.with_traceback(None) from refusal.__cause__

    def _run(self, wishes: Wishes) -> trial.Trial:
        control = Control()
        with stopping(control, _say):
            ended = trial.run(self._parts, wishes, control, lambda record, definition: lambda event: None)
        if control.stop_requested:
            raise KeyboardInterrupt
        return ended

    @contextmanager
    def _sown(self, wishes: Wishes) -> Iterator[None]:
        """Seeds lie in a store of ours for as long as the trial runs.

        A test that forgot its seeds thus fails in whatever order the tests run.
        """
        if not self._own_store:
            yield
            return
        sown = apply_seeds(self._parts.store, read_all_seeds(wishes))
        try:
            yield
        finally:
            self._parts.store.delete(S3Uri(stored.bucket, stored.key) for stored in sown)


def _text(value: object) -> str:
    """A parameter as `StartPipelineExecution` receives it: a boolean in JSON's words."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _say(line: str) -> None:
    """pytest shows it with a test that fails, or at once under `-s`."""
    print(line)
