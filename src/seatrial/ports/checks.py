"""What `seatrial doctor` looks at: a fact about this machine, whether it will do, what to type if not."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Check:
    """One thing looked at; `detail` is what was found, `hint` the next thing to type when `ok` is false."""

    name: str
    ok: bool
    detail: str
    hint: str | None = None
