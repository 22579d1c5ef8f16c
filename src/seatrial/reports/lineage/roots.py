"""Where lineage is told from: the packages of an execution, one of them, or a step's output."""

from __future__ import annotations

from dataclasses import dataclass

from seatrial.dataflow import Lineage
from seatrial.dataflow.lineage import Ancestry, ModelPackage, ancestry_of
from seatrial.errors import RefusedError
from seatrial.reports.lineage.words import package_name


@dataclass(frozen=True)
class Root:
    """What is looked back from: a package, or `output` of the step."""

    step: str
    behind: Ancestry
    package: ModelPackage | None = None
    output: str | None = None

    @property
    def title(self) -> str:
        """As it is called."""
        return package_name(self.package) if self.package else f"{self.step}.{self.output}"


def roots_of(lineage: Lineage, package: str | None = None) -> tuple[Root, ...]:
    """Every package, or the one of that ARN, `Group/Version` or step."""
    found = [
        sink
        for sink in lineage.sinks
        if package is None or package in (sink.arn, package_name(sink), sink.step)
    ]
    if package is not None and not found:
        there = ", ".join(package_name(sink) for sink in lineage.sinks)
        raise RefusedError(
            f"execution {lineage.execution_id} has registered no package {package!r}",
            slug="unknown-package",
            where=package,
            hint=f"it has registered {there}" if there else "list every package: seatrial models",
        )
    return tuple(Root(sink.step, ancestry_of(lineage, sink.step), package=sink) for sink in found)


def root_of_output(lineage: Lineage, step: str, output: str) -> Root:
    """The output of a step, whether anybody read it or not."""
    return Root(step, ancestry_of(lineage, step), output=output)
