"""Docker's refusals in our words."""

from __future__ import annotations

from pathlib import Path

import pytest
import requests
from docker.errors import APIError, ImageNotFound, NotFound

from seatrial.ports.runners import JobSpec
from seatrial.runners.refusals import docker_text, exit_code_of_start, refused

SPEC = JobSpec(name="job", image="image:1", log_path=Path("log.txt"), network="net")


def refusal(text: str, status: int = 400, kind: type[APIError] = APIError) -> APIError:
    """What the SDK raises for an answer of the engine."""
    response = requests.Response()
    response.status_code = status
    return kind(text, response=response, explanation=text)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ('OCI runtime create failed: runc create failed: exec: "x": executable file not found in $PATH', 127),
        (
            'starting container process caused: exec: "/x": stat /x: no such file or directory',
            127,
        ),
        ('OCI runtime create failed: runc create failed: exec: "/etc/passwd": permission denied', 126),
        ('OCI runtime create failed: runc create failed: exec: "/etc": is a directory', 126),
        ("OCI runtime create failed: exec /x: exec format error", 126),
        ("OCI runtime create failed: error setting cgroup config: permission of the host", None),
        ("driver failed programming external connectivity: permission denied", None),
    ],
)
def test_entrypoint_that_cannot_be_executed_has_a_shells_exit_code(text: str, code: int | None) -> None:
    assert exit_code_of_start(refusal(text)) == code


@pytest.mark.parametrize(
    ("trouble", "slug"),
    [
        (refusal("No such image: image:1", 404, ImageNotFound), "image-not-found"),
        (refusal("network net not found", 404, NotFound), "network-not-found"),
        (
            refusal('invalid mount config for type "bind": bind source path does not exist: /x'),
            "mount-not-visible",
        ),
        (
            refusal('Conflict. The container name "/job" is already in use by container "a"', 409),
            "name-in-use",
        ),
        (refusal("invalid reference format"), "container-refused"),
        (requests.ConnectionError("Connection aborted."), "docker-lost"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_refusal_has_its_slug_and_dockers_text(trouble: Exception, slug: str) -> None:
    error = refused(trouble, SPEC)
    assert (error.slug, error.exit_code) == (slug, 3)
    assert docker_text(trouble) in error.message
