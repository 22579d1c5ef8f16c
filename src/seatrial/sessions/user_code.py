"""Runs a user's pipeline code and finds the pipeline in it; bound sessions are somebody else's care."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Callable
from operator import attrgetter
from pathlib import Path
from types import ModuleType
from typing import Any

from seatrial.errors import RefusedError
from seatrial.sessions.arguments import call_with_known_arguments
from seatrial.sessions.targets import Target
from seatrial.sessions.user_errors import blamed_on_user

PIPELINE = "pipeline"
FACTORIES = ("get_pipeline", "create_pipeline")


def compile_target(target: Target, session: Any) -> tuple[str, str]:
    """The name and the definition of the pipeline that the target names."""
    module = _import(target)
    found = _pick(target, module) if target.attribute else _search(target, module)
    with blamed_on_user(target):
        pipeline = found if is_pipeline(found) else call_with_known_arguments(found, session)
    if not is_pipeline(pipeline):
        raise RefusedError(
            f"{target} gave a {type(pipeline).__name__}, not a Pipeline",
            slug="not-a-pipeline",
            where=str(target),
            hint="name a Pipeline of the SageMaker SDK, or a function that returns one",
        )
    with blamed_on_user(target):
        return pipeline.name, pipeline.definition()


def is_pipeline(value: object) -> bool:
    """Whether this is a Pipeline of the SDK, of whichever version."""
    return any(
        kind.__name__ == "Pipeline" and kind.__module__.startswith("sagemaker.")
        for kind in type(value).__mro__
    )


def _import(target: Target) -> ModuleType:
    sys.argv = [target.place]  # a parser at module level then sees its defaults, not our arguments
    if target.kind == "module":
        sys.path.insert(0, str(Path.cwd()))
        with blamed_on_user(target):
            return importlib.import_module(target.place)
    sys.path.insert(0, str(target.path.resolve().parent))
    with blamed_on_user(target):
        return _import_file(target.path.resolve())


def _import_file(path: Path) -> ModuleType:
    name = path.stem if path.stem not in sys.modules else f"seatrial_user_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be imported as Python")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # dataclasses and pickle look a class's module up by name
    _pickle_by_value(module)
    spec.loader.exec_module(module)
    return module


def _pickle_by_value(module: ModuleType) -> None:
    """Let `@step` functions travel whole, as they do from a script: no container has this file."""
    if importlib.util.find_spec("cloudpickle"):  # comes with the SDK
        importlib.import_module("cloudpickle").register_pickle_by_value(module)


def _pick(target: Target, module: ModuleType) -> Any:
    try:
        return attrgetter(target.attribute or "")(module)
    except AttributeError as missing:
        raise RefusedError(
            f"{target.place} has no {target.attribute}",
            slug="no-such-attribute",
            where=target.place,
            hint=_offer(target, module) or "name a Pipeline, or a function that returns one",
        ) from missing


def _search(target: Target, module: ModuleType) -> Any:
    """By convention: `pipeline`, else `get_pipeline()` or `create_pipeline()`, else the only Pipeline."""
    if is_pipeline(getattr(module, PIPELINE, None)):
        return getattr(module, PIPELINE)
    factory: Callable[..., Any] | None = next(
        (value for name in FACTORIES if callable(value := getattr(module, name, None))), None
    )
    if factory is not None:
        return factory
    found = _pipelines(module)
    if len(found) == 1:
        return getattr(module, found[0])
    if found:
        raise RefusedError(
            f"{target.place} holds {len(found)} pipelines: {', '.join(found)}",
            slug="several-pipelines",
            where=target.place,
            hint=_offer(target, module),
        )
    raise RefusedError(
        f"{target.place} holds no pipeline",
        slug="no-pipeline",
        where=target.place,
        hint="give the Pipeline the module-level name `pipeline`, or return it from get_pipeline(); "
        'what stands under `if __name__ == "__main__":` is not run',
    )


def _pipelines(module: ModuleType) -> list[str]:
    """The names of the pipelines in a module, in its order; a second name for the same one is left out."""
    names: dict[int, str] = {}
    for name, value in vars(module).items():
        if is_pipeline(value):
            names.setdefault(id(value), name)
    return list(names.values())


def _offer(target: Target, module: ModuleType) -> str:
    names = _pipelines(module) + [name for name in FACTORIES if callable(getattr(module, name, None))]
    return "name one: " + ", ".join(target.named(name) for name in names) if names else ""
