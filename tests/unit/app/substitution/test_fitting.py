"""What keeps a substitute from doing a step's work is said before the run, with what to write."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from seatrial.app.planning import planned
from seatrial.app.wishes import Wishes
from seatrial.errors import DefinitionError, RefusedError
from tests.adapters.pipelines import PREFIX, condition, fail, join, json_of, output_of, processing, training
from tests.unit.app.substitution.planning import Planning

CORPUS = Path(__file__).parents[3] / "corpus"

INTERNAL = "999999999999.dkr.ecr.us-east-1.amazonaws.com/internal/loader:prod"
LOAD = processing(
    "Load",
    outputs={"DATA": join(PREFIX, "data"), "SIGNATURE": join(PREFIX, "signature")},
    property_files={"Rows": ("SIGNATURE", "rows.json")},
    image=INTERNAL,
)
PREPARE = processing("Prepare", {"raw": output_of("Load", "DATA")}, {"train": join(PREFIX, "train")})
AUTO_ML = {
    "Name": "Search",
    "Type": "AutoML",
    "Arguments": {
        "InputDataConfig": [{"TargetAttributeName": "y"}],
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/automl"},
        "RoleArn": "arn:aws:iam::123456789012:role/Pipeline",
    },
}
BEST = "Steps.Search.BestCandidate.InferenceContainers[0]"
TELL = processing(
    "Tell",
    arguments=["--model", {"Get": f"{BEST}.ModelDataUrl"}, {"Get": f"{BEST}.Environment['MODEL NAME']"}],
)


@pytest.fixture
def planning(tmp_path: Path) -> Planning:
    return Planning(tmp_path)


def one(planning: Planning, *steps: dict[str, Any], **substitutes: Any) -> tuple[str, str]:
    """The one error's message, and its hint."""
    (found,) = planning.refused(*steps, **substitutes)
    assert found.code == "ST231"
    return found.message, found.hint


def test_data_for_what_others_read_is_enough_and_lifts_the_want_of_an_image(planning: Planning) -> None:
    planning.local("data/rows.csv")
    bare = planning.plan(LOAD, PREPARE)
    assert [found.code for found in bare.blocking] == ["ST302"]
    view = planning.plan(LOAD, PREPARE, Load={"outputs": {"DATA": planning.folder / "data"}})
    assert view.blocking == ()
    assert [*view.substitutes] == ["Load"]
    assert "Load" not in view.images
    assert "Load does not run as it is: local data for DATA" in [found.message for found in view.findings]


def test_an_output_that_the_step_has_not_is_told_with_the_near_one(planning: Planning) -> None:
    data = planning.local("data/rows.csv").parent
    message, hint = one(planning, LOAD, Load={"outputs": {"DTA": data}})
    assert message == "step 'Load': it declares no output 'DTA'"
    assert hint == "did you mean 'DATA'?"


def test_an_output_that_another_step_reads_must_be_given(planning: Planning) -> None:
    signature = planning.local("signature/rows.json").parent
    message, hint = one(planning, LOAD, PREPARE, Load={"outputs": {"SIGNATURE": signature}})
    assert "other steps read its output 'DATA'" in message
    assert hint == 'add it:\n[substitutes."Load"]\noutputs = { DATA = "a folder or file" }'


def test_a_property_file_that_another_step_reads_must_be_in_the_data(planning: Planning) -> None:
    decide = condition("Decide", json_of("Load", "Rows", "count"), [fail("Stop")])
    folder = planning.local("signature/other.json").parent
    message, _ = one(planning, LOAD, decide, Load={"outputs": {"SIGNATURE": folder}})
    assert message.endswith("rows.json, which is not there")
    planning.local("signature/rows.json", '{"count": 1}')
    assert planning.refused(LOAD, decide, Load={"outputs": {"SIGNATURE": folder}}) == []


def test_data_that_is_not_there_is_told_with_its_path(planning: Planning) -> None:
    message, hint = one(planning, LOAD, Load={"outputs": {"DATA": planning.folder / "nothing"}})
    assert message == f"step 'Load': there is no {planning.folder}/nothing, which is given for 'DATA'"
    assert hint == "correct the path, or make the data"


def test_a_type_that_runs_by_substitute_only_is_refused_with_the_lines_to_write(planning: Planning) -> None:
    (found,) = planning.refused(AUTO_ML, TELL)
    assert (found.code, found.where, found.step) == ("ST233", "/Steps/0/Type", "Search")
    assert found.hint.splitlines()[1:] == [
        '[substitutes."Search"]',
        'properties = { BestCandidate = { InferenceContainers = [{ ModelDataUrl = "…", '
        'Environment = { "MODEL NAME" = "…" } }] } }',
    ]


def test_what_another_step_reads_must_be_among_the_properties(planning: Planning) -> None:
    best = {"BestCandidate": {"InferenceContainers": [{"ModelDataUrl": "s3://b/m.tar.gz"}]}}
    message, _ = one(planning, AUTO_ML, TELL, Search={"properties": best})
    assert (
        "other steps read its property BestCandidate.InferenceContainers[0].Environment['MODEL NAME']"
        in message
    )
    best["BestCandidate"]["InferenceContainers"][0]["Environment"] = {"MODEL NAME": "x"}  # type: ignore[assignment]  # JSON
    assert planning.refused(AUTO_ML, TELL, Search={"properties": best}) == []


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ({"BestCandidat": {}}, "a AutoML step has no property 'BestCandidat'"),
        ({"BestCandidate": []}, "its property BestCandidate is a structure and cannot be []"),
        ({"BestCandidate": {"Name": "x"}}, "BestCandidate has no property 'Name'"),
        ({"FailureReason": 3}, "its property FailureReason is a string and cannot be 3"),
        ({"InputDataConfig": [{"DataSource": True}]}, "InputDataConfig[0].DataSource is a structure"),
        ({"GenerateCandidateDefinitionsOnly": "yes"}, "is a boolean and cannot be 'yes'"),
    ],
)
def test_properties_are_checked_against_the_describe_response(
    planning: Planning, properties: dict[str, Any], said: str
) -> None:
    message, hint = one(planning, AUTO_ML, Search={"properties": properties})
    assert said in message
    assert hint


def test_properties_may_be_a_file_and_an_unreadable_one_is_refused(planning: Planning) -> None:
    good = planning.local("best.json", '{"BestCandidate": {"CandidateName": "x"}}')
    assert planning.refused(AUTO_ML, Search={"properties": good}) == []
    toml = planning.local("best.toml", "[BestCandidate]\nCandidateName = 'x'\n")
    assert planning.refused(AUTO_ML, Search={"properties": toml}) == []
    for text in ("[1]", "{"):
        with pytest.raises(RefusedError, match="cannot read the properties of the substitute for 'Search'"):
            planning.plan(AUTO_ML, Search={"properties": planning.local("bad.json", text)})


def test_objects_lie_in_s3_and_their_placeholders_stand_for_something(planning: Planning) -> None:
    data = planning.local("a.csv")
    objects = {"bucket/x": data, "s3://bucket/{Prefx}": data, "{EXECUTION_S3_PREFIX}/y": data}
    messages = [found.message for found in planning.refused(AUTO_ML, Search={"objects": objects})]
    assert re.fullmatch(r"step 'Search': objects: not an S3 URI: 'bucket/x' .*", messages[0])
    assert messages[1:] == ["step 'Search': objects: {Prefx} in s3://bucket/{Prefx} stands for nothing"]


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("{pipeline_name}/x", "not an S3 URI: 'Churn/x' (expected s3://bucket/key)"),
        ("s3://{pipeline_name}/x", "not a bucket name: 'Churn'"),
        ("s3://bucket//x", "the key begins with a slash: s3://bucket//x"),
    ],
)
def test_a_place_that_no_object_can_have_is_told_before_the_run(
    planning: Planning, uri: str, why: str
) -> None:
    given = {"objects": {uri: planning.local("a.csv")}}
    message, hint = one(planning, AUTO_ML, Search=given)
    assert message == f"step 'Search': objects: {why}"
    assert hint


def test_an_empty_folder_is_no_data_for_an_output(planning: Planning) -> None:
    (planning.folder / "data").mkdir()
    message, hint = one(planning, LOAD, Load={"outputs": {"DATA": planning.folder / "data"}})
    assert message.endswith("there is no file in " + f"{planning.folder}/data, which is given for 'DATA'")
    assert hint == "put the data there, or name another folder"


def test_a_file_given_for_an_output_is_no_property_file_of_another_name(planning: Planning) -> None:
    decide = condition("Decide", json_of("Load", "Rows", "count"), [fail("Stop")])
    other, right = (planning.local(f"given/{name}", '{"count": 1}') for name in ("other.json", "rows.json"))
    message, _ = one(planning, LOAD, decide, Load={"outputs": {"SIGNATURE": other}})
    assert message.endswith("rows.json, which is not there")
    assert planning.refused(LOAD, decide, Load={"outputs": {"SIGNATURE": right}}) == []


def test_data_that_a_substitute_brings_is_there_for_whoever_reads_it(planning: Planning) -> None:
    emr = {"Name": "Spark", "Type": "EMR", "Arguments": {"ClusterId": "j-1", "StepConfig": {}}}
    count = processing("Count", {"features": join(PREFIX, "features")}, depends_on=("Spark",))
    given = {"objects": {"{EXECUTION_S3_PREFIX}/features": planning.local("features/a.csv").parent}}
    view = planning.plan(emr, count, Spark=given)
    assert [(planned.found.readers, planned.seed) for planned in view.inputs] == [
        (("Count",), str(planning.folder / "features"))
    ]


def test_logic_takes_no_substitute(planning: Planning) -> None:
    decide = condition("Decide", 1, [fail("Stop")])
    message, _ = one(planning, decide, Decide={"properties": {"Outcome": True}})
    assert "Condition steps decide here as they do on the service" in message


@pytest.mark.parametrize("given", [{"image": "mine:1"}, {"inputs": {"x": "."}}])
def test_what_has_no_container_takes_no_other_one(planning: Planning, given: dict[str, Any]) -> None:
    found = planning.refused(AUTO_ML, Search=given)
    assert "AutoML steps take no" in found[0].message
    assert found[0].hint.startswith("give their outcome:\n[substitutes.")


def test_outputs_of_a_step_without_names_for_them_are_given_as_properties(planning: Planning) -> None:
    data = planning.local("a.csv")
    message, hint = one(planning, AUTO_ML, Search={"outputs": {"best": data}})
    assert "the outputs of AutoML steps have no names" in message
    assert "properties = " in hint


def test_a_query_is_refused_with_the_way_out_and_lifted_by_it(planning: Planning) -> None:
    step = processing("Count", {"orders": "s3://bucket/x"})
    item = step["Arguments"]["ProcessingInputs"][0]
    del item["S3Input"]
    item["DatasetDefinition"] = {"LocalPath": "/opt/ml/processing/orders"}
    (found,) = planning.refused(step)
    assert found.code == "ST201"
    assert '[substitutes."Count"] inputs = { orders = "a folder or file" }' in found.hint

    orders = planning.local("orders/a.csv").parent
    view = planning.plan(step, Count={"inputs": {"orders": orders}})
    assert view.blocking == ()
    message, hint = one(
        planning, processing("Count", {"orders": "s3://b/x"}), Count={"inputs": {"oders": orders}}
    )
    assert (message, hint) == ("step 'Count': it declares no input 'oders'", "did you mean 'orders'?")


def test_an_input_that_is_given_is_not_looked_for(planning: Planning) -> None:
    step = training("Train", {"train": "s3://bucket/train", "test": "s3://bucket/test"})
    view = planning.plan(step, Train={"inputs": {"train": planning.local("a.csv")}})
    assert [planned.found.text for planned in view.inputs] == ["s3://bucket/test"]


def test_a_refused_member_is_lifted_by_a_substitute_for_its_step(planning: Planning) -> None:
    step = training("Train", {"train": "s3://b/train"})
    step["Arguments"]["InputDataConfig"][0]["DataSource"] = {
        "FileSystemDataSource": {
            "FileSystemId": "fs-12345678901",
            "FileSystemAccessMode": "ro",
            "FileSystemType": "EFS",
            "DirectoryPath": "/data",
        }
    }
    (found,) = planning.refused(step)
    assert (found.code, found.step) == ("ST201", "Train")
    model = planning.local("model/model.json").parent
    assert planning.refused(step, Train={"model": model}) == []


def test_a_script_runs_in_our_python_unless_another_image_is_named(planning: Planning) -> None:
    script = planning.local("mock.py")
    view = planning.plan(LOAD, Load={"script": script})
    assert view.images["Load"].uri == "seatrial/base"
    assert view.blocking == ()
    view = planning.plan(LOAD, Load={"script": script, "image": "scikit-learn"})
    assert view.images["Load"].uri == "seatrial/scikit-learn"


def test_a_pattern_names_several_steps_and_the_name_itself_wins(planning: Planning) -> None:
    data = planning.local("a.csv")
    one_more = processing("Load-2", outputs={"DATA": join(PREFIX, "2")}, image=INTERNAL)
    view = planning.plan(
        LOAD,
        one_more,
        **{"Load*": {"outputs": {"DATA": data}}, "Load-2": {"script": planning.local("mock.py")}},
    )
    assert {name: each.kind for name, each in view.substitutes.items()} == {
        "Load": "data",
        "Load-2": "script",
    }


def test_a_substitute_for_no_step_is_a_warning_with_the_near_name(planning: Planning) -> None:
    view = planning.plan(PREPARE_ALONE, Prepar={"properties": {}})
    found = next(found for found in view.findings if found.code == "ST232")
    assert (found.severity.value, found.hint) == ("warning", "did you mean 'Prepare'?")
    assert view.substitutes == {}


PREPARE_ALONE = processing("Prepare", {"raw": "s3://bucket/raw"}, {"train": join(PREFIX, "train")})


def test_an_unknown_type_runs_by_properties_and_references_are_held_to_them(planning: Planning) -> None:
    unknown = {"Name": "New", "Type": "QuantumJob", "Arguments": {"Anything": [1]}, "Extra": True}
    reader = processing("Read", arguments=[{"Get": "Steps.New.Answer.Value"}])
    assert [found.code for found in planning.refused(unknown, reader)] == ["ST017"]
    assert planning.refused(unknown, reader, New={"properties": {"Answer": {"Value": "42"}}}) == []
    message, hint = one(planning, unknown, reader, New={"properties": {"Answer": "42"}})
    assert "other steps read its property Answer.Value" in message
    assert 'properties = { Answer = { Value = "…" } }' in hint


def test_an_input_without_a_proper_name_is_nobodys(planning: Planning) -> None:
    step = processing("Count", {"orders": "s3://bucket/x"})
    step["Arguments"]["ProcessingInputs"].append({"InputName": {"Get": "Parameters.EXECUTION_S3_PREFIX"}})
    found = planning.refused(step, Count={"inputs": {"orders": planning.local("a.csv")}})
    assert "ST231" not in {each.code for each in found}


def test_a_step_that_writes_nothing_needs_no_data(planning: Planning) -> None:
    message, hint = one(planning, processing("Tell"), Tell={"outputs": {"NAME": planning.local("a.csv")}})
    assert message == "step 'Tell': it declares no output 'NAME'"
    assert hint
    assert planning.refused(processing("Tell"), Tell={"outputs": {}}) == []


def test_the_training_job_that_a_search_found_must_be_given_where_others_read_it(planning: Planning) -> None:
    text = (CORPUS / "tuned-xgboost" / "definition.json").read_text()
    parts = planning.parts({"Tune": {"properties": {"HyperParameterTuningJobName": "search"}}})
    with pytest.raises(DefinitionError) as refused:
        planned(parts, Wishes("Tuned", text, "definition.json"))
    messages = [found.message for found in refused.value.findings]
    reads = "step 'Tune': other steps read its property {}, which the substitute does not give"
    assert reads.format("BestTrainingJob.TrainingJobName") in messages
    assert reads.format("TrainingJobSummaries[0].TrainingJobName") in messages


def test_a_value_that_was_not_filled_in_is_told(planning: Planning) -> None:
    given = {"BestCandidate": {"InferenceContainers": [{"ModelDataUrl": "…"}]}}
    message, hint = one(planning, AUTO_ML, Search={"properties": given})
    path = "BestCandidate.InferenceContainers[0].ModelDataUrl"
    assert message == f"step 'Search': its property {path} is still to be filled in"
    assert hint == "write its value in the place of …"


def test_what_only_a_failure_has_is_not_asked_of_a_substitute(planning: Planning) -> None:
    reason = {"Get": "Steps.Search.FailureReason"}
    tell = processing("Tell", arguments=[reason])
    assert planning.refused(AUTO_ML, tell, Search={"properties": {}})
    tell["DependsOn"] = [{"Step": "Search", "Trigger": "Failed"}]
    assert planning.refused(AUTO_ML, tell, Search={"properties": {}}) == []
