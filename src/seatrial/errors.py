"""The one family of errors that seatrial raises on purpose; knows nothing of any room.

An error has three readers: the user (message and hint), a script (slug and exit code), and a
colleague at a desk (the chained cause). Whatever is not a `SeatrialError` is a bug of ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from seatrial.ports.findings import Finding


class SeatrialError(Exception):
    """What went wrong, where, and what to type next.

    `slug` is stable and names the kind of trouble; `where` is a file, a JSON pointer or a URI;
    `hint` is the next thing to do.
    """

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, *, slug: str, where: str | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.slug = slug
        self.where = where
        self.hint = hint

    def __reduce__(self) -> tuple[object, ...]:
        """Keep the keyword fields when the error crosses a process (exceptions pickle by `args` alone)."""
        return (_rebuild, (type(self), self.__dict__.copy()))


def _rebuild(kind: type[SeatrialError], state: dict[str, object]) -> SeatrialError:
    error = kind.__new__(kind)
    Exception.__init__(error, state["message"])
    error.__dict__.update(state)
    return error


class RefusedError(SeatrialError):
    """Refused before anything ran: wrong use, or input that cannot be a pipeline. Exit code 2."""

    exit_code = 2


class DefinitionError(RefusedError):
    """A definition that the service would refuse; carries every problem found, not only the first."""

    def __init__(self, findings: Sequence[Finding], *, slug: str = "invalid-definition") -> None:
        self.findings = tuple(findings)
        first = self.findings[0]
        more = f" (and {len(self.findings) - 1} more)" if len(self.findings) > 1 else ""
        super().__init__(first.message + more, slug=slug, where=first.where, hint=first.hint)


class ExpressionError(SeatrialError):
    """An expression without a value at run time: an undefined property, a missing path, mixed types."""


class EnvironmentUnfitError(SeatrialError):
    """This machine cannot do it now: no Docker, no image, no store. Exit code 3."""

    exit_code = 3
    code: ClassVar[str] = "ST300"
    """Under which its finding is listed in `docs/findings/`."""


class ContainerError(EnvironmentUnfitError):
    """Docker Engine refused or was lost."""

    code = "ST301"


class ImageError(EnvironmentUnfitError):
    """No local image stands for the one that a definition names."""

    code = "ST302"


class StorageError(EnvironmentUnfitError):
    """The object store refused or was lost."""

    code = "ST303"


class MissingObjectError(StorageError):
    """The bucket, prefix or object is not there."""


class AccessDeniedError(StorageError):
    """The execution's role may not do it: the job fails of it, as on AWS, and the machine is well."""

    def __init__(self, message: str, *, action: str, where: str, hint: str | None = None) -> None:
        super().__init__(message, slug="access-denied", where=where, hint=hint)
        self.action = action


class RecordError(RefusedError):
    """The state on disk is missing, held by another process, or not what was expected."""
