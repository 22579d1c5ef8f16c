"""Lineage as a tree on a terminal of a hundred columns."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from seatrial.dataflow import Lineage, lineage_of
from seatrial.errors import RefusedError
from seatrial.reports.lineage import Root, lineage_tree, root_of_output, roots_of
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing
from tests.adapters.simulated_run import simulate
from tests.unit.dataflow.test_clean_pipelines import seeded
from tests.unit.reports.lineage.lineages import lineage


def drawn(found: Lineage, root: Root) -> list[str]:
    stream = io.StringIO()
    Console(file=stream, width=100, highlight=False).print(lineage_tree(found, root))
    return stream.getvalue().splitlines()


def package() -> list[str]:
    found = lineage()
    (root,) = roots_of(found)
    return drawn(found, root)


def at(lines: list[str], words: str) -> int:
    return next(index for index, line in enumerate(lines) if words in line)


def test_the_tree_begins_with_the_package_and_ends_with_what_let_it_through() -> None:
    lines = package()
    assert lines[0] == "model package Group/1"
    assert at(lines, "let through by GoodEnough  true") > at(lines, "Register  RegisterModel")
    assert at(lines, "auc = 0.9") == at(lines, "let through by") + 1


def test_every_line_fits_a_hundred_columns_whole() -> None:
    assert all(line.rstrip().startswith(("model package", "├", "│", "└", " ")) for line in package())
    assert max(map(len, package())) <= 100


def test_a_step_is_told_once() -> None:
    lines = package()
    assert len([line for line in lines if "── Train  Training" in line and "told above" not in line]) == 1
    assert any("Train  Training  told above" in line for line in lines)


def test_a_stand_in_a_reused_step_code_and_etags_are_named() -> None:
    text = "\n".join(package())
    assert "seatrial/scikit-learn:1 (01234567), a stand-in" in text
    assert "reused from execution earlier00000" in text
    assert "run.py sha256 " in text
    assert "raw  1 B, etag 9dd4e461" in text
    assert "s3://cancer/raw/a.csv" in text


def test_what_lies_beneath_the_prefix_is_told_without_it() -> None:
    assert "…/prep/train/part-0.csv" in "\n".join(package())


def test_an_output_is_looked_back_from_like_a_package() -> None:
    found = lineage()
    lines = drawn(found, root_of_output(found, "Train", "model"))
    assert lines[0] == "output Train.model"
    assert not any("Evaluate" in line for line in lines)


@pytest.mark.parametrize(
    "name", ["arn:aws:sagemaker:us-east-1:123456789012:model-package/Group/1", "Group/1", "Register"]
)
def test_a_package_is_found_by_its_arn_its_name_and_its_step(name: str) -> None:
    assert [root.step for root in roots_of(lineage(), name)] == ["Register"]


def test_a_package_that_the_execution_did_not_register_is_refused_with_those_that_it_did() -> None:
    with pytest.raises(RefusedError, match="no package 'Group/7'") as refused:
        roots_of(lineage(), "Group/7")
    assert refused.value.hint == "it has registered Group/1"


def test_a_long_chain_stays_at_the_left_and_every_step_is_told_once() -> None:
    steps = [processing("S0", {"raw": "s3://cancer/raw/"}, {"out": join(PREFIX, "o0")})]
    steps += [
        processing(f"S{n}", {"in": output_of(f"S{n - 1}", "out")}, {"out": join(PREFIX, f"o{n}")})
        for n in range(1, 40)
    ]
    found = lineage_of(simulate(pipeline(*steps), store=seeded()))
    lines = drawn(found, root_of_output(found, "S39", "out"))
    assert max(map(len, lines)) <= 100
    heads = [line for line in lines if line.endswith("Processing")]
    assert len(heads) == 40
    assert any(line.endswith("told below") for line in lines)
