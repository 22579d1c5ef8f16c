"""Every setting in one model; read from `SEATRIAL_*`, `seatrial.toml` and `[tool.seatrial]`, in that order.

A nested setting's variable joins the names with two underscores: `SEATRIAL_STORE__ENDPOINT_URL`.
"""

from __future__ import annotations

import difflib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import platformdirs
from pydantic import BaseModel, Field, ValidationError
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
from seatrial.settings.contents import ContentContract, ProfileSettings
from seatrial.settings.contracts import ContractSettings, NamedContract
from seatrial.settings.findings import SuppressSettings
from seatrial.settings.machine import BuildSettings, FidelitySettings, StoreSettings
from seatrial.settings.observation import ObservationSettings
from seatrial.settings.openlineage import OpenLineageSettings
from seatrial.settings.steps import CallbackSettings, FunctionSettings, SubstituteSettings

__all__ = [
    "BuildSettings",
    "CallbackSettings",
    "ContentContract",
    "ContractSettings",
    "FidelitySettings",
    "FunctionSettings",
    "ObservationSettings",
    "OpenLineageSettings",
    "ProfileSettings",
    "Settings",
    "StoreSettings",
    "SubstituteSettings",
    "SuppressSettings",
    "every_setting",
    "load_settings",
    "variable_of",
]


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
    contracts: dict[str, NamedContract] = Field(
        default_factory=dict,
        description="what scripts expect: step name (shell style) to `file.py:NAME` or `module:NAME`, or to "
        "a table of the contract's members ([script contracts](contracts.md))",
    )
    suppress: list[SuppressSettings] = Field(
        default_factory=list,
        description="findings that the project accepts: tables of `code` and `reason`, and if need be `step` "
        "and `where` ([suppressing findings](findings/suppressing.md))",
    )
    contents: dict[str, ContentContract] = Field(
        default_factory=dict,
        description="what tables and archives are to hold: `Step.output` or `Step.input` (shell style) to a "
        "table of `columns`, `members` and more ([contents](contents.md))",
    )
    profiles: ProfileSettings = ProfileSettings()
    role_policy: Path | list[Path] = Field(
        default_factory=list,
        description="IAM policy documents of the execution role, one file or several: jobs and the staging "
        "of their data are held to them ([permissions](permissions.md))",
    )
    store: StoreSettings = StoreSettings()
    build: BuildSettings = BuildSettings()
    fidelity: FidelitySettings = FidelitySettings()
    openlineage: OpenLineageSettings = OpenLineageSettings()
    observation: ObservationSettings = ObservationSettings()

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
    "contents": "a contract has columns, required, nullable, members and more (docs/contents.md); ",
    "contracts": f"a contract has {', '.join(ContractSettings.model_fields)} (docs/contracts.md); ",
    "substitutes": f"a substitute has {', '.join(SubstituteSettings.model_fields)} (docs/substitutes.md); ",
    "suppress": f"an entry has {', '.join(SuppressSettings.model_fields)} (docs/findings/suppressing.md); ",
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
