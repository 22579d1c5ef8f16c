"""The process in which a pipeline's code runs: reads a request, compiles, writes a result.

Standard output is standard error here, and nothing but the result's file goes back.
"""

from __future__ import annotations

import base64
import json
import logging
import warnings
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seatrial.errors import SeatrialError
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.sessions.targets import Target
from seatrial.settings import Settings

if TYPE_CHECKING:
    from seatrial.sessions.binding import Binding

REQUEST = "request.json"
RESULT = "result.json"


@dataclass(frozen=True)
class Request:
    """What to compile, and what to bind it to."""

    target: Target
    address: StoreAddress
    account_id: str
    region: str

    @classmethod
    def of(cls, target: Target, address: StoreAddress, settings: Settings) -> Request:
        """The request for a target under these settings."""
        return cls(target, address, settings.account_id, settings.region)

    def to_json(self) -> str:
        """The request as text; it holds the store's keys, so its file is for the caller alone."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> Request:
        """The reverse of `to_json`."""
        fields = json.loads(text)
        address = fields["address"]
        return cls(
            target=Target(**fields["target"]),
            address=StoreAddress(**{**address, "credentials": Credentials(**address["credentials"])}),
            account_id=fields["account_id"],
            region=fields["region"],
        )


def main(folder: str) -> None:
    """Answer the request in `folder`; what is not a `SeatrialError` is ours and ends the process."""
    request = Request.from_json((Path(folder) / REQUEST).read_text(encoding="utf-8"))
    _quiet_sdk()
    try:
        result = _compile(request)
    except SeatrialError as error:
        result = {"error": _as_fields(error)}
    (Path(folder) / RESULT).write_text(json.dumps(result), encoding="utf-8")


def _quiet_sdk() -> None:
    """Leave standard error to the user's own code: the SDK comments on every step that it compiles."""
    for name in ("sagemaker", "sagemaker.config"):
        logging.getLogger(name).setLevel(logging.ERROR)
    # This one turns itself up unless somebody listens to it.
    logging.getLogger("sagemaker.remote_function").addHandler(logging.NullHandler())
    warnings.filterwarnings("ignore", module=r"sagemaker\.")


def _compile(request: Request) -> Mapping[str, Any]:
    # These import boto3 and the SDK, which the parent process does without.
    from seatrial.sessions.binding import Binding, bound
    from seatrial.sessions.telemetry import silenced
    from seatrial.sessions.user_code import compile_target

    binding = Binding(request.address, request.account_id, request.region)
    with bound(binding) as session, silenced():
        name, definition = compile_target(request.target, session)
        functions = _functions(binding, session)
    uploads = [(uri.bucket, uri.key) for uri in binding.uploads.objects()]
    limit = binding.parallelism.of(name)
    return {
        "name": name,
        "definition": definition,
        "uploads": uploads,
        "max_parallel_steps": limit,
        "functions": functions,
    }


def _functions(binding: Binding, session: Any) -> list[Mapping[str, Any]]:
    """What the code created in Lambda; the archives as text."""

    def fetch(bucket: str, key: str) -> bytes:
        return bytes(session.client("s3").get_object(Bucket=bucket, Key=key)["Body"].read())

    return [
        {**asdict(function), "archive": base64.b64encode(function.archive).decode()}
        for function in binding.functions.code(fetch)
    ]


def _as_fields(error: SeatrialError) -> Mapping[str, str | None]:
    return {
        "kind": type(error).__name__,
        "message": error.message,
        "slug": error.slug,
        "where": error.where,
        "hint": error.hint,
    }
