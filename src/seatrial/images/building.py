"""One `docker build` through the Engine's API; knows nothing of which image is wanted for what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any

import docker
from docker.errors import APIError, DockerException, ImageNotFound

from seatrial.errors import ImageError
from seatrial.images.context import pack, reference_of
from seatrial.images.network import network_files, proxy_arguments
from seatrial.images.recipes import RECIPES, Recipe
from seatrial.images.watching import Say, Watch
from seatrial.settings import BuildSettings

LABEL = "seatrial"
"""On everything of ours in the engine; `seatrial.image` tells which recipe it came from."""

SECONDS_OF_SILENCE = 1800
"""A compiler may say nothing for long; the client's own time-out is a minute."""

STEP = re.compile(r"Step (\d+)/(\d+) : (.*)")
CHATTER = (" ---> ", "Step ", "Removing intermediate container")
LAYER = re.compile(r"^ ---> ([0-9a-f]{12,64})$")


def image_id(client: docker.DockerClient, reference: str) -> str | None:
    """The id of the local image, None when it is not there."""
    if not reference:
        return None
    try:
        return str(client.images.get(reference).id)
    except ImageNotFound:
        return None
    except APIError as failure:
        if failure.status_code == HTTPStatus.BAD_REQUEST:  # not a valid reference
            return None
        raise _engine_failed(failure) from failure
    except (DockerException, OSError) as failure:
        raise _engine_failed(failure) from failure


def build(
    client: docker.DockerClient,
    recipe: Recipe,
    settings: BuildSettings,
    say: Say,
    *,
    dockerfile: str = "Dockerfile",
    extra: Mapping[str, bytes | Path] | None = None,
    arguments: Mapping[str, str] | None = None,
) -> str:
    """Build the recipe under its content's tag, which is returned."""
    reference = reference_of(recipe)
    watch = Watch(f"building {recipe.name}", say)
    with pack(recipe, {**network_files(settings), **(extra or {})}) as context:
        try:
            stream = client.api.build(
                fileobj=context,
                custom_context=True,
                dockerfile=dockerfile,
                tag=reference,
                buildargs={**_arguments(recipe), **proxy_arguments(), **(arguments or {})},
                labels={LABEL: "image", "seatrial.image": recipe.name},
                # A proxy or a name server on this machine's loopback is out of a bridge's reach.
                network_mode="host",
                rm=True,
                forcerm=True,
                decode=True,
                timeout=SECONDS_OF_SILENCE,
            )
            for layer in reversed(_follow(stream, recipe, watch, say)):
                _remove_leftover(client, layer)
        except (DockerException, OSError) as failure:
            raise _engine_failed(failure) from failure
    say(f"built {reference} in {watch.seconds:.0f} s")
    return reference


def _arguments(recipe: Recipe) -> dict[str, str]:
    parents = {name.upper(): reference_of(RECIPES[name]) for name in recipe.parents}
    return {**recipe.pins, **parents}


def _follow(stream: Iterable[Mapping[str, Any]], recipe: Recipe, watch: Watch, say: Say) -> list[str]:
    """Wait for the end of the build; the ids of the layers that it made or used."""
    layers: list[str] = []
    for message in stream:
        if "error" in message:
            raise ImageError(
                f"building the image {recipe.name} failed: {message['error']}\n{watch.tail}",
                slug="image-build-failed",
                where=f"containers/{recipe.folder}/Dockerfile",
                hint="behind a proxy, set `ca_bundle` and `index_url` under [build] in seatrial.toml; "
                f"then try again with `seatrial images build {recipe.name}`",
            )
        for line in str(message.get("stream", "")).splitlines():
            layers += LAYER.findall(line)
            step = STEP.match(line)
            if step and step[3].startswith(("FROM", "RUN")):
                say(f"building {recipe.name}: step {step[1]} of {step[2]}")
            if not line.startswith(CHATTER):
                watch.see(line)
    return layers


def _remove_leftover(client: docker.DockerClient, layer: str) -> None:
    """Remove a build stage: it is as big as the image, and knows this machine's package index."""
    try:
        if not client.images.get(layer).tags:
            client.images.remove(layer)
    except ImageNotFound:
        return  # gone with its child
    except APIError as failure:
        if failure.status_code != HTTPStatus.CONFLICT:  # the image itself stands on it
            raise


def _engine_failed(failure: Exception) -> ImageError:
    return ImageError(
        f"Docker Engine refused: {getattr(failure, 'explanation', None) or failure}",
        slug="docker-refused",
        hint="see whether Docker answers: docker info",
    )
