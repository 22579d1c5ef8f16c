"""The life of one container, verb by verb: create, fill, attach, wait, start, supervise, inspect, remove."""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timezone

from docker.api import APIClient
from docker.errors import APIError
from urllib3.exceptions import HTTPError

from seatrial.errors import ContainerError, EnvironmentUnfitError
from seatrial.ports.runners import JobOutcome, JobSpec
from seatrial.runners import request
from seatrial.runners.carrying import AllSent, carry_in, carry_out
from seatrial.runners.ending import Exit, Inbox, watch
from seatrial.runners.inspection import inspect
from seatrial.runners.layer import Look
from seatrial.runners.laying import Laid, OverlayError, laid
from seatrial.runners.output import Output
from seatrial.runners.refusals import ENGINE_TROUBLE, docker_text, exit_code_of_start, refused
from seatrial.runners.removal import is_name_conflict, remove, remove_leftover
from seatrial.runners.supervision import supervise
from seatrial.runners.tar_stream import SourceError
from seatrial.runners.watching import watching
from seatrial.runners.ways import Way


def live(
    api: APIClient,
    spec: JobSpec,
    inbox: Inbox,
    *,
    way: Way,
    unseen: str | None = None,
    host_cpus: float,
    capabilities: Mapping[str, str],
    look: Look | None = None,
    clean: Callable[[APIClient, str], object] = remove,
    started: Callable[[str], object] | None = None,
) -> JobOutcome:
    """Run the container to its end and see to its removal on every way out.

    `unseen` is why nobody sees which files it opens, if so; `look` lists files in a folder that only the
    engine may read; `clean` removes an ended container, in its own time; `started` hears the id of one whose
    process runs.
    """
    spec.log_path.parent.mkdir(parents=True, exist_ok=True)
    with (
        _laid(spec, way) as overlays,
        watching(spec, way, unseen) as watched,
        _created(api, spec, way, host_cpus, capabilities, clean) as container,
    ):
        try:
            sent = carry_in(api, container, spec.mounts) if way is Way.ARCHIVE else None
            output = Output(api, container, spec.log_path)
            watch(api, container, inbox)
        except SourceError as trouble:
            raise EnvironmentUnfitError(
                f"a file for {spec.name} could not be sent: {trouble}",
                slug="local-file",
                where=spec.name,
                hint="check the disk and who may read the file, then seatrial resume",
            ) from trouble
        except ENGINE_TROUBLE as trouble:
            raise refused(trouble, spec) from trouble
        started_at = _now()
        try:
            api.start(container)
        except APIError as refusal:
            return _not_executed(refusal, spec, started_at)
        except ENGINE_TROUBLE as trouble:
            inbox.ended(
                Exit(None, f"Docker Engine was lost at the container's start ({docker_text(trouble)})")
            )
        overlays.let_go()
        if started is not None:
            started(container)
        ending = supervise(api, container, inbox, spec)
        ended_at = _now()
        seen = watched.finish()
        output.finish()
        record = inspect(api, container, ending.exit, spec, look)
        lost = record.lost or _bring_back(api, container, spec, sent)
        _demand_log(output, spec)
    return JobOutcome(
        exit_code=None if lost else ending.exit.code,
        started_at=started_at,
        ended_at=ended_at,
        out_of_memory=record.out_of_memory,
        timed_out=ending.timed_out,
        stopped=ending.stopped,
        lost=lost,
        untracked=record.untracked,
        unopened=seen.unopened,
        unseen=seen.unseen,
    )


@contextmanager
def _laid(spec: JobSpec, way: Way) -> Iterator[Laid]:
    """The overlays that are ours to mount."""
    try:
        with laid(spec.mounts if way is Way.MOUNTED else ()) as overlays:
            yield overlays
    except OverlayError as trouble:
        raise ContainerError(
            f"the inputs of {spec.name} could not be laid over the cache: {trouble}",
            slug="overlay-refused",
            where=spec.name,
            hint="seatrial doctor",
        ) from trouble


@contextmanager
def _created(
    api: APIClient,
    spec: JobSpec,
    way: Way,
    host_cpus: float,
    capabilities: Mapping[str, str],
    clean: Callable[[APIClient, str], object],
) -> Iterator[str]:
    """The container, for as long as it is looked after."""
    try:
        container = _create(api, spec, way, host_cpus, capabilities)
    except APIError as refusal:
        raise refused(refusal, spec) from refusal
    except BaseException as cut:
        # The engine may have made it without our learning its id.
        remove_leftover(api, spec.name, spec.labels)
        if isinstance(cut, ENGINE_TROUBLE):
            raise refused(cut, spec) from cut
        raise
    try:
        yield container
    except BaseException:
        remove(api, container)  # nobody waits for it any more
        raise
    clean(api, container)


def _create(
    api: APIClient, spec: JobSpec, way: Way, host_cpus: float, capabilities: Mapping[str, str]
) -> str:
    """Create it; one of ours that an earlier process left under the name goes first."""
    try:
        return request.create(api, spec, way=way, host_cpus=host_cpus, capabilities=capabilities)
    except APIError as refusal:
        if not (is_name_conflict(refusal) and remove_leftover(api, spec.name, spec.labels)):
            raise
    return request.create(api, spec, way=way, host_cpus=host_cpus, capabilities=capabilities)


def _bring_back(api: APIClient, container: str, spec: JobSpec, sent: AllSent | None) -> str | None:
    """Fetch what the container wrote if it lies where we cannot see it; why that could not be done."""
    if sent is None:
        return None
    try:
        carry_out(api, container, spec.mounts, sent)
    except (*ENGINE_TROUBLE, HTTPError, tarfile.TarError) as trouble:
        return f"what the container wrote could not be fetched ({docker_text(trouble)})"
    return None


def _demand_log(output: Output, spec: JobSpec) -> None:
    if output.trouble is not None:
        raise EnvironmentUnfitError(
            f"the log of {spec.name} could not be written: {output.trouble}",
            slug="log-not-written",
            where=str(spec.log_path),
            hint="make room on the disk or correct the folder's permissions, then seatrial resume",
        ) from output.trouble


def _not_executed(refusal: APIError, spec: JobSpec, started_at: datetime) -> JobOutcome:
    """A failed start: an entrypoint that cannot be executed is the job's failure, the rest the engine's."""
    code = exit_code_of_start(refusal)
    if code is None:
        raise refused(refusal, spec) from refusal
    text = docker_text(refusal)
    with spec.log_path.open("a", encoding="utf-8") as log:
        log.write(f"entrypoint {'not found' if code == 127 else 'not executable'}: {text}\n")
    return JobOutcome(exit_code=code, started_at=started_at, ended_at=_now(), start_failure=text)


def _now() -> datetime:
    return datetime.now(timezone.utc)
