"""The inference script of a model: brought to `/opt/ml/code`, its packages installed, imported."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from sagemaker_training import files

from sagemaker_containers.env import ServingEnv


def prepare(env: ServingEnv) -> None:
    """Fetch the script once, before the workers start; a folder is used as it lies there."""
    source = env.module_dir
    if env.module_name is None:
        return
    folder = Path(source)
    if not folder.is_dir():
        folder = Path(env.code_dir)
        folder.mkdir(parents=True, exist_ok=True)
        if not any(folder.iterdir()):
            files.download_and_extract(source, str(folder))
    requirements = folder / "requirements.txt"
    if requirements.is_file():
        subprocess.run(  # noqa: S603  # the model's own file, in a container of its own
            [sys.executable, "-m", "pip", "install", "-r", str(requirements)], cwd=folder, check=True
        )


def import_script(env: ServingEnv) -> ModuleType:
    """The script as a module, by the name of its file; its folder is on the path."""
    if env.module_name is None:
        raise ImportError("SAGEMAKER_PROGRAM names no inference script")
    folder = Path(env.module_dir) if Path(env.module_dir).is_dir() else Path(env.code_dir)
    script = folder / env.module_name
    for place in (str(folder), str(script.parent)):
        if place not in sys.path:
            sys.path.insert(0, place)
    return importlib.import_module(script.stem)
