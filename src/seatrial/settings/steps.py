"""Tables of settings about single steps: the code of a function, a substitute, who answers a message."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class FunctionSettings(BaseModel):
    """The code of one Lambda function, on this machine."""

    model_config = ConfigDict(extra="forbid")

    path: Path = Field(description="a .py file, a folder or a .zip")
    handler: str = Field(pattern=r"^[^\s.]+(\.[^\s.]+)+$", description="`module.function`")
    timeout: int = Field(120, ge=1, le=600, description="seconds that a call may take")
    memory: int | None = Field(None, ge=128, le=10240, description="megabytes that it may use")
    environment: dict[str, str] = Field(default_factory=dict, description="its environment variables")


_DATA = ("outputs", "model", "objects", "properties")


class SubstituteSettings(BaseModel):
    """What does the work of one step in its place; paths are relative to the current folder."""

    model_config = ConfigDict(extra="forbid")

    outputs: dict[str, Path] = Field(
        default_factory=dict, description="a local folder or file for each output, by the output's name"
    )
    model: Path | None = Field(
        None, description="a training job's model: a `model.tar.gz`, or what is packed into one"
    )
    objects: dict[str, Path] = Field(
        default_factory=dict, description="a local folder or file for each S3 URI that properties name"
    )
    properties: dict[str, Any] | Path = Field(
        default_factory=dict, description="members of the step's Describe response, or a JSON or TOML file"
    )
    inputs: dict[str, Path] = Field(
        default_factory=dict, description="a local folder or file for an input, by the input's name"
    )
    script: Path | None = Field(None, description="a local .py or .sh file that runs in the step's container")
    image: str | None = Field(
        None, min_length=1, description="an image that runs in the place of the step's own, or the script"
    )
    replay: str | None = Field(
        None, min_length=1, description="an earlier execution whose outcome of the step is given again"
    )

    @model_validator(mode="after")
    def _one_way(self) -> SubstituteSettings:
        """Data, a script, an image, or a replay; inputs alone, or with a container that runs."""
        data = [name for name in _DATA if name in self.model_fields_set]  # also an empty one
        ways = [way for way in (" and ".join(data), "script" if self.script else "") if way]
        ways += ["image"] if self.image and not self.script else []
        ways += ["replay"] if self.replay else []
        if len(ways) > 1:
            raise ValueError(f"{ways[0]} and {ways[1]} are two substitutes for one step; leave one out")
        if self.inputs and (data or self.replay):
            raise ValueError(f"nothing reads the inputs of a step whose {ways[0]} is given; leave one out")
        if not ways and not self.inputs:
            raise ValueError("give outputs, model, properties, inputs, script, image or replay")
        if self.model and "model" in self.outputs:
            raise ValueError("model and outputs.model are the same; leave one out")
        if self.script and self.script.suffix not in (".py", ".sh"):
            raise ValueError(f"script {self.script} is neither a .py nor a .sh file")
        return self


class CallbackSettings(BaseModel):
    """Who answers the messages of a Callback step, on this machine."""

    model_config = ConfigDict(extra="forbid")

    command: str | list[str] | None = Field(
        None, description="a program that is given the message as JSON on its standard input"
    )
    hook: str | None = Field(
        None, pattern=r"^[\w.]+:[\w.]+$", description="`module:function`, called with the message"
    )
    answer: Literal["now", "later"] = Field(
        "now",
        description="whether what it prints or returns is the answer, or somebody answers later",
    )
    timeout_seconds: float | None = Field(None, gt=0, description="how long an answer is waited for")

    @model_validator(mode="after")
    def _one_way(self) -> CallbackSettings:
        """One of both answers, and one that can be given."""
        if self.command and self.hook:
            raise ValueError("command and hook are two answers to one message; leave one out")
        if self.command is not None and not self.words:
            raise ValueError("the command is empty; write a program and its arguments")
        return self

    @property
    def by_hand(self) -> bool:
        """Whether somebody has to type the answer."""
        return self.answer == "later" or not (self.command or self.hook)

    @property
    def words(self) -> list[str]:
        """The command's; no shell reads it."""
        if not isinstance(self.command, str):
            return self.command or []
        try:
            return shlex.split(self.command)
        except ValueError as unreadable:
            raise ValueError(f"the command cannot be read: {unreadable}") from unreadable
