"""Lineage as Mermaid: a golden text, and names that would end a label or begin a tag."""

from __future__ import annotations

import re

from seatrial.reports.lineage import Link, Node, Picture, mermaid_text, picture_of, roots_of
from tests.unit.reports.lineage.lineages import lineage

GOLDEN = """\
flowchart TD
  n1[("raw/<br>1 B, etag 9dd4e461<br>s3://cancer/raw/")]
  n2["Preprocess<br>Processing · {preprocess} · reused · stand-in<br>reused from execution earlier00000"]
  n3["Train<br>Training · {train} · stand-in<br>sourcedir.tar.gz sha256 {train}"]
  n4["Evaluate<br>Processing · {preprocess} · stand-in<br>run.py sha256 {preprocess}"]
  n5{{"GoodEnough<br>auc = 0.9<br>auc = 0.9"}}
  n6["Register<br>RegisterModel"]
  n7(["Group/1<br>model {model}<br>arn:aws:sagemaker:us-east-1:123456789012:model-package/Group/1"])
  n1 -->|"raw"| n2
  n2 -->|"train"| n3
  n3 -->|"model"| n4
  n2 -->|"test"| n4
  n4 -.->|"evaluation"| n5
  n3 -->|"model"| n6
  n4 -->|"evaluation"| n6
  n5 -.->|"let through"| n6
  n6 -->|"registered"| n7
"""


def test_a_package_is_drawn_from_its_sources_down() -> None:
    found = lineage()
    text = mermaid_text(picture_of(found, roots_of(found)))
    shown = GOLDEN
    for word, step in (("preprocess", "Preprocess"), ("train", "Train")):
        told = found.step(step)
        assert told is not None
        shown = shown.replace(f"{{{word}}}", str(told.code[0].sha256)[:8])
    assert text == shown.replace("{model}", str(found.sinks[0].containers[0].etag)[:8])


def test_no_name_ends_a_label_begins_a_tag_or_an_entity() -> None:
    hostile = 'a"]:::x --> b; <img src=x> #35; `md` %% &amp; \u202e\x07 ] )'
    picture = Picture(
        (Node("1", "step", hostile, (hostile,)), Node("2", "source", "s")), (Link("1", "2", hostile),)
    )
    text = mermaid_text(picture)
    for line in text.splitlines()[1:]:
        labels = re.findall(r'"([^"]*)"', line)
        assert line.count('"') == 2 * len(labels)
        for label in labels:
            assert not set("`%&'\u202e\x07>") & set(label.replace("<br>", ""))
            assert "<" not in label.replace("<br>", "")
            assert re.sub(r"#\d+;", "", label).count("#") == 0


def test_a_long_name_is_cut() -> None:
    text = mermaid_text(Picture((Node("1", "step", "x" * 300),), ()))
    assert "…" in text
    assert max(map(len, text.splitlines())) < 100


def test_a_link_to_what_is_not_drawn_is_left_out() -> None:
    assert "-->" not in mermaid_text(Picture((Node("1", "step", "One"),), (Link("1", "elsewhere"),)))
