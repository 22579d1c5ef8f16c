"""Debian with Python, what all others stand on: pulled where a registry answers, else bootstrapped."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import docker

from seatrial.errors import ImageError
from seatrial.images.building import build
from seatrial.images.context import reference_of
from seatrial.images.engine import LABEL, engine_asked
from seatrial.images.pulling import try_pull
from seatrial.images.recipes import RECIPES
from seatrial.images.watching import Say, run_watched
from seatrial.settings import Settings

RECIPE = RECIPES["python"]
INSTALL = "apt-get install -y mmdebstrap debian-archive-keyring"


def make_python(client: docker.DockerClient, settings: Settings, say: Say) -> str:
    """Make the image by whatever way works here; its reference."""
    public = RECIPE.pins["PUBLIC_IMAGE"]
    reason = "pulling is switched off (build.pull)"
    if settings.build.pull:
        say(f"pulling {public}")
        reason = try_pull(client, public, say) or ""
        if not reason:
            return build(client, RECIPE, settings.build, say)
    say(f"no public image ({reason}): bootstrapping Debian {RECIPE.pins['SUITE']} instead, about a minute")
    return _import(client, _bootstrapped(settings, say), say)


def _bootstrapped(settings: Settings, say: Say) -> Path:
    """The root file system as a tar file in the cache, whole or not there."""
    tag = reference_of(RECIPE).partition(":")[2]
    tarball = settings.cache_dir / "debian" / f"{tag}.tar"
    if tarball.exists():
        return tarball
    tarball.parent.mkdir(parents=True, exist_ok=True)
    unfinished = tarball.with_name(f"{tag}-{os.getpid()}.tar")
    try:
        run_watched("bootstrapping Debian", _command(unfinished, say), say, hint=_by_hand())
        unfinished.replace(tarball)
    finally:
        unfinished.unlink(missing_ok=True)
    return tarball


def _command(target: Path, say: Say) -> list[str]:
    return [
        _mmdebstrap(say),
        "--variant=minbase",
        f"--include={RECIPE.pins['PACKAGES']}",
        # Manuals and translations are half of what a minimal Debian weighs.
        "--dpkgopt=path-exclude=/usr/share/doc/*",
        "--dpkgopt=path-exclude=/usr/share/man/*",
        "--dpkgopt=path-exclude=/usr/share/locale/*",
        RECIPE.pins["SUITE"],
        str(target),
    ]


def _mmdebstrap(say: Say) -> str:
    found = shutil.which("mmdebstrap")
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say("installing mmdebstrap")
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for command in ("apt-get update", INSTALL):
            run_watched(command, command.split(), say, hint=_by_hand(), environment=environment)
        found = shutil.which("mmdebstrap")
    if found is None:
        raise ImageError(
            f"no base image: {RECIPE.pins['PUBLIC_IMAGE']} cannot be pulled, and mmdebstrap, which would "
            "make one from Debian's packages, is not installed",
            slug="no-base-image",
            hint=_by_hand(),
        )
    return found


def _by_hand() -> str:
    """What to type, on Debian and on systems that have no mmdebstrap."""
    return (
        f"type: sudo {INSTALL}\nor bring a Debian image with Python {RECIPE.pins['PUBLIC_IMAGE']} and type: "
        f"docker tag {RECIPE.pins['PUBLIC_IMAGE']} {reference_of(RECIPE)}"
    )


def _import(client: docker.DockerClient, tarball: Path, say: Say) -> str:
    reference = reference_of(RECIPE)
    repository, _, tag = reference.partition(":")
    with engine_asked(), tarball.open("rb") as stream:
        client.api.import_image(
            src=stream,
            repository=repository,
            tag=tag,
            changes=[f"LABEL {LABEL}=image seatrial.image=python", 'CMD ["python3"]'],
        )
    say(f"imported {reference}")
    return reference
