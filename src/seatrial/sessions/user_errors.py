"""A fault in a user's own code, told as such: what, in which of his lines, and no frame of ours."""

from __future__ import annotations

import contextlib
import sys
import sysconfig
import traceback
from collections.abc import Iterator
from pathlib import Path

from botocore import exceptions as botocore_errors

from seatrial.errors import EnvironmentUnfitError, RefusedError, SeatrialError
from seatrial.sessions.targets import Target

# The SDK's words for a function of `@step` that names no image, where there is none for this Python.
_NO_DEFAULT_IMAGE = "Default image is supported only for Python versions"
_PATHS = sysconfig.get_paths()
_OURS = f"{Path(__file__).parents[1]}/"
_LIBRARIES = tuple(f"{_PATHS[name]}/" for name in ("purelib", "platlib"))
_NOT_THE_USERS = (
    "<",
    _OURS,
    *(f"{_PATHS[name]}/" for name in ("stdlib", "platstdlib", "purelib", "platlib")),
)


@contextlib.contextmanager
def blamed_on_user(target: Target) -> Iterator[None]:
    """Turn whatever user code raises, `sys.exit()` included, into a refusal that names his file and line."""
    try:
        yield
    except SeatrialError:
        raise
    except SystemExit as exit_:
        raise _refusal(
            target,
            exit_,
            f"{target} called sys.exit({exit_.code!r}) instead of giving a pipeline",
            'put what only a script does under `if __name__ == "__main__":`, '
            "and give required command-line arguments defaults",
        ) from exit_
    except ModuleNotFoundError as missing:
        raise _module_refusal(target, missing) from missing
    except Exception as fault:  # user code may raise anything
        if _is_lost_connection(fault):
            raise _lost_store(fault) from fault
        for line in _lines(fault):
            print(line, file=sys.stderr)
        raise _refusal(target, fault, _say(fault), _hint(fault)) from fault


def _hint(fault: Exception) -> str:
    if _NO_DEFAULT_IMAGE in str(fault):
        return (
            "name an image in @step(image_uri=…), or one for all of them as Studio does: "
            "SAGEMAKER_INTERNAL_IMAGE_URI=seatrial/base-python in the environment"
        )
    return "correct the pipeline's code at this line" if _place(fault) else "correct the pipeline's code"


def _is_lost_connection(fault: BaseException) -> bool:
    """Whether a bound client could not be served: it connects to nothing but the store."""
    return isinstance(fault, (botocore_errors.ConnectionError, botocore_errors.HTTPClientError)) or (
        fault.__cause__ is not None and _is_lost_connection(fault.__cause__)
    )


def _lost_store(fault: Exception) -> EnvironmentUnfitError:
    return EnvironmentUnfitError(
        f"the object store was lost while the pipeline was compiled: {fault}",
        slug="store-lost",
        where=_place(fault),
        hint="see what is there with: seatrial doctor",
    )


def _module_refusal(target: Target, missing: ModuleNotFoundError) -> RefusedError:
    if target.kind == "module" and missing.name and f"{target.place}.".startswith(f"{missing.name}."):
        return RefusedError(
            f"there is no module {target.place}",
            slug="no-such-pipeline",
            where=str(target),
            hint="type the module's name as seen from the current folder, or the path of the .py file",
        )
    hint = f"install what offers {missing.name} beside seatrial: {sys.executable} -m pip install ..."
    if missing.name and missing.name.startswith("sagemaker."):
        hint = "this code was written for another version of the SageMaker SDK than the one installed"
    return _refusal(target, missing, str(missing), hint)


def _refusal(target: Target, fault: BaseException, message: str, hint: str) -> RefusedError:
    return RefusedError(message, slug="pipeline-code-failed", where=_place(fault) or str(target), hint=hint)


def _say(fault: Exception) -> str:
    if isinstance(fault, SyntaxError):
        return f"{type(fault).__name__}: {fault.msg}"
    return f"{type(fault).__name__}: {fault}"


def _place(fault: BaseException) -> str | None:
    if isinstance(fault, SyntaxError) and fault.filename:
        return f"{shown_path(fault.filename)}:{fault.lineno}"
    frames = _user_frames(fault)
    return f"{shown_path(frames[-1].filename)}:{frames[-1].lineno}" if frames else None


def _lines(fault: Exception) -> list[str]:
    """The user's part of the traceback, outermost first; then where a library that he called raised."""
    frames = [*_user_frames(fault), *_library_frame(fault)]
    return [
        f"{shown_path(frame.filename)}:{frame.lineno} in {frame.name}\n    {frame.line}" for frame in frames
    ]


def _library_frame(fault: BaseException) -> list[traceback.FrameSummary]:
    last = traceback.extract_tb(fault.__traceback__)[-1]
    theirs = last.filename.startswith(_LIBRARIES) and not last.filename.startswith(_OURS)
    return [last] if theirs and _user_frames(fault) else []


def _user_frames(fault: BaseException) -> list[traceback.FrameSummary]:
    return [frame for frame in traceback.extract_tb(fault.__traceback__) if _is_users(frame.filename)]


def _is_users(filename: str) -> bool:
    return not filename.startswith(_NOT_THE_USERS)


def shown_path(filename: str) -> str:
    """A file as one would type it from the current folder."""
    path = Path(filename)
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else filename
