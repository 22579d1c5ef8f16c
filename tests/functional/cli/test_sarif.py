"""What a step did behind its definition's back, in a real run: named with the object in report and SARIF."""

from __future__ import annotations

import json
from typing import Any

from tests.functional.cli.conftest import Project
from tests.planted.case import Planted
from tests.planted.cases import observed

PREFIX = "s3://sarif/behind"


def lookup() -> Planted:
    """A step that reads a table from S3 with its own client."""
    return next(case for case in observed.CASES if case.id == "ST120-lookup")


def seeds(project: Project, case: Planted) -> list[str]:
    """The objects of the case as files of the project."""
    options = []
    for number, (uri, content) in enumerate(case.objects.items()):
        (project.folder / f"seed-{number}").write_bytes(content)
        options += ["--seed", f"{uri.replace('{prefix}', PREFIX)}=seed-{number}"]
    return options


def results(project: Project, file: str) -> list[dict[str, Any]]:
    document = json.loads((project.folder / file).read_text())
    found: list[dict[str, Any]] = document["runs"][0]["results"]
    return found


def test_an_object_read_behind_the_definitions_back_is_named_everywhere_until_it_is_accepted(
    project: Project,
) -> None:
    case = lookup()
    name = project.write("lookup.json", json.dumps(json.loads(case.faulty().text), indent=2))
    ran = project.run("run", name, "--prefix", PREFIX, *seeds(project, case), "--fail-on", "never")
    assert ran.returncode == 0, ran.stderr

    done = project.run("report", "-o", "page.html", "--sarif", "out.sarif")

    assert done.stdout.splitlines() == ["page.html", "out.sarif"]
    (behind,) = (each for each in results(project, "out.sarif") if each["ruleId"] == "ST120")
    assert "planted-lookup" in behind["message"]["text"]
    place = behind["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "lookup.json"
    assert place["region"]["startLine"] > 1
    assert "s3://planted-lookup/codes.csv" in behind["message"]["text"]
    assert "codes.csv" in (project.folder / "page.html").read_text()

    (project.folder / "seatrial.toml").write_text(
        '[[suppress]]\ncode = "ST120"\nwhere = "s3://planted-lookup/*"\nreason = "the same for all"\n'
    )
    checked = project.run("check", "--sarif", "again.sarif", "--fail-on", "error")

    assert "because  the same for all" in checked.stdout
    (accepted,) = (each for each in results(project, "again.sarif") if each["ruleId"] == "ST120")
    assert accepted["suppressions"] == [{"kind": "external", "justification": "the same for all"}]
    assert accepted["partialFingerprints"] == behind["partialFingerprints"]


def test_a_refused_definition_has_its_refusal_in_the_file(project: Project) -> None:
    name = project.write("bad.json", '{"Version": "2020-12-01", "Steps": [{"Name": "One", "Typ": "Fail"}]}')

    done = project.run("check", name, "--sarif", "out.sarif")

    assert done.returncode == 2
    refused = results(project, "out.sarif")
    assert {each["level"] for each in refused} == {"error"}
    assert all(
        each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == name for each in refused
    )
