"""What a function that makes a pipeline may ask for by a parameter's name; knows nothing of pipelines."""

from __future__ import annotations

import importlib
import importlib.util
import inspect
from collections.abc import Callable, Mapping
from typing import Any

from seatrial.errors import EnvironmentUnfitError, RefusedError
from seatrial.sessions.user_errors import shown_path

# SDK v2, then v3.
_CONTEXTS = ("sagemaker.workflow.pipeline_context", "sagemaker.core.workflow.pipeline_context")


def call_with_known_arguments(function: Callable[..., Any], session: Any) -> Any:
    """Call it with what it requires; a parameter that has a default keeps it."""
    given: dict[str, Any] = {}
    positional: list[Any] = []
    unknown = []
    for parameter in _required(function):
        if parameter.name not in ARGUMENTS:
            unknown.append(parameter.name)
        elif parameter.kind is parameter.POSITIONAL_ONLY:
            positional.append(ARGUMENTS[parameter.name](session))
        else:
            given[parameter.name] = ARGUMENTS[parameter.name](session)
    if unknown:
        raise RefusedError(
            f"{function.__name__}() requires {', '.join(unknown)}, which seatrial cannot know",
            slug="unknown-argument",
            where=_place(function),
            hint=f"give it a default; known by name are: {', '.join(ARGUMENTS)}",
        )
    return function(*positional, **given)


def _required(function: Callable[..., Any]) -> list[inspect.Parameter]:
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    parameters = inspect.signature(function).parameters.values()
    return [each for each in parameters if each.default is each.empty and each.kind not in variable]


def _place(function: Callable[..., Any]) -> str | None:
    code = getattr(function, "__code__", None)
    return f"{shown_path(code.co_filename)}:{code.co_firstlineno}" if code else None


def _pipeline_session(session: Any) -> Any:
    context = next((name for name in _CONTEXTS if _is_there(name)), None)
    if context is None:
        raise EnvironmentUnfitError(
            "the installed SageMaker SDK has no PipelineSession",
            slug="sdk-unknown",
            hint="pip install --upgrade 'seatrial[sdk-v2]'",
        )
    return importlib.import_module(context).PipelineSession(boto_session=session)


def _is_there(module: str) -> bool:
    try:
        return importlib.util.find_spec(module) is not None
    except ModuleNotFoundError:  # of a parent package
        return False


def _role(session: Any) -> str:
    return str(_pipeline_session(session).get_caller_identity_arn())


def _default_bucket(session: Any) -> str:
    return str(_pipeline_session(session).default_bucket())


ARGUMENTS: Mapping[str, Callable[[Any], Any]] = {
    "sagemaker_session": _pipeline_session,
    "pipeline_session": _pipeline_session,
    "session": _pipeline_session,
    "boto_session": lambda session: session,
    "region": lambda session: session.region_name,
    "region_name": lambda session: session.region_name,
    "role": _role,
    "role_arn": _role,
    "default_bucket": _default_bucket,
}
