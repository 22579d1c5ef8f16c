"""What one run of the bench measured, as it is kept in a file; figures alone, no judgement."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel

from benchmarks.machine import Machine

RESULTS = Path(__file__).with_name("results.json")
"""The committed run that docs/benchmarks.md is written from."""


class Results(BaseModel):
    """`series` are repeated measurements by name (`comparison.side.part`): seconds, or as the name says."""

    day: str
    machine: Machine
    versions: dict[str, str]
    repetitions: int
    series: dict[str, list[float]] = {}

    def note(self, name: str, value: float) -> None:
        """Add one measurement."""
        self.series.setdefault(name, []).append(value)

    def of(self, name: str) -> list[float]:
        """Every measurement of that name; none if it was not measured."""
        return self.series.get(name, [])

    def write(self, path: Path) -> None:
        """Keep it, rounded to what a clock can tell."""
        series = {name: [round(value, 5) for value in values] for name, values in self.series.items()}
        rounded = self.model_copy(update={"series": series})
        path.write_text(rounded.model_dump_json(indent=1) + "\n", encoding="utf-8")


def load_results(path: Path = RESULTS) -> Results:
    """Read what an earlier run kept."""
    return Results.model_validate_json(path.read_text(encoding="utf-8"))
