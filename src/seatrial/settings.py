"""Every setting in one model; read from `SEATRIAL_*`, `seatrial.toml` and `[tool.seatrial]`, in that order.

A nested setting's variable joins the names with two underscores: `SEATRIAL_STORE__ENDPOINT_URL`.
"""

from __future__ import annotations

import difflib
import os
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import (
    BaseModel,
    ByteSize,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    PyprojectTomlConfigSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from seatrial.errors import RefusedError


class StoreSettings(BaseModel):
    """The object store; with `endpoint_url` set, that one is used and none is started."""

    model_config = ConfigDict(extra="forbid")

    endpoint_url: str | None = Field(None, description="an S3 endpoint to use instead of our own MinIO")
    container_endpoint_url: str | None = Field(
        None, description="the same endpoint as containers reach it, where that differs"
    )
    network: str | None = Field(None, description="the Docker network on which containers reach the endpoint")
    access_key: str | None = Field(None, description="the key of that endpoint")
    secret_key: SecretStr | None = Field(
        None, description="its secret; better in the environment than in a file"
    )
    own_keys_in_jobs: bool = Field(
        False,
        description="hand the store's own keys to jobs where the endpoint has no STS; a job can then touch "
        "all that they can",
    )
    cache_limit: ByteSize = Field(
        ByteSize(20 * 10**9), description="how much the content cache may hold, such as `20GB`", ge=0
    )


class BuildSettings(BaseModel):
    """Image builds behind a proxy."""

    model_config = ConfigDict(extra="forbid")

    ca_bundle: Path | None = Field(None, description="PEM file that pip trusts during image builds")
    index_url: str | None = Field(None, description="package index for pip during image builds")
    pull: bool = Field(True, description="try to pull public images before building stand-ins")


class FidelitySettings(BaseModel):
    """Behaviours of the service that nobody outside it can confirm; `docs/fidelity.md` lists them."""

    model_config = ConfigDict(extra="forbid")

    start_independent_steps: bool = Field(
        True, description="after a failure, steps that do not depend on it still start"
    )
    upload_outputs_on_failure: bool = Field(
        False, description="a failed job's EndOfJob outputs and archives are uploaded all the same"
    )
    processing_timeout_status: Literal["Stopped", "Failed"] = Field(
        "Failed", description="terminal status of a processing job that ran past MaxRuntimeInSeconds"
    )
    retry_service_faults: bool = Field(
        False,
        description="a step without a policy for it is tried again up to 5 times, after 1 s, 2 s …, when "
        "Docker or the store does not answer; the service does so for its own faults",
    )
    manifest_names: Literal["relative", "whole-key"] = Field(
        "relative",
        description="what the files of a `ManifestFile` input are called: by what follows the prefix in "
        "their keys, or by the whole key, as one published run had it",
    )
    set_default_region: bool = Field(
        True, description="set AWS_DEFAULT_REGION in containers, which the service was not seen to do"
    )
    transform_ping_seconds: float = Field(
        240.0, ge=0, description="how long a transform's container may take to answer `/ping`"
    )
    transform_slices_include_end: bool = Field(
        False,
        description="`$[1:3]` of a transform's filters takes position 3 as well, as the guide's text says",
    )


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


class Settings(BaseSettings):
    """What a project may set; every field has a default that works on a laptop."""

    model_config = SettingsConfigDict(
        env_prefix="SEATRIAL_",
        env_nested_delimiter="__",
        toml_file="seatrial.toml",
        pyproject_toml_table_header=("tool", "seatrial"),
        extra="forbid",
    )

    state_dir: Path = Field(Path(".seatrial"), description="executions, logs and the state database")
    cache_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_cache_dir("seatrial", appauthor=False)),
        description="content cache and built binaries, shared by all projects",
    )
    account_id: str = Field("123456789012", pattern=r"^\d{12}$", description="the account in every ARN")
    region: str = Field("us-east-1", description="the region in every ARN, and the one that jobs are told")
    bucket: str = Field("seatrial", description="bucket of the default EXECUTION_S3_PREFIX")
    jobs: int = Field(
        default_factory=lambda: max(2, os.cpu_count() or 2),
        ge=1,
        description="steps that run at the same time; one that only uploads makes room for the next",
    )
    max_instances: int = Field(
        16, ge=1, description="containers of one job: a job that asks for more instances is refused"
    )
    step_cache: bool = Field(
        True,
        description="a step with a `CacheConfig` may take over what an earlier execution made",
    )
    stop_grace_seconds: float = Field(10.0, ge=0, description="time between SIGTERM and SIGKILL")
    fail_on: Literal["error", "warning", "note", "never"] = Field(
        "error", description="findings of this severity, or graver, make exit code 1"
    )
    seeds: Path = Field(
        Path("seeds.toml"), description="local data for the inputs that a pipeline expects in S3"
    )
    images: dict[str, str] = Field(
        default_factory=dict, description="image URI pattern (shell style) to local image"
    )
    functions: dict[str, FunctionSettings] = Field(
        default_factory=dict,
        description="whose code Lambda steps call: name or ARN (shell style) to a table of `path` (a file, a "
        "folder, a zip) and `handler`, and if need be `timeout`, `memory` and `environment` "
        "([Lambda steps](lambda.md))",
    )
    substitutes: dict[str, SubstituteSettings] = Field(
        default_factory=dict,
        description="step name (shell style) to what does its work in its place: "
        "[substitutes](substitutes.md)",
    )
    callbacks: dict[str, CallbackSettings] = Field(
        default_factory=dict,
        description="who answers Callback steps: step name or queue URL (shell style) to a table of "
        "`command` or `hook`, and if need be `answer` and `timeout_seconds` ([Callback steps](callbacks.md))",
    )
    store: StoreSettings = StoreSettings()
    build: BuildSettings = BuildSettings()
    fidelity: FidelitySettings = FidelitySettings()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Command line first, then the environment, then the project's files."""
        return (
            init_settings,
            env_settings,
            TomlConfigSettingsSource(settings_cls),
            PyprojectTomlConfigSettingsSource(settings_cls),
        )


def every_setting() -> Iterator[tuple[str, FieldInfo]]:
    """Each by its name in `seatrial.toml`, tables joined with a dot; in the order of the model."""
    for name, field in Settings.model_fields.items():
        table = field.annotation
        if isinstance(table, type) and issubclass(table, BaseModel):
            yield from ((f"{name}.{inner}", about) for inner, about in table.model_fields.items())
        else:
            yield name, field


_SOURCES = "seatrial.toml, [tool.seatrial] in pyproject.toml, or SEATRIAL_* in the environment"


# Variables of ours that are no settings: compose.yaml reads them.
_OTHER_VARIABLES = frozenset(
    {"SEATRIAL_MINIO_IMAGE", "SEATRIAL_MINIO_PORT", "SEATRIAL_MINIO_CONSOLE_PORT", "SEATRIAL_DAEMON_LOG"}
)


def variable_of(setting: str) -> str:
    """The environment variable of a setting by its name in `seatrial.toml`."""
    return f"SEATRIAL_{setting.upper().replace('.', '__')}"


def _refuse_unknown_variables() -> None:
    """A misspelt variable would otherwise be a setting without effect, and nobody told."""
    known = {variable_of(name) for name in (*Settings.model_fields, *(name for name, _ in every_setting()))}
    for name in os.environ:
        if name.startswith("SEATRIAL_") and name.upper() not in known | _OTHER_VARIABLES:
            near = difflib.get_close_matches(name, known, n=1)
            raise RefusedError(
                f"there is no setting for the variable {name}",
                slug="unknown-setting",
                where="the environment",
                hint=f"did you mean {near[0]}?"
                if near
                else "`seatrial doctor --settings` lists every setting",
            )


# Tables whose names are the project's own, and that have a page of examples.
_EXPLAINED = {
    "substitutes": f"a substitute has {', '.join(SubstituteSettings.model_fields)} (docs/substitutes.md); ",
}


def _complaint(error: ErrorDetails) -> str:
    if error["type"] == "extra_forbidden":
        return "there is none of that name"
    return error["msg"].removeprefix("Value error, ")


def _nearest(name: str) -> str | None:
    if "." in name or name in Settings.model_fields:
        return None
    near = difflib.get_close_matches(name, Settings.model_fields, n=1)
    return f"did you mean {near[0]}? " if near else None


def load_settings(**overrides: object) -> Settings:
    """Read the settings of the project in the current folder; a bad one is refused with its name."""
    _refuse_unknown_variables()
    try:
        return Settings(**overrides)  # type: ignore[arg-type]  # the keyword arguments are validated here
    except ValidationError as invalid:
        first = invalid.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        raise RefusedError(
            f"setting {name!r}: {_complaint(first)}",
            slug="invalid-setting",
            where=_SOURCES,
            hint=(_EXPLAINED.get(str(first["loc"][0])) or _nearest(name) or "correct or remove it; ")
            + "`seatrial doctor --settings` lists every setting with its meaning",
        ) from invalid
    except ValueError as malformed:  # no TOML, no UTF-8, or a variable that should hold JSON and does not
        raise RefusedError(
            f"the settings cannot be read: {malformed}",
            slug="invalid-setting",
            where=_SOURCES,
            hint="correct the file's TOML; a table in a variable is written as JSON",
        ) from malformed
