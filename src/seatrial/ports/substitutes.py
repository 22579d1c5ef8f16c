"""What does the work of one step in its place; knows neither steps nor settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Any, Literal

SubstituteKind = Literal["data", "script", "image", "inputs", "replay"]


@dataclass(frozen=True)
class Substitute:
    """What gives a step's outcome without its job (data, replay), or changes what its container is.

    `outputs` are local files and folders by the output's name, `objects` by S3 URI, `inputs` by the
    input's name. `properties` are members of the step's Describe response. `script` is a local file and
    `image` the image that runs it, or alone the image that runs in the place of the step's own.
    `execution` is the id of the one whose outcome is given again, and `replayed` what did the step's work
    there in its place.
    """

    outputs: Mapping[str, str] = field(default_factory=dict)
    objects: Mapping[str, str] = field(default_factory=dict)
    properties: Mapping[str, Any] = field(default_factory=dict)
    inputs: Mapping[str, str] = field(default_factory=dict)
    script: str | None = None
    image: str | None = None
    execution: str | None = None
    replayed: str | None = None

    @property
    def kind(self) -> SubstituteKind:
        """By the member that decides what happens."""
        if self.execution is not None:
            return "replay"
        if self.script is not None:
            return "script"
        if self.image is not None:
            return "image"
        return "inputs" if self.inputs else "data"

    @property
    def gives(self) -> bool:
        """Whether the step's outcome is given, so that no container runs."""
        return self.kind in ("data", "replay")

    @property
    def said(self) -> str:
        """In a few words, for people."""
        return _SAID[self.kind](self)


def _said_of_data(substitute: Substitute) -> str:
    names = [*substitute.outputs, *substitute.objects]
    return f"local data for {', '.join(names)}" if names else "properties from the settings"


def _said_of_inputs(substitute: Substitute) -> str:
    return f"local data for the input{'s' * (len(substitute.inputs) > 1)} {', '.join(substitute.inputs)}"


def _with_inputs(said: str, substitute: Substitute) -> str:
    return f"{said}, {_said_of_inputs(substitute)}" if substitute.inputs else said


def _said_of_replay(substitute: Substitute) -> str:
    said = f"replay of execution {substitute.execution}"
    return f"{said}, there {substitute.replayed}" if substitute.replayed else said


_SAID: Mapping[str, Callable[[Substitute], str]] = {
    "data": _said_of_data,
    "script": lambda each: _with_inputs(f"script {PurePath(each.script or '').name}", each),
    "image": lambda each: _with_inputs(f"image {each.image}", each),
    "inputs": _said_of_inputs,
    "replay": _said_of_replay,
}
