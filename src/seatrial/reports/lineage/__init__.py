"""Lineage for people: a tree on the terminal, a picture as Mermaid; both from `roots` backwards."""

from __future__ import annotations

from seatrial.reports.lineage.mermaid import mermaid_text
from seatrial.reports.lineage.picture import Link, Node, Picture, picture_of
from seatrial.reports.lineage.roots import Root, root_of_output, roots_of
from seatrial.reports.lineage.tree import lineage_tree

__all__ = [
    "Link",
    "Node",
    "Picture",
    "Root",
    "lineage_tree",
    "mermaid_text",
    "picture_of",
    "root_of_output",
    "roots_of",
]
