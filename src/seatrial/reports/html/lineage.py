"""Lineage as a picture: on the page, and as an SVG file of its own that loads nothing and runs nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from seatrial.definition import Graph
from seatrial.definition.graph import Edge
from seatrial.reports.html.layout import Drawing, lay_out
from seatrial.reports.lineage import Link, Node, Picture


@dataclass(frozen=True)
class LineagePicture:
    """The nodes by name, where they are drawn, and what the lines between them say."""

    nodes: Mapping[str, Node]
    drawing: Drawing
    labels: Mapping[tuple[str, str], str]


def lineage_picture(picture: Picture) -> LineagePicture:
    """The picture with coordinates; rows as in the graph of the steps."""
    names = {node.name: node for node in picture.nodes}
    links = [link for link in picture.links if {link.above, link.below} <= names.keys()]
    edges = (Edge(link.above, link.below, "branch" if link.decision else "data") for link in links)
    drawing = lay_out(Graph(tuple(names), tuple(edges)))
    return LineagePicture(names, drawing, _labels(links))


def _labels(links: list[Link]) -> dict[tuple[str, str], str]:
    """Between two nodes one line is drawn, whatever went along it."""
    found: dict[tuple[str, str], list[str]] = {}
    for link in links:
        found.setdefault((link.above, link.below), []).append(link.label)
    return {ends: ", ".join(dict.fromkeys(filter(None, labels))) for ends, labels in found.items()}
