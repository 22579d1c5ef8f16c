"""Whether the process that made something still lives, told from a label; Linux only, elsewhere unknown."""

from __future__ import annotations

import os
from pathlib import Path


def this_process() -> str:
    """Names this process for good: the boot, the process namespace, the id and when it started."""
    try:
        return f"{_realm()} {os.getpid()} {_started_at(os.getpid())}"
    except OSError:
        return "unknown"


def owner_is_gone(owner: str) -> bool:
    """Whether the named process has certainly ended; one that we cannot see is left alone."""
    try:
        boot, namespace, pid, started_at = owner.split()
        if f"{boot} {namespace}" != _realm():
            return False
        return _started_at(int(pid)) != started_at
    except (FileNotFoundError, ProcessLookupError):
        return True
    except (OSError, ValueError):
        return False


def _realm() -> str:
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{boot} {Path('/proc/self/ns/pid').readlink()}"


def _started_at(pid: int) -> str:
    # Field 22; the name in field 2 may hold anything, up to the last parenthesis.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19]
