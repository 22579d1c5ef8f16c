"""Whether the SDK that has a local mode is installed; imports nothing of it."""

from __future__ import annotations

import importlib.metadata
import importlib.util

from seatrial.errors import RefusedError

_INSTALL = "pip install 'seatrial[sdk-v2]'"


def require_sdk() -> None:
    """Raise unless version 2 of the SDK can be imported: version 3 has no local mode for whole jobs."""
    version = installed_version()
    if version is None or importlib.util.find_spec("boto3") is None:
        raise RefusedError(
            "the engine local-mode is the SageMaker SDK's own, and that is not installed",
            slug="sdk-missing",
            hint=_INSTALL,
        )
    if version.split(".")[0] != "2":
        raise RefusedError(
            f"the engine local-mode needs version 2 of the SageMaker SDK; installed is {version}",
            slug="sdk-without-local-mode",
            hint=_INSTALL,
        )


def installed_version() -> str | None:
    """The SDK's version; None if there is none."""
    try:
        return importlib.metadata.version("sagemaker")
    except importlib.metadata.PackageNotFoundError:
        return None
