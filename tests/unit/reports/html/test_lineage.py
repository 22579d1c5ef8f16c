"""The picture of the lineage, as a file of its own and on the page."""

from __future__ import annotations

from xml.etree import ElementTree

from seatrial.reports.html import lineage_picture, render_lineage
from seatrial.reports.lineage import Link, Node, Picture, picture_of, roots_of
from tests.unit.reports.lineage.lineages import lineage

SVG = "{http://www.w3.org/2000/svg}"


def svg(picture: Picture) -> ElementTree.Element:
    return ElementTree.fromstring(render_lineage(lineage_picture(picture)))  # noqa: S314  # ours


def test_every_source_step_condition_and_package_has_a_box() -> None:
    found = lineage()
    drawn = svg(picture_of(found, roots_of(found)))
    names = [text.text for text in drawn.iter(f"{SVG}text") if text.get("class") == "name"]
    assert names == ["raw/", "Preprocess", "Train", "Evaluate", "GoodEnough", "Register", "Group/1"]
    kinds = [group.get("class") for group in drawn.iter(f"{SVG}g")]
    assert kinds == ["node source", *["node step"] * 3, "node decision", "node step", "node package"]


def test_decisions_are_dashed_and_each_line_says_what_went_along_it() -> None:
    found = lineage()
    drawn = svg(picture_of(found, roots_of(found)))
    lines = {
        (title.text or ""): (line.get("class") or "")
        for line in drawn.iter(f"{SVG}path")
        for title in line.iter(f"{SVG}title")
    }
    assert lines["GoodEnough to Register: let through"] == "line branch"
    assert lines["Preprocess to Train: train"] == "line data"


def test_the_file_loads_nothing_runs_nothing_and_believes_no_name() -> None:
    hostile = "</title><script>alert(1)</script>"
    text = render_lineage(
        lineage_picture(
            Picture((Node("1", "step", hostile), Node("2", "step", "b")), (Link("1", "2", hostile),))
        )
    )
    assert "<script" not in text
    assert "&lt;script&gt;" in text
    assert "url(http" not in text
    assert "href" not in text


def test_nothing_to_draw_is_an_empty_picture() -> None:
    assert list(svg(Picture((), ())).iter(f"{SVG}g")) == []
