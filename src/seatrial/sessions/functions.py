"""Lambda's API while a pipeline is compiled: functions that its code creates are kept, and not called."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSResponse

from seatrial.ports.functions import DEFAULT_SECONDS, MOST_SECONDS, FunctionCode, name_of_function
from seatrial.sessions import wire
from seatrial.sessions.calls import Call

# What Lambda gives a function that is created without one; the SDK always says 120.
_DEFAULT_TIMEOUT = 3
_NAME = re.compile(r"[a-zA-Z0-9-_]{1,64}")
_CONFIGURED = ("Runtime", "Role", "Handler", "Description", "Timeout", "MemorySize", "VpcConfig", "Layers")


@dataclass
class CreatedFunction:
    """One function as the code configured it; its code came with the call, or lies in S3 at `place`."""

    configuration: dict[str, Any]
    archive: bytes | None = None
    place: tuple[str, str] | None = None
    environment: Mapping[str, str] = field(default_factory=dict)


class _RefusedError(Exception):
    """What Lambda refuses: status, code, message."""


class Functions:
    """Those that the code of one pipeline created or updated, by name."""

    def __init__(self) -> None:
        self.created: dict[str, CreatedFunction] = {}

    def answer(self, call: Call) -> AWSResponse | None:
        """Lambda's answer; None for an operation that is not answered."""
        answer = _ANSWERS.get(call.operation)
        if answer is None:
            return None
        try:
            return wire.success(call, answer(self, call, _name_in(call)))
        except _RefusedError as refusal:
            return wire.failure(call, *refusal.args)

    def code(self, fetch: Callable[[str, str], bytes]) -> list[FunctionCode]:
        """All of them with their code; `fetch` reads what lies in S3, by bucket and key."""
        return [_code_of(name, function, fetch) for name, function in self.created.items()]

    def _create(self, call: Call, name: str) -> Mapping[str, Any]:
        if name in self.created:
            raise _RefusedError(409, "ResourceConflictException", f"Function already exist: {name}")
        function = CreatedFunction({"FunctionName": name, "Timeout": _DEFAULT_TIMEOUT, "MemorySize": 128})
        _configure(function, call.parameters)
        _take_code(function, call.parameters.get("Code") or {})
        self.created[name] = function
        return _told(call, name, function)

    def _update_code(self, call: Call, name: str) -> Mapping[str, Any]:
        """Also of a function that exists elsewhere: only its handler is then not known."""
        function = self.created.setdefault(name, CreatedFunction({"FunctionName": name}))
        _take_code(function, call.parameters)
        return _told(call, name, function)

    def _update_configuration(self, call: Call, name: str) -> Mapping[str, Any]:
        function = self.created.setdefault(name, CreatedFunction({"FunctionName": name}))
        _configure(function, call.parameters)
        return _told(call, name, function)

    def _get(self, call: Call, name: str) -> Mapping[str, Any]:
        return {"Configuration": self._get_configuration(call, name), "Code": {"RepositoryType": "S3"}}

    def _get_configuration(self, call: Call, name: str) -> Mapping[str, Any]:
        return _told(call, name, self._known(call, name))

    def _delete(self, call: Call, name: str) -> Mapping[str, Any]:
        self._known(call, name)
        del self.created[name]
        return {}

    def _known(self, call: Call, name: str) -> CreatedFunction:
        if name not in self.created:
            message = f"Function not found: {_arn(call, name)}"
            raise _RefusedError(404, "ResourceNotFoundException", message)
        return self.created[name]


_ANSWERS: Mapping[str, Callable[[Functions, Call, str], Mapping[str, Any]]] = {
    "CreateFunction": Functions._create,
    "DeleteFunction": Functions._delete,
    "GetFunction": Functions._get,
    "GetFunctionConfiguration": Functions._get_configuration,
    "UpdateFunctionCode": Functions._update_code,
    "UpdateFunctionConfiguration": Functions._update_configuration,
}


def _name_in(call: Call) -> str:
    """The function's name: a file is named after it."""
    name = name_of_function(str(call.parameters["FunctionName"]))
    if not _NAME.fullmatch(name):
        message = (
            f"1 validation error detected: Value '{name}' at 'functionName' failed to satisfy constraint: "
            f"Member must satisfy regular expression pattern: {_NAME.pattern}"
        )
        raise _RefusedError(400, "ValidationException", message)
    return name


def _configure(function: CreatedFunction, given: Mapping[str, Any]) -> None:
    function.configuration |= {name: given[name] for name in _CONFIGURED if given.get(name) is not None}
    environment = given.get("Environment")
    if environment is not None:
        # The SDK hands on what its user gave it: `{"Variables": {…}}`, as the API wants it.
        function.environment = {
            str(name): str(value) for name, value in (environment.get("Variables") or {}).items()
        }


def _take_code(function: CreatedFunction, code: Mapping[str, Any]) -> None:
    if code.get("ZipFile"):
        function.archive, function.place = base64.b64decode(code["ZipFile"]), None
    elif code.get("S3Bucket") and code.get("S3Key"):
        function.archive, function.place = None, (code["S3Bucket"], code["S3Key"])
    else:
        message = "Provide a zip file, or an S3 object: images cannot be called here"
        raise _RefusedError(400, "InvalidParameterValueException", message)


def _told(call: Call, name: str, function: CreatedFunction) -> Mapping[str, Any]:
    """A function's configuration: made at once, as the waiters of boto3 want to hear."""
    return {
        **{key: value for key, value in function.configuration.items() if key not in ("VpcConfig", "Layers")},
        "FunctionName": name,
        "FunctionArn": _arn(call, name),
        "Version": "$LATEST",
        "State": "Active",
        "LastUpdateStatus": "Successful",
        "PackageType": "Zip",
    }


def _arn(call: Call, name: str) -> str:
    return f"arn:aws:lambda:{call.region}:{call.account_id}:function:{name}"


def _code_of(name: str, function: CreatedFunction, fetch: Callable[[str, str], bytes]) -> FunctionCode:
    configuration = function.configuration
    return FunctionCode(
        name=name,
        archive=fetch(*function.place) if function.place else function.archive or b"",
        handler=configuration.get("Handler"),
        timeout_seconds=min(int(configuration.get("Timeout", DEFAULT_SECONDS)), MOST_SECONDS),
        memory_megabytes=configuration.get("MemorySize"),
        environment=function.environment,
        runtime=configuration.get("Runtime") or "",
    )
