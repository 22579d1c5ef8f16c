"""The object store's image: a public one where a registry answers, else built from source.

By the Go of this machine where there is one, because it may have compiled it before; else in a container.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import docker

from seatrial.errors import ImageError
from seatrial.images.building import build
from seatrial.images.engine import engine_asked
from seatrial.images.pulling import try_pull
from seatrial.images.recipes import RECIPES
from seatrial.images.watching import Say, run_watched
from seatrial.settings import Settings

RECIPE = RECIPES["minio"]
PUBLIC_REPOSITORIES = ("minio/minio", "quay.io/minio/minio")
MODULE = "github.com/minio/minio"
GO_ELSEWHERE = "/usr/local/go/bin/go"
"""Where Go's own instructions put it; not every PATH has it."""

NO_GO = (
    "install Go 1.24 or newer from https://go.dev/dl/ (sudo tar -C /usr/local -xzf go*.tar.gz), "
    "with a way to its module proxy (GOPROXY), and try again; or name a store that runs already: "
    "`endpoint_url` under [store] in seatrial.toml"
)


def make_minio(client: docker.DockerClient, settings: Settings, say: Say) -> str:
    """Make the image by whatever way works here; its reference. Parents must be there."""
    reference = _built(client, settings, say)
    # For compose.yaml, which cannot know the content's hash.
    with engine_asked():
        client.images.get(reference).tag(RECIPE.repository, tag="latest")
    return reference


def _built(client: docker.DockerClient, settings: Settings, say: Say) -> str:
    public = _pulled(client, settings, say)
    if public is not None:
        arguments = {"PUBLIC_IMAGE": public}
        return build(client, RECIPE, settings.build, say, dockerfile="public.Dockerfile", arguments=arguments)
    binary = settings.cache_dir / "minio" / RECIPE.pins["GO_VERSION"] / "minio"
    if binary.exists() or _compiled(binary, say):
        return build(client, RECIPE, settings.build, say, extra={"minio": binary})
    say("compiling MinIO in a container: five to ten minutes, once")
    return build(client, RECIPE, settings.build, say, dockerfile="source.Dockerfile", hint=NO_GO)


def _compiled(binary: Path, say: Say) -> bool:
    """Compile it by this machine's Go; False where there is none, or it cannot (Debian's is too old)."""
    go = shutil.which("go") or shutil.which(GO_ELSEWHERE)
    if go is None:
        return False
    unfinished = binary.with_name(f"building-{os.getpid()}")
    unfinished.mkdir(parents=True, exist_ok=True)
    say("compiling MinIO from source: some minutes, once")
    try:
        run_watched(
            "compiling MinIO",
            [go, "install", "-v", "-ldflags=-s -w", f"{MODULE}@{RECIPE.pins['GO_VERSION']}"],
            say,
            hint=NO_GO,
            environment={**os.environ, "CGO_ENABLED": "0", "GOBIN": str(unfinished)},
        )
        (unfinished / "minio").replace(binary)
    except ImageError as failure:
        say(failure.message)
        return False
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return True


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
