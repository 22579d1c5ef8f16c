"""The object store's image: a public one where a registry answers, else built from source."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import docker

from seatrial.errors import ImageError
from seatrial.images.building import build
from seatrial.images.pulling import try_pull
from seatrial.images.recipes import RECIPES
from seatrial.images.watching import Say, run_watched
from seatrial.settings import Settings

RECIPE = RECIPES["minio"]
PUBLIC_REPOSITORIES = ("minio/minio", "quay.io/minio/minio")
MODULE = "github.com/minio/minio"
GO_MINIMUM = "1.24"
GO_ELSEWHERE = "/usr/local/go/bin/go"
"""Where Go's own instructions put it; not every PATH has it."""


def make_minio(client: docker.DockerClient, settings: Settings, say: Say) -> str:
    """Make the image by whatever way works here; its reference. Parents must be there."""
    reference = _built(client, settings, say)
    # For compose.yaml, which cannot know the content's hash.
    client.images.get(reference).tag(RECIPE.repository, tag="latest")
    return reference


def _built(client: docker.DockerClient, settings: Settings, say: Say) -> str:
    public = _pulled(client, settings, say)
    if public is not None:
        arguments = {"PUBLIC_IMAGE": public}
        return build(client, RECIPE, settings.build, say, dockerfile="public.Dockerfile", arguments=arguments)
    binary = compiled(settings, say)
    return build(client, RECIPE, settings.build, say, extra={"minio": binary})


def compiled(settings: Settings, say: Say) -> Path:
    """The binary in the cache, compiled if need be."""
    version = RECIPE.pins["GO_VERSION"]
    binary = settings.cache_dir / "minio" / version / "minio"
    if binary.exists():
        return binary
    folder = binary.parent
    unfinished = folder / f"building-{os.getpid()}"
    unfinished.mkdir(parents=True, exist_ok=True)
    say("compiling MinIO from source: some minutes, once")
    try:
        run_watched(
            "compiling MinIO",
            [_go(), "install", "-v", "-ldflags=-s -w", f"{MODULE}@{version}"],
            say,
            hint=f"needs Go {GO_MINIMUM} or newer and a way to its module proxy (GOPROXY)",
            environment={**os.environ, "CGO_ENABLED": "0", "GOBIN": str(unfinished)},
        )
        (unfinished / "minio").replace(binary)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return binary


def _pulled(client: docker.DockerClient, settings: Settings, say: Say) -> str | None:
    if not settings.build.pull:
        return None
    for repository in PUBLIC_REPOSITORIES:
        image = f"{repository}:{RECIPE.pins['RELEASE']}"
        say(f"pulling {image}")
        reason = try_pull(client, image, say)
        if reason is None:
            return image
        say(f"not pulled: {reason}")
    return None


def _go() -> str:
    found = shutil.which("go") or shutil.which(GO_ELSEWHERE)
    if found is None:
        raise ImageError(
            "MinIO's image cannot be pulled, and Go, which would build it from source, is not installed",
            slug="no-go",
            hint=f"install Go {GO_MINIMUM} or newer from https://go.dev/dl/ (Debian's own is older): "
            "`sudo tar -C /usr/local -xzf go*.linux-amd64.tar.gz`; or name a store that runs already: "
            "`endpoint_url` under [store] in seatrial.toml",
        )
    return found
