"""The containers that serve a model, wholly described; starts nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from seatrial.engines.instances import look_up_instance
from seatrial.engines.job_keys import JobKeys
from seatrial.engines.locations import staged
from seatrial.engines.native.environment import job_environment
from seatrial.engines.native.old_clients import CONTAINER_FOLDER, write_client_files
from seatrial.engines.native.staging import Stage
from seatrial.engines.serving.dialogue import PORT
from seatrial.engines.serving.model import MODEL, Model
from seatrial.engines.serving.parts import Parts
from seatrial.ports.images import LocalImage
from seatrial.ports.jobs import JobRequest
from seatrial.ports.runners import JobSpec, Mount
from seatrial.runners.labels import EXECUTION_LABEL, JOB_LABEL, STEP_LABEL

# Neither a transform job nor an endpoint has a StoppingCondition; this is what a job without one is given.
LIMIT = timedelta(days=1)
_CREDENTIALS_MARGIN = timedelta(minutes=15)
_SAFE_PORTS = 1000


@dataclass(frozen=True)
class Hosting:
    """What all containers of a model have in common: whose they are, on what, and what they are told."""

    request: JobRequest
    keys: JobKeys
    instance_type: str
    environment: Mapping[str, str]
    # Tells several models of one job apart, in the names of containers and folders.
    label: str = ""


@dataclass(frozen=True)
class Seat:
    """One container of a model: what its author calls it, how it is started, where it answers.

    `title` begins its lines where those of several are together.
    """

    name: str
    title: str
    spec: JobSpec
    port: int


def seat_models(
    parts: Parts, hosting: Hosting, model: Model, images: Sequence[LocalImage], stage: Stage
) -> tuple[Seat, ...]:
    """`docker run IMAGE serve` for each, with its own files, the model's environment and the job's."""
    several = len(model.containers) > 1
    shared = _shared_folders(parts, model, stage.scratch / _joined("aws", hosting.label))
    seats = []
    for number, (container, image) in enumerate(zip(model.containers, images, strict=True)):
        port = PORT + 1 + number if several else PORT
        told = _ports(port, number) if several else {}
        # Numbers, never the author's names: those may be each other's, or what a file of ours is called.
        own = _joined(hosting.label, str(number + 1)) if several or hosting.label else ""
        name = _joined(hosting.request.name, own)
        log = f"{_joined('log', own)}.txt"
        mounted = Mount(staged(tree_of(stage, hosting.label, number), MODEL), MODEL)
        seats.append(
            Seat(
                container.name,
                _joined(hosting.label, container.name),
                _spec(
                    parts,
                    hosting,
                    model,
                    name=name,
                    image=image.reference,
                    log_path=hosting.request.folder / log,
                    environment=_environment(parts, model, {**told, **container.environment}, hosting),
                    mounts=(mounted, *shared),
                ),
                port,
            )
        )
    return tuple(seats)


def tree_of(stage: Stage, label: str, number: int) -> Path:
    """What one container sees part of, from `/`."""
    return stage.tree / _joined(label, str(number + 1))


def log_of(folder: Path, seat: Seat) -> Path | None:
    """The file that the container alone writes to; None where that is the job's own log."""
    path = seat.spec.log_path
    return None if path == folder / "log.txt" else path


def _spec(
    parts: Parts,
    hosting: Hosting,
    model: Model,
    *,
    name: str,
    image: str,
    log_path: Path,
    environment: Mapping[str, str],
    mounts: tuple[Mount, ...],
) -> JobSpec:
    instance = look_up_instance(hosting.instance_type)
    return JobSpec(
        name=name,
        image=image,
        log_path=log_path,
        command=("serve",),
        environment=environment,
        mounts=mounts,
        network=None if model.isolated else parts.address.network,
        hosts={} if model.isolated else parts.address.hosts,
        labels={
            EXECUTION_LABEL: hosting.request.execution_id,
            STEP_LABEL: hosting.request.step_name,
            JOB_LABEL: hosting.request.name,
        },
        memory_bytes=instance.memory_bytes if instance else None,
        shm_bytes=instance.memory_bytes // 2 if instance else None,
        cpus=float(instance.vcpus) if instance else None,
        timeout_seconds=LIMIT.total_seconds(),
        grace_seconds=parts.settings.stop_grace_seconds,
        # A server that is process 1 and has no handler of its own would not hear SIGTERM.
        init=True,
    )


def _ports(port: int, number: int) -> dict[str, str]:
    """What the containers of one instance are told, so that none takes another's port."""
    first = 20000 + number * _SAFE_PORTS
    return {
        "SAGEMAKER_BIND_TO_PORT": str(port),
        "SAGEMAKER_SAFE_PORT_RANGE": f"{first}-{first + _SAFE_PORTS - 1}",
    }


def _environment(parts: Parts, model: Model, own: Mapping[str, str], hosting: Hosting) -> dict[str, str]:
    return job_environment(
        {**own, **hosting.environment},
        parts.address,
        None if model.isolated else hosting.keys.for_a_container(LIMIT + _CREDENTIALS_MARGIN),
        set_default_region=parts.settings.fidelity.set_default_region,
    )


def _shared_folders(parts: Parts, model: Model, folder: Path) -> tuple[Mount, ...]:
    """What every container that reaches the store sees besides its model."""
    if model.isolated:
        return ()
    write_client_files(folder, parts.address.container_endpoint_url)
    return (Mount(folder, CONTAINER_FOLDER, read_only=True),)


def _joined(*parts: str) -> str:
    return "-".join(part for part in parts if part)
