"""The container that serves a model, wholly described; starts nothing."""

from __future__ import annotations

from datetime import timedelta

from seatrial.engines.instances import look_up_instance
from seatrial.engines.locations import staged
from seatrial.engines.native.environment import job_environment
from seatrial.engines.native.old_clients import CONTAINER_FOLDER, write_client_files
from seatrial.engines.native.staging import Stage
from seatrial.engines.serving.model import MODEL, Model
from seatrial.engines.serving.parts import Parts
from seatrial.engines.serving.transform import Transform
from seatrial.ports.images import LocalImage
from seatrial.ports.jobs import JobRequest
from seatrial.ports.runners import JobSpec, Mount
from seatrial.runners.labels import EXECUTION_LABEL, JOB_LABEL, STEP_LABEL

# A transform job has no StoppingCondition; this is what a job without one is given.
LIMIT = timedelta(days=1)
_CREDENTIALS_MARGIN = timedelta(minutes=15)


def served_spec(
    parts: Parts, request: JobRequest, model: Model, transform: Transform, image: LocalImage, stage: Stage
) -> JobSpec:
    """`docker run IMAGE serve`, with the model's files and the environment of both model and job."""
    instance = look_up_instance(transform.instance_type)
    return JobSpec(
        name=request.name,
        image=image.reference,
        log_path=request.folder / "log.txt",
        command=("serve",),
        environment=_environment(parts, model, transform),
        mounts=_mounts(parts, model, stage),
        network=None if model.isolated else parts.address.network,
        hosts={} if model.isolated else parts.address.hosts,
        labels={
            EXECUTION_LABEL: request.execution_id,
            STEP_LABEL: request.step_name,
            JOB_LABEL: request.name,
        },
        memory_bytes=instance.memory_bytes if instance else None,
        shm_bytes=instance.memory_bytes // 2 if instance else None,
        cpus=float(instance.vcpus) if instance else None,
        timeout_seconds=LIMIT.total_seconds(),
        grace_seconds=parts.settings.stop_grace_seconds,
        # A server that is process 1 and has no handler of its own would not hear SIGTERM.
        init=True,
    )


def _environment(parts: Parts, model: Model, transform: Transform) -> dict[str, str]:
    return job_environment(
        {**model.environment, **transform.environment},
        parts.address,
        None if model.isolated else parts.store.job_credentials(LIMIT + _CREDENTIALS_MARGIN),
        set_default_region=parts.settings.fidelity.set_default_region,
    )


def _mounts(parts: Parts, model: Model, stage: Stage) -> tuple[Mount, ...]:
    mounted = Mount(staged(stage.tree, MODEL), MODEL)
    if model.isolated:
        return (mounted,)
    folder = stage.scratch / "aws"
    write_client_files(folder, parts.address.container_endpoint_url)
    return (mounted, Mount(folder, CONTAINER_FOLDER, read_only=True))
