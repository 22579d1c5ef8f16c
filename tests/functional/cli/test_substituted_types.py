"""Step types that run by substitute alone, as the SDK wrote them; the steps around them in containers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.functional.cli.conftest import Project

CORPUS = Path(__file__).parents[2] / "corpus"
SCRIPT = """
import pathlib, sys
folder = pathlib.Path("/opt/ml/processing")
read = sorted(path.name for path in folder.rglob("*.csv"))
(folder / "{output}" / "seen.txt").write_text(" ".join([*read, *sys.argv[1:]]))
"""


@pytest.mark.parametrize(
    ("case", "script", "output", "seen", "given"),
    [
        ("spark-cluster", "count", "Count.count", "--cluster j-1ABCDEFGHIJKL --step s-LOCAL", {"Features"}),
        (
            "deployed-and-traced",
            "tell",
            "Tell.told",
            "--artifact arn:aws:sagemaker:us-east-1:123456789012:artifact/rows",
            {"Deploy", "Trace"},
        ),
        ("v3-newest", "prepare", "Prepare.train", "rows.csv", {"Spark", "Each", "Tidy"}),
        ("v3-job", "prepare", "Prepare.train", ":job/agent-rft/customise", {"Customise"}),
    ],
)
def test_a_definition_of_the_sdk_runs_around_what_is_given(
    project: Project, case: str, script: str, output: str, seen: str, given: set[str]
) -> None:
    shutil.copytree(CORPUS / case, project.folder, dirs_exist_ok=True)
    project.write(f"{script}.py", SCRIPT.format(output=output.partition(".")[2]))
    (project.folder / "raw").mkdir()
    project.write("raw/rows.csv", "1,2\n")
    seeds = [f"s3://my-bucket/code/{script}.py={script}.py", "s3://my-bucket/raw=raw"]
    needed = seeds if case == "v3-newest" else seeds[:1]

    ended = project.json("run", "definition.json", *(word for seed in needed for word in ("--seed", seed)))

    assert ended["status"] == "Succeeded", ended
    assert {step["name"] for step in ended["steps"] if step["substitute"]} == given
    assert project.run("download", output, "here").returncode == 0
    (told,) = project.folder.glob("here/**/seen.txt")
    assert told.read_text().endswith(seen)
