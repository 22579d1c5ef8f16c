"""What a script expects of the step that runs it, as its author wrote it down; knows nothing of steps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _with_values(value: Any) -> Any:
    """Names alone are as good as names with values."""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes | Mapping):
        return {str(name): "" for name in value}
    if isinstance(value, Mapping):
        return {name: "" if inner is None else str(inner) for name, inner in value.items()}
    return value


Named = Annotated[dict[str, str], BeforeValidator(_with_values)]


class ScriptContract(BaseModel):
    """The contract of one script.

    Paths are those in the container, by the logical name of the input or output; a path may be a file or
    folder beneath the one that is mounted. `optional_env_vars` and `expected_arguments` are names with
    defaults or descriptions, or names alone. What the script needs of its image
    (`framework_requirements`) is kept and not judged.
    """

    model_config = ConfigDict(frozen=True, from_attributes=True, extra="ignore")

    entry_point: str = Field("", description="the script's file")
    expected_input_paths: dict[str, str] = Field(
        default_factory=dict, description="container path of each input, by its name"
    )
    expected_output_paths: dict[str, str] = Field(
        default_factory=dict, description="container path of each output, by its name"
    )
    required_env_vars: tuple[str, ...] = Field((), description="variables that must be set")
    optional_env_vars: Named = Field(default_factory=dict, description="variables that may be set")
    expected_arguments: Named = Field(default_factory=dict, description="command-line arguments")
    framework_requirements: Named = Field(default_factory=dict, description="packages; not judged")
    description: str = Field("", description="what the script does")
