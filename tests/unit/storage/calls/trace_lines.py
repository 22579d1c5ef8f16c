"""Lines as the store's trace has them, said in a few words."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping

TIME = "2026-03-01T12:00:00.123456789Z"


def line(
    function: str = "GetObject",
    path: str = "/bucket/key",
    *,
    key: str | None = "JOBKEY",
    query: str = "",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
    body: str = "",
    answer: str = "",
    answer_headers: Mapping[str, str] | None = None,
    time: str = TIME,
    out: int = 0,
) -> bytes:
    """One request and its answer; `key` signed it."""
    signed = {"Authorization": f"AWS4-HMAC-SHA256 Credential={key}/20260301/us-east-1/s3/aws4_request, …"}
    asked = {**(signed if key else {}), **(headers or {})}
    return json.dumps(
        {
            "type": 4,
            "funcname": f"s3.{function}",
            "time": time,
            "path": path,
            "http": {
                "request": {
                    "time": time,
                    "method": "GET",
                    "rawquery": query,
                    "headers": {name: [value] for name, value in asked.items()},
                    "body": base64.b64encode(body.encode()).decode(),
                },
                "response": {
                    "time": time,
                    "headers": {name: [value] for name, value in (answer_headers or {}).items()},
                    "body": base64.b64encode(answer.encode()).decode(),
                    "statuscode": status,
                },
                "stats": {"inputbytes": 100, "outputbytes": out},
            },
        }
    ).encode()
