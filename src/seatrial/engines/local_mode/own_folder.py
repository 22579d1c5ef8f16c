"""Lets local mode work in the attempt's own folder wherever that lies.

From some version on the SDK mounts nothing beneath `/root`, `/etc`, `/var/lib` and the like, so that nobody's
keys end up in a container. The folder is ours alone, and root's projects lie beneath `/root`.
"""

from __future__ import annotations

from pathlib import Path


def allow(folder: Path) -> None:
    """Take from the SDK's list what the folder lies beneath; the rest of the list stays."""
    # Only the job's own process imports it: it is optional, and slow.
    import sagemaker.utils

    restricted: list[str] | None = getattr(sagemaker.utils, "_SENSITIVE_SYSTEM_PATHS", None)
    if restricted is not None:
        # In place: other modules of the SDK hold the same list.
        restricted[:] = [path for path in restricted if not folder.is_relative_to(path)]
