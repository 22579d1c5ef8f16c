"""Docker's refusals in our words; the only place where its error texts are read."""

from __future__ import annotations

import re

from docker.errors import APIError, DockerException, ImageNotFound, NotFound
from requests.exceptions import RequestException

from seatrial.errors import ContainerError
from seatrial.ports.runners import JobSpec

ENGINE_TROUBLE = (DockerException, RequestException, OSError)
"""What the SDK raises when the engine refuses or is lost."""

# How runc says that the first process cannot be executed, and the exit code a shell would give for it.
_NOT_STARTED: dict[str, int] = {
    r"executable file not found": 127,
    r"exec: .*no such file or directory": 127,
    r"permission denied": 126,
    r"is a directory": 126,
    r"exec format error": 126,
}
_EXECUTION = re.compile(r"(OCI runtime|runc) create failed|starting container process", re.IGNORECASE)


def exit_code_of_start(refusal: APIError) -> int | None:
    """The exit code for an entrypoint that cannot be executed; None for any other reason."""
    text = docker_text(refusal)
    if not _EXECUTION.search(text):
        return None
    return next((code for pattern, code in _NOT_STARTED.items() if re.search(pattern, text)), None)


def docker_text(refusal: Exception) -> str:
    """Docker's own words, without the HTTP around them."""
    if isinstance(refusal, APIError) and refusal.explanation:
        return str(refusal.explanation).strip()
    return str(refusal).strip()


def unanswered(trouble: Exception) -> ContainerError:
    """The error for a question about nothing in particular that got no answer."""
    return ContainerError(
        f"Docker Engine does not answer: {docker_text(trouble)}", slug="docker-lost", hint="seatrial doctor"
    )


def refused(refusal: Exception, spec: JobSpec) -> ContainerError:
    """The error for a container that never started."""
    text = docker_text(refusal)
    if isinstance(refusal, ImageNotFound) or (isinstance(refusal, NotFound) and "image" in text.lower()):
        return ContainerError(
            text,
            slug="image-not-found",
            where=spec.image,
            hint="seatrial images build, or map it to a local image under [images] in seatrial.toml",
        )
    if isinstance(refusal, NotFound) and "network" in text.lower():
        return ContainerError(text, slug="network-not-found", where=spec.network, hint="seatrial doctor")
    if "bind source path does not exist" in text:
        return ContainerError(
            text,
            slug="mount-not-visible",
            where=spec.name,
            hint="Docker Engine does not see this machine's files; run seatrial where the engine runs",
        )
    if "is already in use by container" in text:
        return ContainerError(
            text, slug="name-in-use", where=spec.name, hint=f"docker rm -f {spec.name}, if nobody needs it"
        )
    if isinstance(refusal, APIError) and refusal.status_code is not None:
        return ContainerError(
            f"Docker Engine refused the container: {text}", slug="container-refused", where=spec.name
        )
    return ContainerError(
        f"Docker Engine was lost before the container started: {text}",
        slug="docker-lost",
        where=spec.name,
        hint="seatrial doctor, then seatrial resume",
    )
