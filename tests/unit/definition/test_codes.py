"""Each code that this room gives is explained, and each explanation belongs to a code that is given."""

from __future__ import annotations

import re
from pathlib import Path

import seatrial.definition
from seatrial.definition.codes import KINDS

ROOM = Path(seatrial.definition.__file__).parent


def test_the_codes_given_are_the_codes_explained() -> None:
    given = {
        code
        for path in ROOM.rglob("*.py")
        if path.name != "codes.py"
        for code in re.findall(r'"(ST0\d\d)"', path.read_text(encoding="utf-8"))
    }

    assert given == set(KINDS)


def test_every_explanation_is_whole() -> None:
    assert all(kind.title and kind.meaning and kind.example and kind.remedy for kind in KINDS.values())
