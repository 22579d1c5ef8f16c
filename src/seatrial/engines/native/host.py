"""One host of a job: its folders, what is brought into them, the container that sees them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from seatrial.engines.config_files import resource_config
from seatrial.engines.instances import look_up_instance
from seatrial.engines.job import Job
from seatrial.engines.job_keys import JobKeys
from seatrial.engines.locations import staged
from seatrial.engines.native.environment import job_environment
from seatrial.engines.native.layers import is_read_only, layered_mounts, mount_of
from seatrial.engines.native.listing import Listed
from seatrial.engines.native.old_clients import CONTAINER_FOLDER, write_client_files
from seatrial.engines.native.parts import Parts
from seatrial.engines.native.seen_files import watched_files
from seatrial.engines.native.sharding import dealt_to
from seatrial.engines.native.stage_in import StagedInputs, bring_in, prepare_tree
from seatrial.engines.native.staging import Stage
from seatrial.ports.images import LocalImage
from seatrial.ports.jobs import JobRequest
from seatrial.ports.runners import JobSpec, Mount, Peers
from seatrial.runners.labels import EXECUTION_LABEL, JOB_LABEL, STEP_LABEL

# Staging takes its time, and a job that runs to its limit must still be able to save what it has.
_CREDENTIALS_MARGIN = timedelta(minutes=15)


def labels_of(request: JobRequest) -> dict[str, str]:
    """What everything that belongs to the job is found by."""
    return {EXECUTION_LABEL: request.execution_id, STEP_LABEL: request.step_name, JOB_LABEL: request.name}


@dataclass
class Host:
    """What one container of the job has to itself; `container` is its name, `log` what it prints to."""

    parts: Parts
    keys: JobKeys
    request: JobRequest
    job: Job
    name: str
    container: str
    stage: Stage
    log: Path
    staged: StagedInputs = field(default_factory=StagedInputs)
    _layered: frozenset[str] = frozenset()

    @property
    def instance_type(self) -> str:
        """Of this host; groups may differ."""
        return self.job.cluster.group_of(self.name).instance_type

    def bring_in(self, listed: Sequence[Listed], image: LocalImage) -> None:
        """Make the folders, and fill them with this host's share of the inputs."""
        job, stage = self.job, self.stage
        resources = {job.resource_file: resource_config(job.cluster, self.name)}
        prepare_tree(stage.tree, job, {**job.config_files, **resources})
        self._layered = self._choose_layers(image)
        self.staged = bring_in(
            self.parts.store,
            stage,
            dealt_to(self.name, job.cluster, listed),
            lambda item: is_read_only(item) or mount_of(job, item.container_path) in self._layered,
        )

    def spec(self, image: LocalImage, peers: Peers | None) -> JobSpec:
        """The container."""
        job, address, settings = self.job, self.parts.address, self.parts.settings
        instance = look_up_instance(self.instance_type)
        return JobSpec(
            name=self.container,
            image=image.reference,
            log_path=self.log,
            entrypoint=job.entrypoint,
            command=job.command,
            environment=self._environment(),
            mounts=self._mounts(),
            network=None if job.isolated else address.network,
            # Among others the name is the network's to tell; a host name of its own could lead elsewhere.
            hostname=self.name if peers is None else None,
            peers=peers,
            hosts={} if job.isolated else address.hosts,
            labels=labels_of(self.request),
            memory_bytes=instance.memory_bytes if instance else None,
            # Linux's own default; in Docker's 64 MB the workers of a data loader die of SIGBUS.
            shm_bytes=instance.memory_bytes // 2 if instance else None,
            cpus=float(instance.vcpus) if instance else None,
            timeout_seconds=float(job.max_runtime_seconds),
            grace_seconds=settings.stop_grace_seconds,
            init=job.init,
            watched=watched_files(job, self.staged) if settings.observation.files else (),
        )

    def _choose_layers(self, image: LocalImage) -> frozenset[str]:
        """The mounts whose inputs lie beneath them; each needs a folder there, also an empty one."""
        chosen = frozenset(
            mount
            for mount in layered_mounts(self.job)
            if self.parts.runner.layers(staged(self.stage.lower, mount), image.reference)
        )
        for mount in chosen:
            staged(self.stage.lower, mount).mkdir(parents=True, exist_ok=True)
        return chosen

    def _mounts(self) -> tuple[Mount, ...]:
        stage = self.stage
        mounts = tuple(
            Mount(
                staged(stage.tree, target),
                target,
                lower=staged(stage.lower, target) if target in self._layered else None,
                work=stage.work / str(number) if target in self._layered else None,
            )
            for number, target in enumerate(self.job.mounts)
        )
        mounts += tuple(
            Mount(staged(stage.lower, item.container_path), item.container_path, read_only=True)
            for item in self.job.inputs
            if is_read_only(item)
        )
        if self.job.isolated:
            return mounts
        folder = stage.scratch / "aws"
        write_client_files(folder, self.parts.address.container_endpoint_url)
        return (*mounts, Mount(folder, CONTAINER_FOLDER, read_only=True))

    def _environment(self) -> dict[str, str]:
        job, parts = self.job, self.parts
        lasting = timedelta(seconds=job.max_runtime_seconds) + _CREDENTIALS_MARGIN
        standing = {} if job.isolated else parts.standing(self.request.execution_id)
        return job_environment(
            {**standing, **job.environment},
            parts.address,
            None if job.isolated else self.keys.for_a_container(lasting),
            set_default_region=parts.settings.fidelity.set_default_region,
        )
