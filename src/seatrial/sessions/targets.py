"""What a user may name as a pipeline; reads the name only, opens nothing but the folder that it names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from seatrial.errors import RefusedError

DEFINITION_FILE = "definition.json"
FORMS = (
    "a definition (.json), a folder made by `seatrial compile`, a pipeline file (.py, or file.py:name), "
    "or module:attribute"
)


@dataclass(frozen=True)
class Target:
    """`place` is a path or a module's dotted name; `attribute` is what in it is meant, None to search."""

    kind: Literal["definition", "folder", "file", "module"]
    place: str
    attribute: str | None = None

    @property
    def path(self) -> Path:
        """The place of a definition, folder or file."""
        return Path(self.place)

    def named(self, attribute: str) -> str:
        """What to type for this attribute of the place."""
        return f"{self.place}:{attribute}"

    def __str__(self) -> str:
        return self.named(self.attribute) if self.attribute else self.place


def names_pipeline(text: str) -> bool:
    """Whether this is meant to be a pipeline, there or not, and no execution (an id, an ARN, `latest`)."""
    if text.startswith("arn:"):
        return False
    return ":" in text or text.endswith((".py", ".json")) or Path(text).exists()


def read_target(text: str) -> Target:
    """Tell the forms apart; a name that is none of them, or not there, is refused."""
    target = _classify(text)
    if target.kind != "module" and not target.path.exists():
        raise RefusedError(
            f"there is no {target.place}", slug="no-such-pipeline", where=text, hint=f"name {FORMS}"
        )
    return target


def _classify(text: str) -> Target:
    place, separator, attribute = text.rpartition(":")
    if separator and place.endswith(".py"):
        return Target("file", place, attribute)
    if text.endswith(".py"):
        return Target("file", text)
    if Path(text).is_dir():
        return _folder(text)
    if text.endswith(".json") or Path(text).is_file():
        return Target("definition", text)
    if separator and all(name.isidentifier() for name in (*place.split("."), *attribute.split("."))):
        return Target("module", place, attribute)
    raise RefusedError(
        f"{text!r} does not name a pipeline", slug="no-such-pipeline", where=text, hint=f"name {FORMS}"
    )


def _folder(text: str) -> Target:
    if (Path(text) / DEFINITION_FILE).is_file():
        return Target("folder", text)
    raise RefusedError(
        f"the folder {text} holds no {DEFINITION_FILE}",
        slug="not-a-compiled-folder",
        where=text,
        hint="make one with: seatrial compile pipeline.py -o DIR",
    )
