"""What object a traced path means; knows nothing else of a trace.

The trace has the path as it came over the wire if Go would have written it otherwise, and decoded if not.
"""

from __future__ import annotations

import re
from urllib.parse import quote, unquote

# What Go leaves as it is in a path, besides letters and digits.
_PLAIN_IN_GO = "$&+,/:;=@-_.~"
# What comes over the wire: no other characters, and no client encodes letters, digits, or any of `-._`.
_ON_THE_WIRE = re.compile(
    r"([A-Z0-9\-._~!$&'()*+,;=:@/]|%(?!2[DE]|5F|3[0-9]|[46][1-9A-F]|[57][0-9A])[0-9A-F]{2})*",
    re.IGNORECASE | re.ASCII,
)


def split_path(path: str) -> tuple[str, str]:
    """Bucket and key; each may be empty."""
    bucket, _, key = _decoded(path).lstrip("/").partition("/")
    return bucket, key


def split_source(header: str) -> tuple[str, str]:
    """Bucket and key of `x-amz-copy-source`, which is encoded and may name a version."""
    bucket, _, key = unquote(header.partition("?versionId=")[0]).lstrip("/").partition("/")
    return bucket, key


def _decoded(path: str) -> str:
    if not _ON_THE_WIRE.fullmatch(path):
        return path
    decoded = unquote(path)
    return path if quote(decoded, safe=_PLAIN_IN_GO) == path else decoded
