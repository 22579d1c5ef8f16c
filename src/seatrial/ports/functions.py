"""A Lambda function that a step may call: its code, its configuration; knows nothing of where it runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

DEFAULT_SECONDS = 120
"""What the SDK gives a function that it creates."""

MOST_SECONDS = 600
"""How long a Lambda step waits for its function."""

DEFAULT_MEGABYTES = 128
"""What the SDK gives a function that it creates; one from the settings has no limit."""

_ARN = re.compile(r"(?:arn:[^:]+:lambda:[^:]*:)?(?:\d{12}:)?function:(?P<name>[^:]+)(?::[^:]+)?")


@dataclass(frozen=True)
class FunctionCode:
    """`archive` is a zip file; `runtime` what the function was created with, an empty one is ours.

    `handler` is None where the pipeline's code updated a function that it did not create.
    """

    name: str
    archive: bytes = field(repr=False)
    handler: str | None
    timeout_seconds: int = DEFAULT_SECONDS
    memory_megabytes: int | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    runtime: str = ""


class FindFunction(Protocol):
    """Where the code of functions is looked up."""

    def __call__(self, named: str) -> FunctionCode:
        """The function of that name or ARN; an error that says what to write where nobody gave its code."""


def name_of_function(named: str) -> str:
    """The function's name: of its ARN, of a part of one, or of a name with a version or an alias."""
    found = _ARN.fullmatch(named)
    return found["name"] if found else named.partition(":")[0]
