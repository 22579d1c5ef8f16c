"""One conformance case: a folder with a request, the objects that are there before, and what must come out.

- `request.json`: `kind`, `parameters` (the Create* request without the job's name) and, if need be, `image`
  (one of `images.IMAGES`), `settings` (of fidelity), `objects` (key to text, for keys that no file can have)
  and `stop_when_log_has` (the job is stopped as soon as its log contains this).
- `inputs/`: becomes the content of the case's bucket.
- `expected.json`: members of `Outcome`; what is not mentioned is not compared, but the status, the texts and
  the objects always are: `objects` lists every key that was not there before, with its content (text, JSON,
  or null where only the key matters).

`@bucket@`, `@image@`, `@job@`, `@arn@` and `@endpoint@` stand for what differs from run to run.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

JOBS = Path(__file__).parent / "jobs"


@dataclass(frozen=True)
class Case:
    """One folder below `jobs`."""

    folder: Path

    @property
    def name(self) -> str:
        """How the rules and the test's id call it."""
        return self.folder.name

    def request(self, values: Mapping[str, str]) -> dict[str, Any]:
        """`request.json` with its placeholders filled in."""
        return self._read("request.json", values)

    def expected(self, values: Mapping[str, str]) -> dict[str, Any]:
        """`expected.json` with its placeholders filled in."""
        return self._read("expected.json", values)

    def objects(self) -> Iterator[tuple[str, bytes]]:
        """What is in the bucket before the job: from `inputs/`."""
        root = self.folder / "inputs"
        for path in sorted(root.rglob("*")):
            if path.is_file():
                yield path.relative_to(root).as_posix(), path.read_bytes()

    def _read(self, name: str, values: Mapping[str, str]) -> dict[str, Any]:
        text = (self.folder / name).read_text()
        for placeholder, value in values.items():
            text = text.replace(f"@{placeholder}@", value)
        content: dict[str, Any] = json.loads(text)
        return content


CASES = [Case(folder) for folder in sorted(JOBS.iterdir()) if (folder / "request.json").is_file()]
