"""What we build: a folder of `containers/`, what it stands on, and its pins; knows nothing of Docker."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

PYTHON_MINOR = "3.11"
"""What Debian bookworm brings; the public base image is chosen to be the same."""


@dataclass(frozen=True)
class Recipe:
    """One image of ours.

    `parents` are recipes whose references the Dockerfile receives as build arguments (upper-cased
    names). `pins` are build arguments too; changing one rebuilds the image. `lock` is the file of exact
    package versions, and `framework` the package in it that the image is named after.
    """

    name: str
    about: str
    folder: str
    parents: tuple[str, ...] = ()
    pins: Mapping[str, str] = field(default_factory=dict)
    lock: str | None = None
    framework: str | None = None

    @property
    def repository(self) -> str:
        """The local repository of all its versions."""
        return f"seatrial/{self.name}"


RECIPES: Mapping[str, Recipe] = MappingProxyType(
    {
        recipe.name: recipe
        for recipe in (
            Recipe(
                "python",
                "Debian with Python: what the others stand on",
                folder="python",
                pins={
                    "PUBLIC_IMAGE": f"python:{PYTHON_MINOR}-slim-bookworm",
                    "SUITE": "bookworm",
                    "PACKAGES": "python3,python3-venv,ca-certificates",
                },
            ),
            Recipe(
                "toolkit",
                "the toolkits' wheels and what serves a model, for the builds of the others",
                folder="toolkit",
                parents=("python",),
                pins={
                    "TOOLKIT_VERSION": "5.1.4",
                    "INOTIFY_VERSION": "1.2.1",
                    "INFERENCE_VERSION": "1.10.1",
                },
            ),
            Recipe(
                "base",
                "Python with boto3 and what the SDK's remote functions need",
                folder="base",
                parents=("python",),
                lock="requirements.txt",
            ),
            Recipe(
                "base-python",
                "stands for sagemaker-base-python and sagemaker-distribution: runs functions and notebooks",
                folder="base-python",
                parents=("python",),
                lock="requirements.txt",
                framework="sagemaker",
            ),
            Recipe(
                "lambda-python",
                "calls the functions of Lambda steps",
                folder="lambda-python",
                parents=("base",),
            ),
            Recipe(
                "scikit-learn",
                "stands for sagemaker-scikit-learn 1.4 and later",
                folder="scikit-learn",
                parents=("python", "toolkit"),
                pins={"LINE": "1.4"},
                lock="requirements-1.4.txt",
                framework="scikit-learn",
            ),
            Recipe(
                "scikit-learn-1.2",
                "stands for sagemaker-scikit-learn up to 1.3",
                folder="scikit-learn",
                parents=("python", "toolkit"),
                pins={"LINE": "1.2"},
                lock="requirements-1.2.txt",
                framework="scikit-learn",
            ),
            Recipe(
                "xgboost",
                "stands for sagemaker-xgboost, script mode and algorithm mode",
                folder="xgboost",
                parents=("python", "toolkit"),
                lock="requirements.txt",
                framework="xgboost",
            ),
            Recipe(
                "monitor",
                "stands for sagemaker-model-monitor-analyzer",
                folder="model-monitor-analyzer",
                parents=("python",),
                lock="requirements.txt",
                framework="pandas",
            ),
            Recipe(
                "clarify",
                "stands for sagemaker-clarify-processing",
                folder="clarify",
                parents=("monitor",),
                lock="requirements.txt",
                framework="smclarify",
            ),
            Recipe(
                "minio",
                "the object store",
                folder="minio",
                parents=("python",),
                pins={
                    "GO_VERSION": "v0.0.0-20260212201848-7aac2a2c5b7c",
                    "RELEASE": "RELEASE.2025-09-07T16-13-09Z",
                },
            ),
        )
    }
)


def containers_folder() -> Path:
    """Where the Dockerfiles are: inside an installed package, or at the root of a source checkout."""
    here = Path(__file__).resolve().parent
    packaged = here / "containers"
    return packaged if packaged.is_dir() else here.parents[2] / "containers"


def locked_versions(recipe: Recipe) -> Mapping[str, str]:
    """Package name to version, from the recipe's lock file."""
    if recipe.lock is None:
        return {}
    lines = (containers_folder() / recipe.folder / recipe.lock).read_text(encoding="utf-8").splitlines()
    pins = (line.split("==") for line in lines if "==" in line and not line.lstrip().startswith("#"))
    return {name.strip(): rest.split()[0].rstrip(";") for name, rest in pins}
