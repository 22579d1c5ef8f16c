"""Lineage as one text, in every form that is for other programs; and where it is told from."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from seatrial.dataflow import Lineage
from seatrial.errors import RefusedError
from seatrial.outputs import S3OutputPathRegistry
from seatrial.outputs.download import find_output, read_output_name
from seatrial.reports.html import lineage_picture, render_lineage
from seatrial.reports.lineage import Picture, Root, mermaid_text, picture_of, root_of_output, roots_of


def roots_wanted(
    registry: S3OutputPathRegistry, lineage: Lineage, package: str | None = None, output: str | None = None
) -> tuple[Root, ...]:
    """The package or the output that was asked for, else every package."""
    if output is None:
        return roots_of(lineage, package)
    step, name = read_output_name(output)
    return (root_of_output(lineage, step, find_output(registry, step, name).logical_name),)


def _json(lineage: Lineage, roots: tuple[Root, ...]) -> str:
    return lineage.model_dump_json(indent=2) + "\n"


def _mermaid(lineage: Lineage, roots: tuple[Root, ...]) -> str:
    return mermaid_text(_picture(lineage, roots))


def _svg(lineage: Lineage, roots: tuple[Root, ...]) -> str:
    return render_lineage(lineage_picture(_picture(lineage, roots)))


def _picture(lineage: Lineage, roots: tuple[Root, ...]) -> Picture:
    """It begins at a package or an output; without either it would be empty."""
    if not roots:
        raise RefusedError(
            f"execution {lineage.execution_id} has registered no model: there is nothing to draw back from",
            slug="nothing-to-draw",
            where=lineage.execution_id,
            hint="draw what lies behind one output: --of STEP.OUTPUT",
        )
    return picture_of(lineage, roots)


FORMATS: Mapping[str, Callable[[Lineage, tuple[Root, ...]], str]] = {
    "json": _json,
    "mermaid": _mermaid,
    "svg": _svg,
}
"""Each as one text; a table is for terminals and has its own way."""
