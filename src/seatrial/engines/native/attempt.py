"""One attempt at one job, from its request to its result; every verb of it lives in a file of its own."""

from __future__ import annotations

import logging
import threading
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import timedelta

from seatrial.engines import logs
from seatrial.engines.attempt import JobAttempt
from seatrial.engines.config_files import HOST
from seatrial.engines.diary import Diary
from seatrial.engines.ending import STOPPED, Ending, failed
from seatrial.engines.instances import look_up_instance
from seatrial.engines.job import FailedJobError, Job
from seatrial.engines.locations import staged
from seatrial.engines.metrics import final_values
from seatrial.engines.native.continuous import Sync, sending
from seatrial.engines.native.contradictions import refuse_contradictions
from seatrial.engines.native.endings import Evidence, judge
from seatrial.engines.native.environment import job_environment
from seatrial.engines.native.layers import is_read_only, layered_mounts, mount_of
from seatrial.engines.native.listing import list_inputs
from seatrial.engines.native.lost import lost_files
from seatrial.engines.native.old_clients import CONTAINER_FOLDER, write_client_files
from seatrial.engines.native.pipes import feeding
from seatrial.engines.native.stage_in import StagedInputs, bring_in, prepare_tree
from seatrial.engines.native.stage_out import send_out
from seatrial.engines.native.staging import Stage, take_back
from seatrial.engines.native.unsupported import list_unsupported
from seatrial.engines.own_transfers import lying, offered, sent
from seatrial.engines.processing import read_processing_job
from seatrial.engines.training import read_training_job
from seatrial.errors import EnvironmentUnfitError
from seatrial.ports.images import ImageResolver, LocalImage
from seatrial.ports.jobs import UPLOADING, JobRequest
from seatrial.ports.runners import JobOutcome, JobSpec, Mount, Runner
from seatrial.ports.storage import ObjectStore, StoreAddress, Writing
from seatrial.runners.labels import EXECUTION_LABEL, JOB_LABEL, STEP_LABEL
from seatrial.settings import Settings

_READ = {"Processing": read_processing_job, "Training": read_training_job}
# Staging takes its time, and a job that runs to its limit must still be able to save what it has.
_CREDENTIALS_MARGIN = timedelta(minutes=15)
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Parts:
    """What every attempt is done with."""

    runner: Runner
    store: ObjectStore
    address: StoreAddress
    images: ImageResolver
    settings: Settings


class Attempt(JobAttempt):
    """Stages in, runs the container, stages out."""

    def __init__(
        self, parts: Parts, request: JobRequest, diary: Diary, stage: Stage, stop: threading.Event
    ) -> None:
        super().__init__(parts.images, request, diary, stop)
        self._parts = parts
        self._stage = stage
        self._staged = StagedInputs()
        self._layered: frozenset[str] = frozenset()
        self._before: frozenset[Writing] = frozenset()
        self._sync: Sync | None = None

    def _read(self) -> Job:
        kind, parameters = self._request.kind, self._request.parameters
        self._refuse(list_unsupported(kind, parameters))
        refuse_contradictions(kind, parameters)
        return _READ[kind](self._request)

    def _live(self) -> Ending:
        job = self._read()
        self._diary.enter("Starting")
        with self._diary.timing("stage_in"):
            self._stage_in(job)
        if self._stop.is_set():
            return STOPPED
        self._diary.enter(self._request.kind)
        with self._diary.timing("container"):
            outcome = self._run_container(job)
        if outcome.lost:
            # It may still run: what it writes from now on must be nobody's.
            self._parts.runner.settle(self._request.name)
        take_back(self._stage.tree, self._parts.runner)
        evidence = Evidence(outcome, self._stage.tree, logs.tail(self._log))
        ending = judge(self._request.kind, job, evidence, self._parts.settings.fidelity)
        self._observe(job, outcome)
        try:
            with self._diary.timing("stage_out"):
                self._stage_out(job, ending, surely_ended=outcome.lost is None)
        except FailedJobError as failure:
            return replace(failed(str(failure)), exit_message=ending.exit_message)
        return ending

    def _stage_in(self, job: Job) -> None:
        listed = list_inputs(
            self._parts.store,
            job,
            self._parts.address.region,
            whole_keys=self._parts.settings.fidelity.manifest_names == "whole-key",
        )
        self._image = self._resolve_image(job.image_uri)
        self._diary.enter("Downloading")
        prepare_tree(self._stage.tree, job)
        self._layered = self._choose_layers(job, self._image)
        self._demand_pipes(job, self._image)
        self._staged = bring_in(
            self._parts.store,
            self._stage,
            listed,
            lambda item: is_read_only(item) or mount_of(job, item.container_path) in self._layered,
        )
        self._inputs = (*self._staged.receipts, *offered(self._parts.store, job.own_inputs))
        self._before = lying(self._parts.store, job.own_outputs)
        self._diary.moved(bytes_in=self._staged.size)

    def _choose_layers(self, job: Job, image: LocalImage) -> frozenset[str]:
        """The mounts whose inputs lie beneath them; each needs a folder there, also an empty one."""
        wanted = layered_mounts(job)
        if not wanted or not self._parts.runner.layers(self._stage.lower, image.reference):
            return frozenset()
        for mount in wanted:
            staged(self._stage.lower, mount).mkdir(parents=True, exist_ok=True)
        return wanted

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

    def _run_container(self, job: Job) -> JobOutcome:
        with self._sending(job), feeding(self._staged.pipes, self._end_container):
            outcome = self._parts.runner.run(self._spec(job))
            self._diary.ran(outcome)
        return outcome

    def _end_container(self) -> None:
        """It has been sent less than it was promised, and would take that for all."""
        self._parts.runner.stop(self._request.name)

    def _sending(self, job: Job) -> AbstractContextManager[None]:
        """Send what the service would send while the job runs, if any of its files are seen until the end."""
        outputs = [output for output in job.outputs if output.always]
        if not outputs or self._image is None:
            return nullcontext()
        if not self._parts.runner.shows(self._stage.tree, self._image.reference):
            _log.warning(
                "%s: Docker Engine does not see our files, so what it would upload while it runs is uploaded "
                "when it has ended",
                self._request.name,
            )
            return nullcontext()
        self._sync = Sync(self._parts.store, [self._stage.tree], outputs)
        return sending(self._sync)

    def _spec(self, job: Job) -> JobSpec:
        address, settings, request = self._parts.address, self._parts.settings, self._request
        instance = look_up_instance(job.instance_type)
        return JobSpec(
            name=request.name,
            image=self._image.reference if self._image else job.image_uri,
            log_path=self._log,
            entrypoint=job.entrypoint,
            command=job.command,
            environment=self._environment(job),
            mounts=self._mounts(job),
            network=None if job.isolated else address.network,
            hostname=HOST,
            hosts={} if job.isolated else address.hosts,
            labels={
                EXECUTION_LABEL: request.execution_id,
                STEP_LABEL: request.step_name,
                JOB_LABEL: request.name,
            },
            memory_bytes=instance.memory_bytes if instance else None,
            # Linux's own default; in Docker's 64 MB the workers of a data loader die of SIGBUS.
            shm_bytes=instance.memory_bytes // 2 if instance else None,
            cpus=float(instance.vcpus) if instance else None,
            timeout_seconds=float(job.max_runtime_seconds),
            grace_seconds=settings.stop_grace_seconds,
            init=job.init,
        )

    def _mounts(self, job: Job) -> tuple[Mount, ...]:
        stage = self._stage
        mounts = tuple(
            Mount(
                staged(stage.tree, target),
                target,
                lower=staged(stage.lower, target) if target in self._layered else None,
                work=stage.work / str(number) if target in self._layered else None,
            )
            for number, target in enumerate(job.mounts)
        )
        mounts += tuple(
            Mount(staged(stage.lower, item.container_path), item.container_path, read_only=True)
            for item in job.inputs
            if is_read_only(item)
        )
        if job.isolated:
            return mounts
        folder = self._stage.scratch / "aws"
        write_client_files(folder, self._parts.address.container_endpoint_url)
        return (*mounts, Mount(folder, CONTAINER_FOLDER, read_only=True))

    def _environment(self, job: Job) -> dict[str, str]:
        lasting = timedelta(seconds=job.max_runtime_seconds) + _CREDENTIALS_MARGIN
        return job_environment(
            job.environment,
            self._parts.address,
            None if job.isolated else self._parts.store.job_credentials(lasting),
            set_default_region=self._parts.settings.fidelity.set_default_region,
        )

    def _observe(self, job: Job, outcome: JobOutcome) -> None:
        self._lost = lost_files(job, self._stage.tree, self._staged.files, outcome)
        if job.metrics:
            self._metrics = final_values(logs.lines(self._log), job.metrics)

    def _stage_out(self, job: Job, ending: Ending, *, surely_ended: bool) -> None:
        self._outputs = sent(self._parts.store, job.own_outputs, self._before)
        outputs = [output for output in job.outputs if ending.uploads or output.always]
        if not outputs:
            return
        self._diary.enter(UPLOADING)
        uploaded = send_out(
            self._parts.store,
            self._stage.tree,
            self._stage.scratch,
            outputs,
            self._staged.receipts,
            surely_ended=surely_ended,
            earlier=self._sync.sent if self._sync else None,
        )
        self._outputs = (*uploaded, *self._outputs)
        self._diary.moved(bytes_out=sum(item.size for receipt in uploaded for item in receipt.objects))
