"""Lineage as the text of a Mermaid flowchart, which GitHub, GitLab and many wikis draw."""

from __future__ import annotations

import re

from seatrial.reports.lineage.picture import Node, NodeKind, Picture
from seatrial.reports.printable import printable

_SHAPES: dict[NodeKind, tuple[str, str]] = {
    "source": ("[(", ")]"),
    "step": ("[", "]"),
    "decision": ("{{", "}}"),
    "package": ("([", "])"),
}
_LONGEST = 80
_SHOWN = 2
# What would end the quotes, begin an entity, a tag or Markdown; Mermaid knows characters by number.
_SPECIAL = re.compile(r"[^\w .,:/@+()\[\]{}=…·-]|_(?=_)")


def mermaid_text(picture: Picture) -> str:
    """The flowchart, upstream above downstream."""
    names = {node.name: f"n{number}" for number, node in enumerate(picture.nodes, start=1)}
    lines = ["flowchart TD", *(f"  {names[node.name]}{_box(node)}" for node in picture.nodes)]
    for link in picture.links:
        if link.above in names and link.below in names:
            arrow = "-.->" if link.decision else "-->"
            label = f'|"{_escaped(link.label)}"|' if link.label else ""
            lines.append(f"  {names[link.above]} {arrow}{label} {names[link.below]}")
    return "\n".join(lines) + "\n"


def _box(node: Node) -> str:
    opening, closing = _SHAPES[node.kind]
    text = "<br>".join(_escaped(line) for line in (node.title, *node.lines[:_SHOWN]))
    return f'{opening}"{text}"{closing}'


def _escaped(text: str) -> str:
    flat = " ".join(printable(text).split())
    cut = flat if len(flat) <= _LONGEST else f"{flat[: _LONGEST - 1]}…"
    return _SPECIAL.sub(lambda found: f"#{ord(found.group())};", cut)
