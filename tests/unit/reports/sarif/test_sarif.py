"""Findings as SARIF: what the standard demands, and what GitHub reads of it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any

import pytest

from seatrial.definition import PipelineDefinition
from seatrial.ports.findings import Finding, Severity
from seatrial.reports.findings_page import ALL_KINDS
from seatrial.reports.sarif import DefinitionFile, Judged, building, sarif_of
from seatrial.reports.sarif.document import SarifLog
from tests.adapters.pipelines import PREFIX, join, pipeline, processing

MOMENT = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
BEHIND = Finding(
    "ST104",
    Severity.ERROR,
    "Prep read s3://secret/lookup.csv, which no input of it names",
    "/Steps/0/Arguments/ProcessingOutputConfig/Outputs/0/S3Output/S3Uri",
    "Declare it as an input.",
    step="Prep",
    also="s3://secret/look up.csv",
    expected="an input",
    observed="GetObject",
)


def two_steps(*names: str) -> PipelineDefinition:
    return pipeline(*(processing(name, outputs={"train": join(PREFIX, name)}) for name in names))


def judged(*findings: Finding, **known: Any) -> Judged:
    definition = known.pop("definition", two_steps("Prep", "Score"))
    text = json.dumps(json.loads(definition.text), indent=2)
    file = known.pop("file", DefinitionFile("pipelines/definition.json", text))
    return Judged("churn", file, findings, definition, **known)


def run_of(subject: Judged) -> dict[str, Any]:
    document = json.loads(sarif_of(subject).as_text())
    (run,) = document["runs"]
    assert isinstance(run, dict)
    return run


def result_of(finding: Finding, **known: Any) -> dict[str, Any]:
    (result,) = run_of(judged(finding, **known))["results"]
    assert isinstance(result, dict)
    return result


class TestTheDocument:
    def test_it_says_which_standard_it_follows(self) -> None:
        document = json.loads(sarif_of(judged()).as_text())
        assert document["version"] == "2.1.0"
        assert document["$schema"].endswith("sarif-schema-2.1.0.json")

    def test_nothing_is_null(self) -> None:
        assert "null" not in sarif_of(judged(BEHIND, replace(BEHIND, also=None, expected=None))).as_text()

    def test_it_has_no_member_that_the_models_do_not_have(self) -> None:
        text = sarif_of(judged(BEHIND)).as_text()
        assert SarifLog.model_validate_json(text).as_text() == text

    def test_without_findings_it_has_results_all_the_same(self) -> None:
        assert run_of(judged())["results"] == []

    def test_the_program_has_a_rule_for_each_code_that_was_found(self) -> None:
        other = replace(BEHIND, code="ST101")
        driver = run_of(judged(BEHIND, other, BEHIND))["tool"]["driver"]
        assert driver["name"] == "seatrial"
        assert [rule["id"] for rule in driver["rules"]] == ["ST101", "ST104"]

    @pytest.mark.parametrize("code", sorted(ALL_KINDS))
    def test_a_rule_says_what_it_means_and_what_to_do(self, code: str) -> None:
        (rule,) = run_of(judged(replace(BEHIND, code=code)))["tool"]["driver"]["rules"]
        kind = ALL_KINDS[code]
        assert rule["shortDescription"]["text"] == kind.title
        assert rule["fullDescription"]["text"] == kind.meaning
        assert kind.remedy in rule["help"]["text"]
        assert kind.remedy in rule["help"]["markdown"]
        assert rule["defaultConfiguration"]["level"] in ("error", "warning", "note")
        assert re.fullmatch(r"[A-Z][A-Za-z0-9]*", rule["name"])
        assert len(rule["properties"]["tags"]) <= 20

    def test_a_refusal_that_has_no_code_is_a_rule_as_well(self) -> None:
        refusal = Finding("bad-parameter", Severity.ERROR, "bad", hint="write it so")
        (rule,) = run_of(judged(refusal))["tool"]["driver"]["rules"]
        assert (rule["id"], rule["name"]) == ("bad-parameter", "BadParameter")

    def test_pipelines_do_not_replace_each_others_alerts(self) -> None:
        run = run_of(judged(execution="3f9a"))
        assert run["automationDetails"] == {"id": "seatrial/churn/3f9a"}

    def test_the_judging_went_well_whatever_it_found(self) -> None:
        (invocation,) = run_of(judged(BEHIND, started_at=MOMENT, ended_at=MOMENT))["invocations"]
        assert invocation == {
            "executionSuccessful": True,
            "startTimeUtc": "2026-03-01T12:00:00.000Z",
            "endTimeUtc": "2026-03-01T12:00:00.000Z",
        }

    def test_that_only_a_part_was_judged_is_said(self) -> None:
        (invocation,) = run_of(judged(incomplete="The execution is Failed."))["invocations"]
        (said,) = invocation["toolExecutionNotifications"]
        assert said == {"level": "warning", "message": {"text": "The execution is Failed."}}

    def test_no_more_is_written_than_github_keeps_and_the_gravest_stay(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert building.MOST_RESULTS == 5000
        monkeypatch.setattr(building, "MOST_RESULTS", 5)
        note = replace(BEHIND, code="ST216", severity=Severity.NOTE)
        run = run_of(judged(*[note] * 5, BEHIND, file=DefinitionFile("p.py", "")))
        assert len(run["results"]) == 5
        assert run["results"][0]["level"] == "error"
        (said,) = run["invocations"][0]["toolExecutionNotifications"]
        assert said["message"]["text"].startswith("1 findings, none graver")

    def test_what_is_accepted_is_left_out_first_because_it_weighs_nothing(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(building, "MOST_RESULTS", 1)
        note = replace(BEHIND, code="ST216", severity=Severity.NOTE)
        (kept,) = run_of(judged(replace(BEHIND, suppressed="agreed"), note))["results"]
        assert kept["ruleId"] == "ST216"


class TestAResult:
    def test_its_rule_is_the_one_at_its_index(self) -> None:
        run = run_of(judged(BEHIND, replace(BEHIND, code="ST101")))
        rules = run["tool"]["driver"]["rules"]
        assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])

    @pytest.mark.parametrize("severity", list(Severity))
    def test_it_weighs_what_the_finding_weighs(self, severity: Severity) -> None:
        assert result_of(replace(BEHIND, severity=severity))["level"] == severity.value

    def test_the_object_behind_the_definitions_back_is_named_in_the_text(self) -> None:
        result = result_of(BEHIND)
        assert "s3://secret/lookup.csv" in result["message"]["text"]
        assert "See also: s3://secret/look up.csv." in result["message"]["text"]

    def test_no_location_has_a_uri_of_s3_because_github_refuses_the_whole_file_for_one(self) -> None:
        for found in (BEHIND, replace(BEHIND, where="s3://b/new.csv")):
            result = result_of(found)
            places = [*result["locations"], *result.get("relatedLocations", [])]
            uris = [place["physicalLocation"]["artifactLocation"]["uri"] for place in places]
            assert uris == ["pipelines/definition.json"]

    def test_its_facts_are_properties(self) -> None:
        assert result_of(BEHIND)["properties"] == {
            "expected": "an input",
            "observed": "GetObject",
            "hint": "Declare it as an input.",
            "step": "Prep",
        }

    def test_in_a_definition_it_has_the_line_of_its_pointer(self) -> None:
        subject = judged(BEHIND)
        (location,) = result_of(BEHIND)["locations"]
        assert location["physicalLocation"]["artifactLocation"] == {
            "uri": "pipelines/definition.json",
            "uriBaseId": "%SRCROOT%",
        }
        region = location["physicalLocation"]["region"]
        line = subject.file.text.split("\n")[region["startLine"] - 1]
        assert line.strip().startswith('"S3Uri": {')
        assert line[region["startColumn"] - 1] == "{"

    @pytest.mark.parametrize("source", ["definition.json", "/home/me/definition.json"])
    def test_text_that_is_no_json_has_the_line_and_column_that_are_wrong(self, source: str) -> None:
        broken = Finding("ST001", Severity.ERROR, "malformed JSON", f"{source}:3:14")
        file = DefinitionFile("definition.json", '{"Steps": [\n\n  {"Name": 1,, }]}')
        (location,) = result_of(broken, file=file)["locations"]
        assert location["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 14}

    def test_in_code_it_has_the_line_where_the_steps_name_stands(self) -> None:
        file = DefinitionFile("pipeline.py", "import x\n\nstep = Step(\n    name='Prep',\n)\n")
        (location,) = result_of(BEHIND, file=file)["locations"]
        assert location["physicalLocation"]["region"] == {"startLine": 4}

    def test_in_code_that_does_not_have_the_name_it_has_the_first_line(self) -> None:
        (location,) = result_of(BEHIND, file=DefinitionFile("pipeline.py", "names = load()\n"))["locations"]
        assert location["physicalLocation"]["region"] == {"startLine": 1}

    def test_it_names_step_and_pointer(self) -> None:
        (location,) = result_of(BEHIND)["locations"]
        (logical,) = location["logicalLocations"]
        assert logical["name"] == "Prep"
        assert logical["fullyQualifiedName"] == f"churn/Prep#{BEHIND.where}"

    def test_one_about_an_object_is_at_its_step_and_the_text_names_the_object(self) -> None:
        result = result_of(replace(BEHIND, where="s3://b/new.csv", also=None))
        assert result["locations"][0]["physicalLocation"]["region"]["startLine"] > 1
        assert "At: s3://b/new.csv." in result["message"]["text"]

    def test_the_other_end_in_the_definition_has_its_line(self) -> None:
        (related,) = result_of(replace(BEHIND, also="/Steps/1"))["relatedLocations"]
        assert related["physicalLocation"]["region"]["startLine"] > 1
        assert related["id"] == 1

    def test_the_other_end_in_code_has_the_line_of_its_step(self) -> None:
        file = DefinitionFile("pipeline.py", "a = Step('Prep')\nb = Step('Score')\n")
        (related,) = result_of(replace(BEHIND, also="/Steps/1/Arguments"), file=file)["relatedLocations"]
        assert related["physicalLocation"]["region"] == {"startLine": 2}

    def test_a_path_in_a_container_is_no_place_in_the_definition(self) -> None:
        assert "relatedLocations" not in result_of(replace(BEHIND, also="/opt/ml/processing/train/a.csv"))

    def test_why_it_is_accepted_is_told(self) -> None:
        assert result_of(replace(BEHIND, suppressed="agreed"))["suppressions"] == [
            {"kind": "external", "justification": "agreed"}
        ]
        assert "suppressions" not in result_of(BEHIND)

    def test_what_a_container_wrote_cannot_steer_who_reads_it(self) -> None:
        assert "\\x07" in result_of(replace(BEHIND, observed="a\x07b"))["message"]["text"]


class TestAFingerprint:
    @staticmethod
    def of(finding: Finding, **known: Any) -> str:
        prints = result_of(finding, **known)["partialFingerprints"]
        assert prints["primaryLocationLineHash"] == f"{prints['seatrial/v1']}:1"
        return str(prints["seatrial/v1"])

    def test_is_the_same_under_another_prefix_and_id(self) -> None:
        one = replace(BEHIND, where="s3://seatrial/churn/aaa/x.csv")
        other = replace(BEHIND, where="s3://seatrial/churn/bbb/x.csv")
        assert self.of(one, execution="aaa", prefix="s3://seatrial/churn/aaa") == self.of(
            other, execution="bbb", prefix="s3://seatrial/churn/bbb"
        )

    def test_is_the_same_whatever_a_job_was_named(self) -> None:
        one = replace(BEHIND, also="s3://seatrial/pipelines-aaa-Train-x7Yz01abCd/output/model.tar.gz")
        other = replace(BEHIND, also="s3://seatrial/pipelines-bbb-Train-QQ92ksLm0a/output/model.tar.gz")
        assert self.of(one, execution="aaa") == self.of(other, execution="bbb")

    def test_of_several_findings_at_one_place_each_has_its_own(self) -> None:
        several = [replace(BEHIND, message=text) for text in ("age drifted", "label drifted")]
        hashes = [
            each["partialFingerprints"]["primaryLocationLineHash"]
            for each in run_of(judged(*several))["results"]
        ]
        assert [each.partition(":")[2] for each in hashes] == ["1", "2"]
        assert len({each.partition(":")[0] for each in hashes}) == 1

    def test_is_the_same_when_another_step_comes_before_it(self) -> None:
        moved = replace(BEHIND, where=BEHIND.where.replace("/Steps/0", "/Steps/1"))
        assert self.of(BEHIND) == self.of(moved, definition=two_steps("First", "Prep"))

    @pytest.mark.parametrize(
        "other",
        [{"code": "ST101"}, {"step": "Score"}, {"where": "/Steps/0"}, {"also": "s3://secret/b.csv"}],
    )
    def test_is_another_for_another_finding(self, other: dict[str, str]) -> None:
        assert self.of(BEHIND) != self.of(replace(BEHIND, **other))  # type: ignore[arg-type]  # texts all

    def test_does_not_change_with_what_was_observed(self) -> None:
        assert self.of(BEHIND) == self.of(replace(BEHIND, observed="5 objects", message="another"))
