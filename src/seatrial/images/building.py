"""One `docker build` through the Engine's API; knows nothing of which image is wanted for what."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import docker
from docker.errors import ImageNotFound

from seatrial.errors import ImageError
from seatrial.images.context import pack, reference_of
from seatrial.images.engine import LABEL, engine_asked, remove_image
from seatrial.images.network import network_files, proxy_arguments
from seatrial.images.recipes import RECIPES, Recipe
from seatrial.images.watching import Say, Watch
from seatrial.settings import BuildSettings

SECONDS_OF_SILENCE = 1800
"""A compiler may say nothing for long; the client's own time-out is a minute."""

BEHIND_A_PROXY = (
    "behind a proxy, set `ca_bundle` and `index_url` under [build] in seatrial.toml; "
    "then try again with `seatrial images build`"
)

STEP = re.compile(r"Step (\d+)/(\d+) : (.*)")
CHATTER = (" ---> ", "Step ", "Removing intermediate container")
LAYER = re.compile(r"^ ---> ([0-9a-f]{12,64})$")


def build(
    client: docker.DockerClient,
    recipe: Recipe,
    settings: BuildSettings,
    say: Say,
    *,
    dockerfile: str = "Dockerfile",
    extra: Mapping[str, bytes | Path] | None = None,
    arguments: Mapping[str, str] | None = None,
    hint: str = BEHIND_A_PROXY,
) -> str:
    """Build the recipe under its content's tag, which is returned; `hint` is for when that fails."""
    reference = reference_of(recipe)
    watch = Watch(f"building {recipe.name}", say)
    files = {**network_files(settings), **(extra or {})}
    with pack(recipe, files) as context, engine_asked():
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
        for layer in reversed(_follow(stream, recipe, watch, say, hint)):
            _remove_leftover(client, layer)
    say(f"built {reference} in {watch.seconds:.0f} s")
    return reference


def _arguments(recipe: Recipe) -> dict[str, str]:
    parents = {name.upper(): reference_of(RECIPES[name]) for name in recipe.parents}
    return {**recipe.pins, **parents}


def _follow(
    stream: Iterable[Mapping[str, Any]], recipe: Recipe, watch: Watch, say: Say, hint: str
) -> list[str]:
    """Wait for the end of the build; the ids of the layers that it made or used."""
    layers: list[str] = []
    for message in stream:
        if "error" in message:
            raise ImageError(
                f"building the image {recipe.name} failed: {message['error']}\n{watch.tail}",
                slug="image-build-failed",
                where=f"containers/{recipe.folder}/Dockerfile",
                hint=hint,
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
    """Remove a build stage: it is as big as the image, and knows this machine's package index.

    One that is gone with its child, or that the image itself stands on, is passed over.
    """
    with suppress(ImageNotFound):
        if not client.images.get(layer).tags:
            remove_image(client, layer)
