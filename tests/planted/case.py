"""What a planted fault is; `cases` has one module for each area."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Finding

if TYPE_CHECKING:
    from tests.planted.sea import Sea

Build = Callable[[], PipelineDefinition]


@dataclass(frozen=True)
class Planted:
    """One fault: `faulty` has it, `sound` differs from it by nothing else.

    `fault` says what was planted, in words for the table of docs/findings/planted.md. `also` are codes
    that come with the fault and cannot be without it. `objects` (URI to content) lie in the store before
    each run, `files` (relative path to text) in the project's folder; `settings` are on top of the test's.
    `{prefix}` stands for the run's own prefix in the objects' URIs. `judge` is for faults that one plain
    run does not show (two prefixes, a policy): it runs the definition as it needs and answers with what
    was found. Where `seen_here` is no, whoever runs the tests cannot see such a fault: nothing is said then.
    """

    code: str
    name: str
    fault: str
    faulty: Build
    sound: Build
    also: frozenset[str] = frozenset()
    objects: Mapping[str, bytes] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    seen_here: bool = True
    judge: Callable[[Sea, PipelineDefinition, str], tuple[Finding, ...]] | None = None

    @property
    def id(self) -> str:
        """`ST109-race`."""
        return f"{self.code}-{self.name}"


def written_by(files: Mapping[str, str], home: str = "/opt/ml/processing") -> str:
    """Python that opens its inputs and writes the files, all beneath `home`.

    A word of an entrypoint has at most 256 characters.
    """
    return (
        f"import os;from pathlib import Path as P;os.chdir('{home}');"
        "[p.open()for p in P('input').rglob('*.*')];"
        "[(P(p).parent.mkdir(parents=True,exist_ok=True),P(p).write_text(t))"
        f"for p,t in {dict(files)!r}.items()]"
    )
