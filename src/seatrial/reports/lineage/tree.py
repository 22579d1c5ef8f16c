"""Lineage as a tree that is read from the package backwards; each step is told once."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator

from rich.text import Text
from rich.tree import Tree

from seatrial.dataflow import Lineage, LineageEntry
from seatrial.dataflow.lineage import LineageStep, PackageContainer
from seatrial.reports.lineage.roots import Root
from seatrial.reports.lineage.words import (
    code_text,
    decision_lines,
    image_text,
    objects_text,
    origin_text,
    place_text,
    short,
)
from seatrial.reports.text import clean, shown

_MOST = 8
"""Objects of one input that are listed; --json has them all."""

_DEEPEST = 5
"""A step that stands deeper than this many others is told at the left, where there is room."""


def lineage_tree(lineage: Lineage, root: Root) -> Tree:
    """The tree of one package or output."""
    about = "model package" if root.package else "output"
    top = Tree(Text.assemble((f"{about} ", "dim"), (clean(root.title), "bold")), guide_style="dim")
    if root.package:
        top.add(shown(root.package.arn, "dim"))
        for container in root.package.containers:
            for fact in _of_container(lineage, container):
                top.add(fact)
    branches = _Branches(lineage, top)
    branches.step(root.step)
    for name in root.behind.decisions:
        branches.decision(name)
    return top


def _of_container(lineage: Lineage, container: PackageContainer) -> Iterator[Text]:
    if container.model_data_url:
        yield _fact("model", f"{place_text(container.model_data_url, lineage)}  etag {short(container.etag)}")
    if container.image:
        yield _fact("image", container.image)
    if container.ran:
        yield _fact("ran", image_text(container.ran), "yellow" if container.ran.substituted else "")
        if container.ran.substituted:
            yield _fact("", container.ran.substituted, "yellow")
    elif container.image:
        yield _fact("ran", "in no step of this execution", "dim")


def _of_step(step: LineageStep) -> Iterator[Text]:
    if origin := origin_text(step):
        yield _fact("origin", origin, "yellow")
    if step.job_name:
        yield _fact("job", step.job_name)
    if step.best_job:
        yield _fact("best", step.best_job)
    if step.image:
        yield _fact("image", image_text(step.image), "yellow" if step.image.substituted else "")
    yield from (_fact("code", code_text(code)) for code in step.code)
    if step.settings_sha256:
        yield _fact("settings", f"sha256 {short(step.settings_sha256)}")


def _fact(label: str, text: str, style: str = "") -> Text:
    return Text.assemble((f"{label:9}", "dim"), (clean(text), style))


class _Branches:
    """Grows the tree; remembers which steps it has told, and which stand too deep and are told later."""

    def __init__(self, lineage: Lineage, top: Tree) -> None:
        self._lineage = lineage
        self._top = top
        self._told: set[str] = set()
        self._later: deque[str] = deque()

    def decision(self, name: str) -> None:
        """A condition that let something through, and what it read."""
        decision = self._lineage.decision(name)
        word = "not decided" if decision is None else str(decision.outcome).lower()
        head = Text.assemble(("let through by ", "dim"), (clean(name), "bold"), (f"  {word}", "dim"))
        node = self._top.add(head)
        for line in decision_lines(decision) if decision else ():
            node.add(shown(line))
        self._told.add(name)
        self._inputs(node, name, 1)
        self._rest()

    def step(self, name: str) -> None:
        """A step with what did its work and all that lies behind it."""
        self._step(self._top, name, 0)
        self._rest()

    def _rest(self) -> None:
        while self._later:
            name = self._later.popleft()
            if name not in self._told:
                self._step(self._top, name, 0)

    def _step(self, above: Tree, name: str, depth: int) -> None:
        step = self._lineage.step(name)
        kind = step.type if step else "has not run"
        where = "  told above" if name in self._told else "  told below" if depth >= _DEEPEST else ""
        node = above.add(Text.assemble((clean(name), "bold"), (f"  {clean(kind)}{where}", "dim")))
        if step is None or name in self._told:
            return
        if where:
            self._later.append(name)
            return
        self._told.add(name)
        for fact in _of_step(step):
            node.add(fact)
        self._inputs(node, name, depth + 1)

    def _inputs(self, node: Tree, name: str, depth: int) -> None:
        for value in self._lineage.values_into(name):
            given = f" = {value.value}" if value.value else ""
            below = node.add(Text.assemble((clean(value.property_path), "cyan"), clean(given)))
            self._step(below, value.from_step, depth)
        for entry in self._lineage.into(name):
            if entry.kind != "code":
                self._entry(node, entry, depth)

    def _entry(self, node: Tree, entry: LineageEntry, depth: int) -> None:
        note = {"metrics": "  metrics", "call": "  seen, not declared"}.get(entry.kind, "")
        objects = objects_text(entry.objects)
        below = node.add(
            Text.assemble((clean(entry.to_input), "cyan"), (note, "dim"), f"  {objects}" if objects else "")
        )
        alone = entry.objects[0].uri if len(entry.objects) == 1 else entry.s3_uri
        below.add(shown(place_text(alone, self._lineage)))
        if entry.from_step is None:
            _objects(below, entry)
        else:
            self._step(below, entry.from_step, depth)


def _objects(node: Tree, entry: LineageEntry) -> None:
    """The objects of an input from outside, with their ETags."""
    for stored in entry.objects[:_MOST] if len(entry.objects) > 1 else ():
        name = stored.uri.removeprefix(entry.s3_uri).lstrip("/") or stored.uri
        node.add(Text.assemble(clean(name), (f"  etag {short(stored.etag)}", "dim")))
    if len(entry.objects) > _MOST:
        node.add(shown(f"and {len(entry.objects) - _MOST} more: --json lists them", "dim"))
