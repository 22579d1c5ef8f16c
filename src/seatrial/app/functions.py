"""The code of the functions that Lambda steps call: from the settings, else from the pipeline's own code."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import Path

from seatrial.dataflow.codes import finding
from seatrial.definition import Step
from seatrial.errors import RefusedError
from seatrial.execution.steps.lambda_ import LAMBDA
from seatrial.outputs import Known, text_of
from seatrial.ports.findings import Finding
from seatrial.ports.functions import FunctionCode, name_of_function
from seatrial.settings import FunctionSettings, Settings

_LEFT_OUT = frozenset({"__pycache__", ".git", ".venv"})
# A zip file knows no earlier time; a fixed one makes the same code the same archive.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class Functions:
    """Finds the code of a function; `created` are those that the pipeline's code made, and settings win."""

    def __init__(self, settings: Settings, created: Iterable[FunctionCode] = ()) -> None:
        self._settings = settings.functions
        self._created = {function.name: function for function in created}

    def __call__(self, named: str) -> FunctionCode:
        """The function of that name or ARN."""
        name = name_of_function(named)
        chosen = self._chosen(named, name)
        if chosen is not None:
            return _from_settings(name, *chosen)
        if name not in self._created:
            raise _unknown(name)
        return _callable(self._created[name])

    def _chosen(self, named: str, name: str) -> tuple[str, FunctionSettings] | None:
        """By the whole text, by the name, then by the first pattern that matches either."""
        for text in (named, name):
            if text in self._settings:
                return text, self._settings[text]
        matching = (
            (pattern, table)
            for pattern, table in self._settings.items()
            if fnmatchcase(named, pattern) or fnmatchcase(name, pattern)
        )
        return next(matching, None)


def unknown_functions(find: Functions, steps: Iterable[Step], known: Known) -> Iterator[Finding]:
    """One error for each function that cannot be called here; one that only the run names is found then."""
    for step in steps:
        if step.type != LAMBDA.shape.type:
            continue
        named = text_of(step.raw.get("FunctionArn", ""), known)
        if not named.text or not named.complete:
            continue
        try:
            find(named.text)
        except RefusedError as refusal:
            yield finding(
                "ST204",
                refusal.message,
                where=f"{step.pointer}/FunctionArn",
                hint=refusal.hint or "",
                step=step.name,
            )


def _callable(function: FunctionCode) -> FunctionCode:
    if function.handler is None:
        raise RefusedError(
            f"the pipeline's code updates the function {function.name!r}, and does not tell its handler",
            slug="function-without-handler",
            where=function.name,
            hint=what_to_write(function.name),
        )
    if function.runtime and not function.runtime.startswith("python"):
        raise RefusedError(
            f"the function {function.name!r} is made for {function.runtime}; here functions are in Python",
            slug="function-not-python",
            where=function.name,
            hint="name a function in Python that does the same:\n" + what_to_write(function.name),
        )
    return function


def _unknown(name: str) -> RefusedError:
    return RefusedError(
        f"there is no code for the Lambda function {name!r}",
        slug="function-unknown",
        where=name,
        hint=what_to_write(name),
    )


def what_to_write(name: str) -> str:
    """The lines that give a function its code."""
    return (
        "write in seatrial.toml (in pyproject.toml the table begins with tool.seatrial.functions):\n"
        f'[functions."{name}"]\n'
        'path = "functions/app.py"         # the file, a folder, or a zip\n'
        'handler = "app.lambda_handler"'
    )


def _from_settings(name: str, key: str, table: FunctionSettings) -> FunctionCode:
    return FunctionCode(
        name=name,
        archive=_packed(key, table.path),
        handler=table.handler,
        timeout_seconds=table.timeout,
        memory_megabytes=table.memory,
        environment=table.environment,
    )


def _packed(key: str, path: Path) -> bytes:
    """The code as a zip file, whatever it was."""
    try:
        if path.is_dir():
            return _zip((file, file.relative_to(path).as_posix()) for file in sorted(path.rglob("*")))
        return path.read_bytes() if zipfile.is_zipfile(path) else _zip([(path, path.name)])
    except OSError as missing:
        raise RefusedError(
            f"the code of the function {key!r} cannot be read: {missing}",
            slug="function-code-missing",
            where=f"functions.{key!r}.path",
            hint="correct the path in the settings; it is taken from the current folder",
        ) from missing


def _zip(files: Iterable[tuple[Path, str]]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file, name in files:
            if file.is_dir() or _LEFT_OUT & set(Path(name).parts):
                continue
            entry = zipfile.ZipInfo(name, _NO_TIME)
            entry.external_attr = (file.stat().st_mode & 0o777) << 16
            archive.writestr(entry, file.read_bytes(), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
