"""From what a user named to a compiled pipeline; user code runs in a process of its own.

The SDK takes seconds to import, prints, and keeps sessions in module variables; user code changes
`sys.path` and reads `sys.argv`. None of that is to reach the process that runs the pipeline.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from seatrial.errors import EnvironmentUnfitError, RefusedError, SeatrialError
from seatrial.ports.functions import FunctionCode
from seatrial.ports.storage import S3Uri, StoreAddress
from seatrial.sessions.child import REQUEST, RESULT, Request
from seatrial.sessions.compiled import CompiledPipeline, read_definition, read_folder, seeds_beside
from seatrial.sessions.targets import Target, read_target
from seatrial.settings import Settings

_STDERR = 2
# Not `-m`: that would put the current folder before our own libraries.
_CHILD = """
import sys
sys.path[:] = filter(None, sys.path)
from seatrial.sessions.child import main
main(sys.argv[1])
"""
_ERRORS: Mapping[str, type[SeatrialError]] = {
    kind.__name__: kind for kind in (RefusedError, EnvironmentUnfitError)
}


def needs_compiling(target: str) -> bool:
    """Whether this names code, which is compiled against a store; a definition needs none."""
    return read_target(target).kind in ("file", "module")


def load_pipeline(target: str, *, address: StoreAddress | None, settings: Settings) -> CompiledPipeline:
    """The pipeline that `target` names (see `targets.FORMS`); `address` may be None unless it is code."""
    named = read_target(target)
    if named.kind == "definition":
        return read_definition(named)
    if named.kind == "folder":
        return read_folder(named)
    if address is None:
        raise ValueError("a pipeline in code is compiled against a store")
    _require_sdk()
    return _compile(named, address, settings)


def _require_sdk() -> None:
    missing = [name for name in ("boto3", "sagemaker") if importlib.util.find_spec(name) is None]
    if missing:
        raise EnvironmentUnfitError(
            f"compiling a pipeline needs the SageMaker SDK, and {' and '.join(missing)} cannot be imported",
            slug="sdk-missing",
            hint="pip install 'seatrial[sdk-v2]'",
        )


def _compile(target: Target, address: StoreAddress, settings: Settings) -> CompiledPipeline:
    with tempfile.TemporaryDirectory(prefix="seatrial-compile-") as folder:
        request = Request.of(target, address, settings)
        (Path(folder) / REQUEST).write_text(request.to_json(), encoding="utf-8")
        ended = subprocess.run(  # noqa: S603  # our own interpreter, our own code
            [sys.executable, "-c", _CHILD, folder],
            stdin=subprocess.DEVNULL,
            stdout=_STDERR,
            env=_environment(address, settings, os.environ),
            check=False,
        )
        result = Path(folder) / RESULT
        if not result.is_file():
            raise RefusedError(
                f"the process that compiled {target} ended with code {ended.returncode} and without a result",
                slug="compiling-died",
                where=str(target),
                hint="its last words are above; look for os._exit() or a native crash in the pipeline's code",
            )
        return _read_result(target, json.loads(result.read_text(encoding="utf-8")))


def _read_result(target: Target, result: Mapping[str, Any]) -> CompiledPipeline:
    if "error" in result:
        error = dict(result["error"])
        raise _ERRORS[error.pop("kind")](error.pop("message"), **error)
    return CompiledPipeline(
        name=result["name"],
        definition_text=result["definition"],
        source=str(target),
        uploads=tuple(S3Uri(bucket, key) for bucket, key in result["uploads"]),
        seeds=seeds_beside(target.path) if target.kind == "file" else None,
        max_parallel_steps=result["max_parallel_steps"],
        functions=tuple(
            FunctionCode(**{**item, "archive": base64.b64decode(item["archive"])})
            for item in result["functions"]
        ),
    )


def _environment(address: StoreAddress, settings: Settings, outer: Mapping[str, str]) -> dict[str, str]:
    """The user's environment without what points to AWS.

    boto3 sessions are bound whatever it says; the store's variables are for other libraries that
    read S3 (pandas, pyarrow) and for processes that user code starts.
    """
    environment = {name: value for name, value in outer.items() if not name.startswith("AWS_")}
    keys = address.credentials
    environment |= {
        "AWS_ACCESS_KEY_ID": keys.access_key,
        "AWS_SECRET_ACCESS_KEY": keys.secret_key,
        "AWS_REGION": settings.region,
        "AWS_DEFAULT_REGION": settings.region,
        "AWS_ENDPOINT_URL_S3": address.endpoint_url,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAGEMAKER_SUPPRESS_V2_WARNING": "1",
    }
    if keys.session_token:
        environment["AWS_SESSION_TOKEN"] = keys.session_token
    return environment
