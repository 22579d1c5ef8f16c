"""What `{…}` in a substitute's URIs and properties stands for, once there is an execution."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.substitutes import Substitute

_NAME = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")


def filled_in(substitute: Substitute, record: ExecutionRecord) -> Substitute:
    """The substitute with `{execution_id}`, `{pipeline_name}` and every `{parameter}` in its place."""
    known = known_words(record)
    return replace(
        substitute,
        objects={_filled(uri, known): path for uri, path in substitute.objects.items()},
        properties=_filled(substitute.properties, known),
    )


def known_words(record: ExecutionRecord) -> Mapping[str, str]:
    """Each placeholder with its text; braces around anything else stay as they are."""
    return {
        **{name: str(value) for name, value in record.parameters.items()},
        "execution_id": record.execution_id,
        "pipeline_name": record.pipeline_name,
    }


def unknown_words(text: str, known: Mapping[str, object]) -> list[str]:
    """The placeholders in a URI that stand for nothing."""
    return [name for name in _NAME.findall(text) if name not in known]


def _filled(value: Any, known: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return _NAME.sub(lambda found: known.get(found[1], found[0]), value)
    if isinstance(value, Mapping):
        return {name: _filled(member, known) for name, member in value.items()}
    if isinstance(value, list | tuple):
        return [_filled(item, known) for item in value]
    return value
