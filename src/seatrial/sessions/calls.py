"""One call of the AWS API as the handler sees it; knows the request's encodings, not what is answered."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


@dataclass(frozen=True)
class Call:
    """What was asked of which service; `protocol` is the encoding in which the answer is expected."""

    service: str
    operation: str
    protocol: str
    url: str
    parameters: Mapping[str, Any]
    account_id: str
    region: str

    def members(self, name: str) -> list[str]:
        """A list parameter, which the query protocol spreads over `name.member.1`, `name.member.2`, ..."""
        if isinstance(self.parameters.get(name), list):
            return list(self.parameters[name])
        return [value for key, value in self.parameters.items() if key.startswith(f"{name}.member.")]


def read_parameters(
    protocol: str, body: bytes | str | None, url: str = "", template: str = "/"
) -> Mapping[str, Any]:
    """The parameters in a request's body and, for REST, in the path that `template` describes; no headers."""
    text = body.decode(errors="replace") if isinstance(body, bytes) else body or ""
    if protocol == "json":
        return dict(json.loads(text or "{}"))
    if protocol == "query":
        return dict(parse_qsl(text, keep_blank_values=True))
    if protocol == "rest-json":
        return {**_members(text), **_in_path(url, template)}
    return {}


def _members(text: str) -> Mapping[str, Any]:
    """The object that a body is; none for a body that is a payload of somebody's own."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _in_path(url: str, template: str) -> Mapping[str, str]:
    """What stands where the template has a name in braces."""
    pattern = re.sub(r"\\{(\w+)(?:\\\+)?\\}", r"(?P<\1>[^/]+)", re.escape(template.partition("?")[0]))
    found = re.fullmatch(pattern, urlsplit(url).path)
    return {name: unquote(text) for name, text in found.groupdict().items()} if found else {}
