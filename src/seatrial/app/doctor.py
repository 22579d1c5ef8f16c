"""What this machine has and lacks, and the setting right of what can be set right."""

from __future__ import annotations

import importlib.util

from seatrial.app.parts import Parts
from seatrial.errors import SeatrialError
from seatrial.ports.checks import Check

NEEDED_IMAGES = ("base", "minio")
"""Without these no job and no store; the others are built when a pipeline names them."""


def fix(parts: Parts) -> None:
    """Start, install and build what is missing, where we may; an error with the exact command otherwise."""
    from seatrial.runners.provision import ensure_engine  # the docker library takes a while to import

    ensure_engine(parts.say)
    for name in NEEDED_IMAGES:
        parts.images.ensure(name)


def examine(parts: Parts) -> list[Check]:
    """Everything that a run needs, in the order in which one would mend it."""
    from seatrial.runners.examination import examine as examine_engine

    engine = examine_engine(state_dir=parts.settings.state_dir)
    if not all(check.ok for check in engine[:1]):
        return [*engine, _sdk()]
    return [*engine, *_images(parts), _store(parts), _sdk()]


def _images(parts: Parts) -> list[Check]:
    return [
        Check(
            f"image {row.name}",
            row.built or row.name not in NEEDED_IMAGES,
            row.reference if row.built else "not built yet; the first run that needs it builds it",
            f"seatrial images build {row.name}",
        )
        for row in parts.images.list()
    ]


def _store(parts: Parts) -> Check:
    try:
        store = parts.running_store
    except SeatrialError as trouble:
        return Check("object store", False, trouble.message, trouble.hint)
    where = parts.address.endpoint_url if store else "not running; the next run starts it"
    return Check("object store", True, where)


def _sdk() -> Check:
    there = importlib.util.find_spec("sagemaker") is not None
    return Check(
        "SageMaker SDK",
        True,
        "installed: .py pipelines can be compiled"
        if there
        else "not installed: a definition.json runs; for .py pipelines: pip install 'seatrial[sdk-v2]'",
    )
