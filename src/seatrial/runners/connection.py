"""A client of Docker Engine, or the one thing that stands in its way; knows nothing of containers."""

from __future__ import annotations

import os
import shutil
import socket as unix
from collections.abc import Iterator
from pathlib import Path

import docker
from docker.context import ContextAPI
from docker.errors import DockerException
from requests.exceptions import RequestException

from seatrial.errors import EnvironmentUnfitError

DEFAULT_SOCKET = Path("/var/run/docker.sock")
# An ordinary user's PATH on Debian has no sbin, where the daemon lives.
DAEMON_PATH = os.pathsep.join(("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"))
# One connection each for the wait and the output of every container that runs at the same time.
_POOL_SIZE = 64
# Docker answers slowly while it unpacks large images; waits and streams have no limit of this kind.
_ANSWER_SECONDS = 120
_MEND = "seatrial doctor --fix"


def connect(*, socket: Path | None = None) -> docker.DockerClient:
    """A client of the engine that `docker` itself would use (DOCKER_HOST, context, default socket).

    With `socket` given, of the engine behind that socket. Raise `EnvironmentUnfitError` when none answers.
    """
    try:
        knock(socket or _chosen_socket())
        if socket is not None:
            return _quick(
                docker.DockerClient(
                    base_url=f"unix://{socket}", timeout=_ANSWER_SECONDS, max_pool_size=_POOL_SIZE
                )
            )
        return _quick(docker.from_env(timeout=_ANSWER_SECONDS, max_pool_size=_POOL_SIZE))
    except (DockerException, RequestException, OSError) as trouble:
        raise unfit(trouble, str(socket) if socket else chosen_elsewhere()) from trouble


def _quick(client: docker.DockerClient) -> docker.DockerClient:
    """Without a look for proxies and passwords before each of the dozen requests that a container takes."""
    if client.api.base_url.startswith("http+"):  # a socket of this machine
        client.api.trust_env = False
    return client


def knock(path: Path | None) -> None:
    """Raise `OSError` unless somebody listens behind the socket; the SDK would leave its own half open."""
    if path is None:
        return
    with unix.socket(unix.AF_UNIX, unix.SOCK_STREAM) as probe:
        probe.connect(str(path))


def _chosen_socket() -> Path | None:
    """The socket that the SDK will use; None where the engine is reached in another way."""
    url = os.environ.get("DOCKER_HOST") or ContextAPI.kwargs_from_context().get("base_url") or ""
    if not url:
        return DEFAULT_SOCKET
    scheme, _, path = url.partition("://")
    return Path("/" + path.lstrip("/")) if scheme.endswith("unix") else None


def chosen_elsewhere() -> str | None:
    """The engine that the user picked instead of the default socket, as he wrote it; None for the default."""
    host = os.environ.get("DOCKER_HOST")
    if host:
        return f"DOCKER_HOST={host}"
    try:
        context = os.environ.get("DOCKER_CONTEXT") or ContextAPI.get_current_context().Name
    except (DockerException, OSError, AttributeError):  # a current context that does not exist is None
        return "the current Docker context"
    return None if context == "default" else f"Docker context {context!r}"


def installed() -> bool:
    """Whether this machine has a Docker daemon to start."""
    return shutil.which("dockerd", path=DAEMON_PATH) is not None


def start_command() -> str:
    """What starts the installed daemon on this machine, for a user to type; root has us do it."""
    if os.geteuid() == 0:
        return _MEND
    if Path("/run/systemd/system").is_dir():
        return "sudo systemctl start docker"
    if Path("/etc/init.d/docker").exists() and shutil.which("service", path=DAEMON_PATH):
        return "sudo service docker start"
    return "sudo sh -c 'setsid dockerd >/var/log/dockerd.log 2>&1 </dev/null &'"


def install_command() -> str:
    """What installs an engine on this machine, for a user to type."""
    if shutil.which("apt-get", path=DAEMON_PATH):
        if os.geteuid() == 0:
            return _MEND
        return "sudo apt-get update && sudo apt-get install -y docker.io && sudo usermod -aG docker $USER"
    return "follow https://docs.docker.com/engine/install/ for this system"


def unfit(trouble: Exception, elsewhere: str | None) -> EnvironmentUnfitError:
    """Say which of the known obstacles it is, and what removes it."""
    if any(isinstance(cause, PermissionError) for cause in _causes(trouble)):
        return EnvironmentUnfitError(
            "permission denied on Docker's socket: this user is not in the group 'docker'",
            slug="docker-permission",
            where=elsewhere or str(DEFAULT_SOCKET),
            hint="sudo usermod -aG docker $USER && newgrp docker",
        )
    if elsewhere:
        return EnvironmentUnfitError(
            f"no Docker Engine answers at {elsewhere}: {trouble}",
            slug="docker-unreachable",
            where=elsewhere,
            hint="start that engine, or use the default one: unset DOCKER_HOST DOCKER_CONTEXT",
        )
    if not installed():
        return EnvironmentUnfitError(
            "Docker Engine is not installed", slug="docker-missing", hint=install_command()
        )
    return EnvironmentUnfitError(
        f"Docker Engine is installed but does not answer: {trouble}",
        slug="docker-not-running",
        where=str(DEFAULT_SOCKET),
        hint=start_command(),
    )


def _causes(trouble: BaseException) -> Iterator[object]:
    """An error and everything it was made from; requests and urllib3 hide causes in `args`."""
    waiting: list[object] = [trouble]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop()
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, *cause.args]
