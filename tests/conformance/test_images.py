"""The cases' images belong to one run: several may be under way on one machine."""

from __future__ import annotations

import docker

from seatrial.images import Images
from tests.conformance.images import IMAGES, built_images


def test_the_images_of_one_run_outlive_the_end_of_another(
    docker_client: docker.DockerClient, images: Images
) -> None:
    base = images.ensure("base")
    with built_images(docker_client, base) as kept:
        with built_images(docker_client, base):
            pass
        for name in IMAGES:
            assert docker_client.images.get(kept.resolve(name).reference)
