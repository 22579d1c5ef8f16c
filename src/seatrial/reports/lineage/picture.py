"""Lineage as nodes and links, for whoever draws them; knows neither Mermaid nor SVG."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from seatrial.dataflow import Lineage, LineageEntry
from seatrial.dataflow.lineage import DecisionValue, LineageObject
from seatrial.reports.lineage.roots import Root
from seatrial.reports.lineage.words import (
    code_text,
    decision_lines,
    image_text,
    objects_text,
    origin_text,
    package_name,
    short,
)

_WIDE = 12

NodeKind = Literal["source", "step", "decision", "package"]


@dataclass(frozen=True)
class Node:
    """A source, a step, a condition or a package; `lines` tell more, the first of them most."""

    name: str
    kind: NodeKind
    title: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Link:
    """Something that went from one node to another; a `decision` let it through, and gave no data."""

    above: str
    below: str
    label: str = ""
    decision: bool = False


@dataclass(frozen=True)
class Picture:
    """What lies behind some roots, upstream first."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]


def picture_of(lineage: Lineage, roots: Iterable[Root]) -> Picture:
    """All that lies behind the roots, each node once."""
    chosen = tuple(roots)
    wanted = frozenset(name for root in chosen for name in root.behind.every)
    entries = [e for e in lineage.entries if e.to_step in wanted and e.kind != "code"]
    nodes = (
        *_sources(entries),
        *(_step(lineage, step.name) for step in lineage.steps if step.name in wanted),
        *_packages(chosen),
    )
    return Picture(nodes, tuple(dict.fromkeys(_links(lineage, entries, wanted, chosen))))


def _sources(entries: Iterable[LineageEntry]) -> Iterator[Node]:
    """Every location outside the pipeline, with all that was read of it."""
    outside: dict[str, dict[LineageObject, None]] = {}
    for entry in entries:
        if entry.from_step is None:
            outside.setdefault(entry.s3_uri, {}).update(dict.fromkeys(entry.objects))
    for uri, objects in outside.items():
        name = uri.rstrip("/").rpartition("/")[2] + "/" * uri.endswith("/")
        yield Node(uri, "source", name, tuple(filter(None, (objects_text(tuple(objects)), uri))))


def _step(lineage: Lineage, name: str) -> Node:
    decision = lineage.decision(name)
    if decision is not None:
        return Node(name, "decision", name, (*map(_value, decision.read), *decision_lines(decision)))
    step = lineage.step(name)
    if step is None:
        return Node(name, "step", name)
    code = [each for each in step.code if each.uri] or list(step.code)
    digest = next((each.content_sha256 or each.sha256 for each in code), None)
    stand_in = "stand-in" if step.image and step.image.substituted else ""
    taken = "reused" if step.reused_from else "substituted" if step.substitute else ""
    first = " · ".join(filter(None, (step.type, short(digest), taken, stand_in)))
    image = image_text(step.image) if step.image else ""
    lines = (first, origin_text(step), *map(code_text, code), image, step.job_name or "")
    return Node(name, "step", name, tuple(filter(None, lines)))


def _value(read: DecisionValue) -> str:
    """A value by the last name on its path, which says most where there is little room."""
    value = read.value if read.value is not None else "?"
    return f"{read.path.rpartition('.')[2]} = {value[:_WIDE]}"


def _packages(roots: Iterable[Root]) -> Iterator[Node]:
    for root in roots:
        if root.package is not None:
            etags = [f"model {short(c.etag)}" for c in root.package.containers if c.etag]
            yield Node(root.package.arn, "package", package_name(root.package), (*etags, root.package.arn))


def _links(
    lineage: Lineage, entries: Iterable[LineageEntry], wanted: frozenset[str], roots: Iterable[Root]
) -> Iterator[Link]:
    for entry in entries:
        label = entry.from_output if entry.from_step and entry.from_output else entry.to_input
        yield Link(entry.from_step or entry.s3_uri, entry.to_step, label, entry.kind == "decision")
    for value in lineage.values:
        if value.to_step in wanted:
            decided = lineage.decision(value.to_step) is not None
            yield Link(value.from_step, value.to_step, value.property_path, decided)
    for step, condition in lineage.branches.items():
        if step in wanted and condition in wanted:
            yield Link(condition, step, "let through", decision=True)
    for root in roots:
        if root.package is not None:
            yield Link(root.step, root.package.arn, "registered")
