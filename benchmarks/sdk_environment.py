"""The environment of the SDK's side: made once, kept in build/, shared with nothing of ours."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

FOLDER = Path(__file__).parents[1] / "build" / "bench" / "sdk"
REQUIREMENTS = ("sagemaker[local]==2.257.7", "boto3==1.44.5")
_MADE_OF = "requirements.txt"


def sdk_python(say: Callable[[str], None]) -> Path:
    """The interpreter of an environment that has the pinned SDK."""
    python = FOLDER / "bin" / "python"
    note = FOLDER / _MADE_OF
    wanted = "\n".join((*REQUIREMENTS, sys.version))
    if not (python.exists() and note.exists() and note.read_text() == wanted):
        say(f"making an environment with {REQUIREMENTS[0]} (once)")
        uv = _uv()
        _run(uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(FOLDER))
        _run(uv, "pip", "install", "--quiet", "--python", str(python), *REQUIREMENTS)
        note.write_text(wanted)
    return python


def compose() -> str:
    """How docker compose is called here, which local mode cannot do without."""
    path = shutil.which("docker")
    plugin = path and subprocess.run([path, "compose", "version"], capture_output=True, check=False)
    if plugin and plugin.returncode == 0:
        return "docker compose"
    if shutil.which("docker-compose"):
        return "docker-compose"
    raise RuntimeError("local mode needs docker compose: install it, or type `make bench-quick`")


def _uv() -> str:
    beside = Path(sys.executable).with_name("uv")
    found = str(beside) if beside.exists() else shutil.which("uv")
    if found is None:
        raise RuntimeError("uv is not there; `make check` puts it into .venv")
    return found


def _run(*command: str) -> None:
    subprocess.run(command, check=True)
