"""Which of our images stands for which of SageMaker's, and what differs; knows nothing of Docker.

A new stand-in is a recipe, a folder in `containers/`, and a line in `FAMILIES`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from seatrial.images.recipes import PYTHON_MINOR, RECIPES, Recipe, locked_versions
from seatrial.images.uri import ImageUri


@dataclass(frozen=True)
class StandIn:
    """The recipe that serves an image, and what differs; None when it is that very image."""

    recipe: Recipe
    substituted: str | None


@dataclass(frozen=True)
class Content:
    """What a named image holds, as far as it is known."""

    framework: str
    python: str | None


@dataclass(frozen=True)
class Family:
    """Images that differ in their version only."""

    label: str
    choose: Callable[[ImageUri], str]
    contents: Mapping[str, Content]


def stand_in(uri: ImageUri) -> StandIn | None:
    """What is built here for this image, None when there is no rule for it."""
    if uri.repository in _OURS and uri.tag is None:
        return StandIn(_OURS[uri.repository], None)
    family = _family(uri)
    if family is None or not uri.is_aws:
        return None
    recipe = RECIPES[family.choose(uri)]
    asked = _asked(uri, family)
    return StandIn(recipe, f"{_runs(recipe)} instead of {asked}" if asked else _runs(recipe))


def python_of(uri: ImageUri) -> str | None:
    """The Python of a named image of AWS, as far as it is known."""
    family = _family(uri)
    content = _content(uri, family) if family and uri.is_aws else None
    return content.python if content else None


def served_by(recipe: Recipe) -> tuple[str, ...]:
    """The names in the registry that the recipe stands for, for a list."""
    return SERVED.get(recipe.name, ())


def _nearest_scikit_learn(uri: ImageUri) -> str:
    version = _minor_version(uri.tag)
    lines = {(1, 2): "scikit-learn-1.2", (1, 4): "scikit-learn"}
    if version is None:
        return "scikit-learn"
    return lines[min(lines, key=lambda line: (abs(_distance(line, version)), line))]


def _distance(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Between two minor versions; a major version apart is further than any minor."""
    return (one[0] - other[0]) * 1000 + (one[1] - other[1])


def _minor_version(tag: str | None) -> tuple[int, int] | None:
    found = re.match(r"(\d+)\.(\d+)", tag or "")
    return (int(found[1]), int(found[2])) if found else None


def _family(uri: ImageUri) -> Family | None:
    return next((family for name, family in FAMILIES.items() if re.fullmatch(name, uri.name)), None)


def _content(uri: ImageUri, family: Family) -> Content | None:
    version = (uri.tag or "").partition("-cpu")[0].partition("-arm64")[0]
    return family.contents.get(version) or family.contents.get(uri.name)


def _asked(uri: ImageUri, family: Family) -> str | None:
    """What is known to be in the named image: `XGBoost 1.5.2, Python 3.8`."""
    content = _content(uri, family)
    if content is None:
        return None
    parts = [f"{family.label} {content.framework}"] if content.framework else []
    parts += [f"Python {content.python}"] if content.python else []
    return ", ".join(parts)


def _runs(recipe: Recipe) -> str:
    versions = locked_versions(recipe)
    parts = [f"{LABELS[recipe.framework]} {versions[recipe.framework]}"] if recipe.framework else []
    return ", ".join([*parts, f"Python {PYTHON_MINOR}"])


LABELS: Mapping[str, str] = {
    "scikit-learn": "scikit-learn",
    "xgboost": "XGBoost",
    "sagemaker": "SageMaker SDK",
    "pandas": "pandas",
    "smclarify": "smclarify",
}

# What the images are known to hold; the tag without its `-cpu-py3`.
SCIKIT_LEARN_IMAGES: Mapping[str, Content] = {
    "0.20.0": Content("0.20.0", "3.7"),
    "0.23-1": Content("0.23.2", "3.7"),
    "1.0-1": Content("1.0.2", "3.8"),
    "1.2-1": Content("1.2.1", "3.9"),
    "1.4-2": Content("1.4.2", None),
    "1.4-2-py312": Content("1.4.2", "3.12"),
    "1.9-0": Content("1.9.0", "3.12"),
}
XGBOOST_IMAGES: Mapping[str, Content] = {
    "0.90-1": Content("0.90", "3.6"),
    "0.90-2": Content("0.90", "3.6"),
    "1.0-1": Content("1.0.0", "3.7"),
    "1.2-1": Content("1.2.0", "3.7"),
    "1.2-2": Content("1.2.0", "3.7"),
    "1.3-1": Content("1.3.3", "3.7"),
    "1.5-1": Content("1.5.2", "3.8"),
    "1.7-1": Content("1.7.4", "3.9"),
    "3.0-5": Content("3.0.5", "3.10"),
    "3.2-0": Content("3.2.0", "3.12"),
}
PLAIN_PYTHON_IMAGES: Mapping[str, Content] = {
    "sagemaker-base-python-38": Content("", "3.8"),
    "sagemaker-base-python-310": Content("", "3.10"),
    "sagemaker-data-science-38": Content("", "3.8"),
    "sagemaker-data-science-310": Content("", "3.10"),
}
# It has no tags; what it runs is known from what it prints.
MONITORING_IMAGES: Mapping[str, Content] = {"sagemaker-model-monitor-analyzer": Content("with Deequ", None)}

PLAIN_PYTHON = Family("", lambda uri: "base-python", PLAIN_PYTHON_IMAGES)

FAMILIES: Mapping[str, Family] = {
    "sagemaker-scikit-learn": Family("scikit-learn", _nearest_scikit_learn, SCIKIT_LEARN_IMAGES),
    "sagemaker-xgboost": Family("XGBoost", lambda uri: "xgboost", XGBOOST_IMAGES),
    r"sagemaker-base-python(-\d+)?(-v\d+)?": PLAIN_PYTHON,
    r"sagemaker-data-science(-\d+)?(-v\d+)?": PLAIN_PYTHON,
    r"sagemaker-distribution(-prod)?": PLAIN_PYTHON,
    "sagemaker-clarify-processing": Family("", lambda uri: "clarify", {}),
    "sagemaker-model-monitor-analyzer": Family("Apache Spark", lambda uri: "monitor", MONITORING_IMAGES),
}

SERVED: Mapping[str, tuple[str, ...]] = {
    "lambda-python": ("the functions of Lambda steps",),
    "scikit-learn": ("sagemaker-scikit-learn:1.4…",),
    "scikit-learn-1.2": ("sagemaker-scikit-learn:…1.3",),
    "xgboost": ("sagemaker-xgboost:*",),
    "monitor": ("sagemaker-model-monitor-analyzer",),
    "clarify": ("sagemaker-clarify-processing:*",),
    "base": (),
    "base-python": ("sagemaker-base-python-*", "sagemaker-data-science-*", "sagemaker-distribution*"),
}

_OURS: Mapping[str, Recipe] = {RECIPES[name].repository: RECIPES[name] for name in SERVED}
