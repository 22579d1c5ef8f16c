"""Answers in the encodings of AWS's protocols; knows no operation."""

from __future__ import annotations

import io
import json
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from xml.sax.saxutils import escape

from botocore.awsrequest import AWSResponse

from seatrial.sessions.calls import Call


class _Body(io.BytesIO):
    """A body that was never on a network; botocore reads it as it reads urllib3's."""

    def stream(self, amount: int = 65536, decode_content: bool | None = None) -> Iterator[bytes]:
        """The content in pieces."""
        while piece := self.read(amount):
            yield piece


def success(call: Call, answer: Mapping[str, Any]) -> AWSResponse:
    """The operation's result, as its protocol writes it."""
    if call.protocol == "query":
        name = call.operation
        body = f"<{name}Response><{name}Result>{_xml(answer)}</{name}Result></{name}Response>".encode()
        return _response(call, 200, "text/xml", body)
    return _response(call, 200, "application/x-amz-json-1.1", json.dumps(answer).encode())


def failure(call: Call, status: int, code: str, message: str) -> AWSResponse:
    """An error, as the call's protocol writes it."""
    content_type, write = _FAILURES.get(call.protocol, _FAILURES["json"])
    response = _response(call, status, content_type, write(code, message))
    response.headers["x-amzn-errortype"] = code
    return response


def _response(call: Call, status: int, content_type: str, body: bytes) -> AWSResponse:
    headers = {
        "content-type": content_type,
        "content-length": str(len(body)),
        "x-amzn-requestid": str(uuid.uuid4()),
    }
    return AWSResponse(call.url, status, headers, _Body(body))


def _xml(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(f"<{name}>{_xml(content)}</{name}>" for name, content in value.items())
    if isinstance(value, list):
        return "".join(f"<member>{_xml(content)}</member>" for content in value)
    return escape(str(value))


def _json_failure(code: str, message: str) -> bytes:
    return json.dumps({"__type": code, "Message": message, "message": message}).encode()


def _query_failure(code: str, message: str) -> bytes:
    return f"<ErrorResponse>{_error_element(code, message)}</ErrorResponse>".encode()


def _ec2_failure(code: str, message: str) -> bytes:
    return f"<Response><Errors>{_error_element(code, message)}</Errors></Response>".encode()


def _error_element(code: str, message: str) -> str:
    return f"<Error><Type>Sender</Type><Code>{code}</Code><Message>{escape(message)}</Message></Error>"


def _cbor_failure(code: str, message: str) -> bytes:
    # Two text pairs in a map (major type 5, length 2): the whole of CBOR that an error needs.
    return b"\xa2" + b"".join(_cbor_text(text) for text in ("__type", code, "message", message))


def _cbor_text(text: str) -> bytes:
    content = text.encode()
    return b"\x79" + len(content).to_bytes(2, "big") + content


_FAILURES: Mapping[str, tuple[str, Callable[[str, str], bytes]]] = {
    "json": ("application/x-amz-json-1.1", _json_failure),
    "rest-json": ("application/json", _json_failure),
    "query": ("text/xml", _query_failure),
    "rest-xml": ("text/xml", _query_failure),
    "ec2": ("text/xml", _ec2_failure),
    "smithy-rpc-v2-cbor": ("application/cbor", _cbor_failure),
}
