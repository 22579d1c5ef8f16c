"""What this machine has and lacks, and the setting right of what can be set right."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterable
from typing import TYPE_CHECKING

from seatrial.app.parts import Parts
from seatrial.errors import EnvironmentUnfitError, SeatrialError
from seatrial.ports.checks import Check

if TYPE_CHECKING:
    from seatrial.images import ImageRow

NEEDED_IMAGES = ("base", "minio")
"""Without these no job and no store; the others are built when a pipeline names them."""


def fix(parts: Parts) -> None:
    """Start, install and build what is missing, where we may; an error with the exact command otherwise."""
    from seatrial.runners.provision import (
        ensure_compose,
        ensure_engine,
    )  # the docker library takes a while to import

    ensure_engine(parts.say)
    for name in NEEDED_IMAGES:
        parts.images.ensure(name)
    try:
        ensure_compose(parts.say)
    except EnvironmentUnfitError as unfit:  # only one engine needs it, and that one will say so again
        parts.say(f"{unfit.message}; type: {unfit.hint}")


def examine(parts: Parts) -> list[Check]:
    """Everything that a run needs, in the order in which one would mend it."""
    from seatrial.runners.examination import examine as examine_engine

    engine = examine_engine(state_dir=parts.settings.state_dir)
    if not all(check.ok for check in engine[:1]):
        return [*engine, _compose(), _sdk()]
    rows = parts.images.list()
    return [*engine, *_sight(parts, rows), *map(_image, rows), _store(parts), _compose(), _sdk()]


def _image(row: ImageRow) -> Check:
    return Check(
        f"image {row.name}",
        row.built or row.name not in NEEDED_IMAGES,
        row.reference if row.built else "not built yet; the first run that needs it builds it",
        f"seatrial images build {row.name}",
    )


def _sight(parts: Parts, rows: Iterable[ImageRow]) -> list[Check]:
    """Tried with a container that is never started, of an image that is there."""
    from seatrial.runners.examination import examine_sight

    image = next((row.reference for row in rows if row.built and row.name == "base"), None)
    return [examine_sight(parts.docker, parts.settings.state_dir, image)] if image else []


def _store(parts: Parts) -> Check:
    try:
        store = parts.running_store
    except SeatrialError as trouble:
        return Check("object store", False, trouble.message, trouble.hint)
    where = parts.address.endpoint_url if store else "not running; the next run starts it"
    return Check("object store", True, where)


def _compose() -> Check:
    """Never amiss: a run with our own engine does without it."""
    from seatrial.runners.composing import compose_version, install_compose_command

    version = compose_version()
    missing = f"not installed; `--engine local-mode` needs it: {install_compose_command()}"
    return Check("Docker Compose", True, f"{version}, for `--engine local-mode`" if version else missing)


def _sdk() -> Check:
    there = importlib.util.find_spec("sagemaker") is not None
    return Check(
        "SageMaker SDK",
        True,
        "installed: .py pipelines can be compiled"
        if there
        else "not installed: a definition.json runs; for .py pipelines: pip install 'seatrial[sdk-v2]'",
    )
