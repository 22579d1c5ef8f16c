"""Removes folders whatever a container made of them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path


def remove_tree(folder: Path) -> None:
    """Remove it and all beneath, as far as the caller may; no error if it is not there."""
    try:
        shutil.rmtree(folder, ignore_errors=True)
    except RecursionError:  # folders nested deeper than Python calls, which `rm` does not mind
        subprocess.run(["/bin/rm", "-rf", "--", folder], check=False)  # noqa: S603  # a folder of our own making
