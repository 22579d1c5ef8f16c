"""The SDK's `@step` functions and notebook jobs as they stand in a definition: as training jobs.

Knows the arguments that the SDK writes, whether resolved or not; runs nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from seatrial.definition.model import Json

WORKSPACE = "sagemaker_remote_function_workspace"
"""The folder in which the function runs, beneath the one in which the container starts."""

_CHANNEL = "sagemaker_remote_function_bootstrap"
_RESULTS = ".OutputDataConfig.S3OutputPath"
_SCHEDULER = "amazon_sagemaker_scheduler"

CODE_CHANNELS = frozenset(
    {_CHANNEL, "pre_exec_script_and_dependencies", "sagemaker_headless_execution_pipelinestep"}
)
"""What the SDK uploads itself when it compiles such steps: programs, lists of packages, notebooks."""


@dataclass(frozen=True)
class Argument:
    """One value, and where in the list of the container's arguments it stands."""

    value: Json
    index: int


@dataclass(frozen=True)
class RemoteFunction:
    """What the job is told; a member is None where the SDK did not say it.

    `base` is the place in S3 beneath which everything of the pipeline lies, `build` the folder there of one
    compilation. `references` are the values that the function's arguments need, by their expression.
    """

    base: Argument | None
    step: str | None
    execution: Json
    build: str | None
    python: Argument | None
    sdk: Argument | None
    references: Mapping[str, Argument]

    @property
    def payloads(self) -> Mapping[str, Json]:
        """Where the function and its arguments lie, pickled when the pipeline was compiled."""
        if self.base is None or self.step is None or self.build is None:
            return {}
        return {name: self._beneath(self.step, self.build, name) for name in ("function", "arguments")}

    @property
    def results(self) -> Mapping[str, Argument]:
        """Where what each other function returned lies, by its step."""
        return {
            name.removeprefix("Steps.").removesuffix(_RESULTS): argument
            for name, argument in self.references.items()
            if name.startswith("Steps.") and name.endswith(_RESULTS)
        }

    @property
    def exception(self) -> Json:
        """Where the SDK leaves the exception that the function raised; both major versions here."""
        if self.base is None or self.step is None or self.execution is None:
            return None
        return self._beneath(self.execution, self.step, "exception")

    def _beneath(self, *parts: Json) -> Json:
        values = [self.base.value if self.base else "", *parts]
        if all(isinstance(value, str) for value in values):
            return "/".join(str(value).rstrip("/") for value in values)
        return {"Std:Join": {"On": "/", "Values": values}}


def remote_function(arguments: Mapping[str, Any]) -> RemoteFunction | None:
    """The function that a CreateTrainingJob request runs; None for any other job."""
    names = [_mapping(channel).get("ChannelName") for channel in _items(arguments.get("InputDataConfig"))]
    words = _items(_mapping(arguments.get("AlgorithmSpecification")).get("ContainerArguments"))
    if _CHANNEL not in names:
        return None
    said = dict(_options(words))
    one = {name: values[0] for name, values in said.items() if values}
    pairs = said.get("--property_references", ())
    return RemoteFunction(
        base=one.get("--s3_base_uri"),
        step=_text(one.get("--pipeline_step_name")),
        execution=one["--pipeline_execution_id"].value if "--pipeline_execution_id" in one else None,
        build=_text(one.get("--func_step_s3_dir")),
        python=one.get("--client_python_version"),
        sdk=one.get("--client_sagemaker_pysdk_version"),
        references={str(key.value): value for key, value in zip(pairs[::2], pairs[1::2], strict=False)},
    )


def is_notebook(arguments: Mapping[str, Any]) -> bool:
    """Whether a CreateTrainingJob request runs a notebook."""
    entrypoint = _mapping(arguments.get("AlgorithmSpecification")).get("ContainerEntrypoint")
    return list(_items(entrypoint)) == [_SCHEDULER]


def _options(words: Sequence[Json]) -> Iterator[tuple[str, tuple[Argument, ...]]]:
    """Each `--option` with what follows it up to the next."""
    name, values = "", list[Argument]()
    for index, word in enumerate(words):
        if isinstance(word, str) and word.startswith("--"):
            yield name, tuple(values)
            name, values = word, list[Argument]()
        else:
            values.append(Argument(word, index))
    yield name, tuple(values)


def _text(argument: Argument | None) -> str | None:
    return argument.value if argument and isinstance(argument.value, str) else None


def _items(value: object) -> Sequence[Json]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
