"""`file://` in a definition or a parameter: brought into the store before anything else looks at it.

The service knows only S3, so everything behind this sees an S3 URI.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.storage import adopt_file_uri

SCHEME = "file://"


def adopt_local_files(parts: Parts, wishes: Wishes) -> Wishes:
    """The same wishes, every whole value that is a `file://` URI replaced by where it lies in the store."""
    parameters = {name: _adopted(parts, value) for name, value in wishes.parameters.items()}
    text = wishes.definition_text
    if SCHEME in text:
        try:
            document = json.loads(text)
        except ValueError:
            pass  # the parser says what is wrong, and where
        else:
            text = json.dumps(_replaced(parts, document))
    return replace(wishes, parameters=parameters, definition_text=text)


def _replaced(parts: Parts, value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(parts, member) for key, member in value.items()}
    if isinstance(value, list):
        return [_replaced(parts, item) for item in value]
    return _adopted(parts, value) if isinstance(value, str) else value


def _adopted(parts: Parts, value: str) -> str:
    if not value.startswith(SCHEME):
        return value
    return str(adopt_file_uri(parts.store, value, bucket=parts.settings.bucket))
