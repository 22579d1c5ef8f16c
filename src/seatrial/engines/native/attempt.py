"""One attempt at one job, from its request to its result; every verb of it lives in a file of its own."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path

from seatrial.engines import logs
from seatrial.engines.attempt import JobAttempt
from seatrial.engines.diary import Diary
from seatrial.engines.ending import STOPPED, Ending, failed
from seatrial.engines.job import FailedJobError, Job
from seatrial.engines.job_keys import JobKeys
from seatrial.engines.metrics import final_values
from seatrial.engines.native.common_log import following
from seatrial.engines.native.continuous import Sync, sending
from seatrial.engines.native.contradictions import refuse_contradictions
from seatrial.engines.native.endings import Evidence, judge
from seatrial.engines.native.host import Host, labels_of
from seatrial.engines.native.listing import list_inputs
from seatrial.engines.native.lost import lost_files
from seatrial.engines.native.parts import Parts
from seatrial.engines.native.pipes import feeding
from seatrial.engines.native.seen_files import Watched, files_seen
from seatrial.engines.native.stage_out import send_out
from seatrial.engines.native.staging import Stage, take_back
from seatrial.engines.native.together import Ran, run_together
from seatrial.engines.native.unsupported import list_unsupported
from seatrial.engines.own_transfers import lying, offered, sent
from seatrial.engines.processing import read_processing_job
from seatrial.engines.training import read_training_job
from seatrial.errors import EnvironmentUnfitError
from seatrial.ports.images import LocalImage
from seatrial.ports.jobs import UPLOADING, InputReceipt, JobRequest, LostFile
from seatrial.ports.runners import Peers
from seatrial.ports.storage import Writing

_READ = {"Processing": read_processing_job, "Training": read_training_job}
_log = logging.getLogger(__name__)


class Attempt(JobAttempt):
    """Stages in, runs the container, or one for each host, stages out."""

    def __init__(
        self, parts: Parts, request: JobRequest, diary: Diary, stage: Stage, stop: threading.Event
    ) -> None:
        super().__init__(parts.images, request, diary, stop, JobKeys(parts.store, parts.calls))
        self._parts = parts
        self._stage = stage
        self._containers: tuple[str, ...] = (request.name,)
        self._read_from: tuple[InputReceipt, ...] = ()
        self._before: frozenset[Writing] = frozenset()
        self._sync: Sync | None = None
        self._unsent: FailedJobError | None = None

    def interrupt(self) -> None:
        """End every container of the job, also one that has not begun."""
        for container in self._containers:
            self._parts.runner.stop(container)

    def settle(self) -> None:
        """Wait until nothing is left of the job's containers."""
        for container in self._containers:
            self._parts.runner.settle(container)

    def _read(self) -> Job:
        kind, parameters = self._request.kind, self._request.parameters
        self._refuse(list_unsupported(kind, parameters, self._parts.settings.max_instances))
        refuse_contradictions(kind, parameters)
        return _READ[kind](self._request)

    def _live(self) -> Ending:
        job = self._read()
        hosts = self._hosts(job)
        self._diary.enter("Starting")
        with self._diary.timing("stage_in"):
            image = self._stage_in(job, hosts)
        if self._stop.is_set():
            return STOPPED
        self._diary.enter(self._request.kind)
        with self._diary.timing("container"):
            ran = self._run_containers(job, hosts, image)
        if any(outcome.lost for outcome in ran.outcomes):
            # It may still run: what it writes from now on must be nobody's.
            self.settle()
        for host in hosts:
            take_back(host.stage.tree, self._parts.runner)
        ending = self._judge(job, hosts, ran)
        self._observe(job, hosts, ran)
        try:
            with self._diary.timing("stage_out"):
                self._stage_out(job, hosts, ending, surely_ended=all(not each.lost for each in ran.outcomes))
        except FailedJobError as failure:
            self._remember_denial(failure)
            return replace(failed(str(failure)), exit_message=ending.exit_message)
        return ending

    def _hosts(self, job: Job) -> Sequence[Host]:
        """One that is the job itself, or several that share its name and its log."""
        names = job.cluster.hosts
        if len(names) == 1:
            [name] = names
            own = (name, self._request.name, self._stage, self._log)
            return [Host(self._parts, self._keys, self._request, job, *own)]
        stages = [self._stage, *(self._stage.beside(name) for name in names[1:])]
        hosts = [
            Host(
                self._parts,
                self._keys,
                self._request,
                job,
                name,
                f"{self._request.name}-{name}",
                stage,
                stage.scratch / "log.txt",
            )
            for name, stage in zip(names, stages, strict=True)
        ]
        self._containers = tuple(host.container for host in hosts)
        return hosts

    def _stage_in(self, job: Job, hosts: Sequence[Host]) -> LocalImage:
        listed = list_inputs(
            self._parts.store,
            job,
            self._parts.address.region,
            whole_keys=self._parts.settings.fidelity.manifest_names == "whole-key",
        )
        self._image = image = self._resolve_image(job.image_uri)
        self._diary.enter("Downloading")
        self._demand_pipes(job, image)
        for host in hosts:
            host.bring_in(listed, image)
        self._read_from = tuple(each.receipt for each in listed)
        self._inputs = (*self._read_from, *offered(self._parts.store, job.own_inputs))
        self._before = lying(self._parts.store, job.own_outputs)
        self._diary.moved(bytes_in=sum(host.staged.size for host in hosts))
        return image

    def _demand_pipes(self, job: Job, image: LocalImage) -> None:
        piped = [item.name for item in job.inputs if item.reading.mode == "Pipe"]
        if piped and not self._parts.runner.shows(self._stage.tree, image.reference):
            raise EnvironmentUnfitError(
                f"{', '.join(piped)} of {self._request.name} come through pipes, and Docker Engine does not "
                f"see the files of this machine",
                slug="pipes-not-shared",
                where=self._request.name,
                hint="run seatrial on the engine's own machine, or use File mode; then seatrial resume",
            )

    def _run_containers(self, job: Job, hosts: Sequence[Host], image: LocalImage) -> Ran:
        pipes = [pipe for host in hosts for pipe in host.staged.pipes]
        ran: Ran | None = None
        with self._together(hosts) as peers:
            specs = [host.spec(image, each) for host, each in zip(hosts, peers, strict=True)]
            try:
                with self._sending(job, hosts, image), feeding(pipes, self.interrupt):
                    ran = run_together(self._parts.runner, specs)
                    self._diary.ran(ran.outcome)
            except FailedJobError as unsent:
                if ran is None:
                    raise
                self._unsent = unsent
        return ran

    def _judge(self, job: Job, hosts: Sequence[Host], ran: Ran) -> Ending:
        """A container that was sent less than was promised may take it for all, however it ended."""
        if self._unsent is not None:
            return failed(str(self._unsent))
        return judge(self._request.kind, job, self._evidence(hosts, ran), self._parts.settings.fidelity)

    @contextmanager
    def _together(self, hosts: Sequence[Host]) -> Iterator[Sequence[Peers | None]]:
        """What several hosts have in common for as long as they run: a network and a log."""
        if len(hosts) == 1:
            yield [None]
            return
        name, runner = self._request.name, self._parts.runner
        with (
            following({host.name: host.log for host in hosts}, self._log),
            runner.together(name, labels_of(self._request)) as network,
        ):
            try:
                yield [Peers(network, host.name) for host in hosts]
            finally:
                self.settle()

    def _sending(self, job: Job, hosts: Sequence[Host], image: LocalImage) -> AbstractContextManager[None]:
        """Send what the service would send while the job runs, if any of its files are seen until the end."""
        outputs = [output for output in job.outputs if output.always]
        if not outputs:
            return nullcontext()
        if not self._parts.runner.shows(self._stage.tree, image.reference):
            _log.warning(
                "%s: Docker Engine does not see our files, so what it would upload while it runs is uploaded "
                "when it has ended",
                self._request.name,
            )
            return nullcontext()
        self._sync = Sync(self._parts.store, _trees(hosts), outputs)
        return sending(self._sync)

    def _evidence(self, hosts: Sequence[Host], ran: Ran) -> Evidence:
        decisive = hosts[ran.decisive]
        return Evidence(
            ran.outcome,
            decisive.stage.tree,
            logs.tail(decisive.log),
            trees=_trees(hosts),
            instance_type=decisive.instance_type,
        )

    def _observe(self, job: Job, hosts: Sequence[Host], ran: Ran) -> None:
        lost = [
            file
            for host, outcome in zip(hosts, ran.outcomes, strict=True)
            for file in lost_files(job, host.stage.tree, host.staged.files, outcome)
        ]
        self._lost = tuple(sorted(_by_path(lost), key=lambda file: file.container_path))
        if self._parts.settings.observation.files:
            watched = [Watched(h.stage, h.staged, each) for h, each in zip(hosts, ran.outcomes, strict=True)]
            self._input_files, self._files_unseen = files_seen(job, watched)
        if job.metrics:
            # Of several hosts that print one metric, the first has the last word.
            lines = (line for host in reversed(hosts) for line in logs.lines(host.log))
            self._metrics = final_values(lines, job.metrics)

    def _stage_out(self, job: Job, hosts: Sequence[Host], ending: Ending, *, surely_ended: bool) -> None:
        earlier = self._sync.sent if self._sync else {}
        self._outputs = sent(self._parts.store, job.own_outputs, self._before, besides=earlier.values())
        outputs = [output for output in job.outputs if ending.uploads or output.always]
        if not outputs:
            return
        self._diary.enter(UPLOADING)
        uploaded = send_out(
            self._parts.store,
            _trees(hosts),
            self._stage.scratch,
            outputs,
            self._read_from,
            brought_in=[host.staged.files for host in hosts],
            surely_ended=surely_ended,
            earlier=earlier,
        )
        self._outputs = (*uploaded, *self._outputs)
        self._diary.moved(bytes_out=sum(item.size for receipt in uploaded for item in receipt.objects))


def _trees(hosts: Sequence[Host]) -> list[Path]:
    return [host.stage.tree for host in hosts]


def _by_path(lost: Sequence[LostFile]) -> list[LostFile]:
    """Each path once, the largest of what several hosts lost there."""
    return list({file.container_path: file for file in sorted(lost, key=lambda file: file.size)}.values())
