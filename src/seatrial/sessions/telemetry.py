"""The SDK's own telemetry, which reports each use over the network; knows of no other part of the SDK."""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Iterator

from seatrial.sessions.swap import swapped

# SDK v2, then v3. Both call this function of their module; neither can be told off but by a file in
# the user's home, which is not ours to write.
_MODULES = ("sagemaker.telemetry.telemetry_logging", "sagemaker.core.telemetry.telemetry_logging")
_FUNCTION = "_send_telemetry_request"


@contextlib.contextmanager
def silenced() -> Iterator[None]:
    """Send no telemetry inside.

    Imports the SDK, which makes a session as it is imported: bind sessions first.
    """
    with contextlib.ExitStack() as stack:
        for name in _MODULES:
            module = _module(name)
            if hasattr(module, _FUNCTION):
                stack.enter_context(swapped(module, _FUNCTION, lambda *args, **kwargs: None))
        yield


def _module(name: str) -> object | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None
