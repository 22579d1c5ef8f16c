"""What is said before a run: for each rule a definition that breaks it, beside one that does not."""

from __future__ import annotations

import json

import pytest

from seatrial.definition import Json, StepShape, bind_parameters, check, parse_and_check
from seatrial.errors import DefinitionError
from seatrial.ports.findings import Finding, Severity
from tests.unit.definition.documents import (
    SHAPES,
    definition,
    document,
    get,
    join,
    output,
    outputs,
    parameter,
    processing,
    step,
)


def problems(*steps: Json, parameters: list[Json] | None = None) -> list[Finding]:
    found = check(definition(*steps, parameters=parameters or []), SHAPES)
    return [finding for finding in found if finding.severity is not Severity.NOTE]


def reading(expression: Json) -> Json:
    return step("Reader", arguments=processing(Environment={"IN": expression}))


WRITER = step(
    "Writer",
    arguments=processing(
        ProcessingOutputConfig=outputs("train", "test"), Environment={"MODE": "a"}, ProcessingInputs=[]
    ),
    PropertyFiles=[{"PropertyFileName": "Report", "OutputName": "test", "FilePath": "r.json"}],
)
TRAINER = step(
    "Trainer",
    "Training",
    {
        "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "image"},
        "OutputDataConfig": {"S3OutputPath": "s3://b/models"},
        "ResourceConfig": {"InstanceType": "ml.m5.large", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 60},
        "RoleArn": "arn:aws:iam::123456789012:role/pipeline",
        "HyperParameters": {"depth": "3"},
    },
)
DECIDE = step("Decide", "Condition", {"Conditions": [{"Type": "Equals", "LeftValue": 1, "RightValue": 1}]})
OUTPUTS = "Steps.Writer.ProcessingOutputConfig.Outputs"


def json_get(path: Json, name: str = "Report") -> Json:
    return {"Std:JsonGet": {"PropertyFile": get(f"Steps.Writer.PropertyFiles.{name}"), "Path": path}}


@pytest.mark.parametrize(
    "expression",
    [
        pytest.param(get(f"{OUTPUTS}['train'].S3Output.S3Uri"), id="named output"),
        pytest.param(get(f"{OUTPUTS}[1].S3Output.S3Uri"), id="output by index"),
        pytest.param(get("Steps.Writer.ProcessingJobArn"), id="what only the response has"),
        pytest.param(get("Steps.Writer.Environment['MODE']"), id="declared variable"),
        pytest.param(get("Steps.Trainer.ModelArtifacts.S3ModelArtifacts"), id="model"),
        pytest.param(get("Steps.Trainer.HyperParameters['depth']"), id="declared hyperparameter"),
        pytest.param(join("", get("Steps.Trainer.FinalMetricDataList['val:acc'].Value")), id="metric"),
        pytest.param(get("Steps.Trainer.OutputDataConfig.S3OutputPath"), id="mirrored member"),
        pytest.param(
            get("Steps.Trainer.OutputDataConfig.CompressionType"), id="member with a default of the service"
        ),
        pytest.param(join("", get("Steps.Decide.Outcome")), id="outcome"),
        pytest.param(
            join("/", json_get("a.b[0]['c.d']"), get("Execution.PipelineExecutionId")), id="property file"
        ),
    ],
)
def test_a_reference_to_what_will_be_there_passes(expression: Json) -> None:
    assert problems(WRITER, TRAINER, DECIDE, reading(expression)) == []


@pytest.mark.parametrize(
    ("expression", "code", "said", "hint"),
    [
        pytest.param(
            get(f"{OUTPUTS}['trian'].S3Output.S3Uri"), "ST013", "declares no 'trian'", "'train'", id="output"
        ),
        pytest.param(get(f"{OUTPUTS}[2].S3Output.S3Uri"), "ST013", "declares no 2", "declare it", id="index"),
        pytest.param(
            get(f"{OUTPUTS}['train'].S3Uri"), "ST013", "no property 'S3Uri'", "S3Output", id="level"
        ),
        pytest.param(
            get("Steps.Writer.ModelArtifacts.X"), "ST013", "a Processing step has no property", "", id="type"
        ),
        pytest.param(
            get("Steps.Writer.Environment['MOOD']"),
            "ST013",
            "no 'MOOD' in Environment",
            "MODE",
            id="variable",
        ),
        pytest.param(
            get("Steps.Writer.ProcessingInputs['raw'].S3Input.S3Uri"),
            "ST013",
            "declares none",
            "",
            id="input",
        ),
        pytest.param(
            get("Steps.Trainer.InputDataConfig[0].ChannelName"),
            "ST013",
            "in InputDataConfig",
            "declare",
            id="channel",
        ),
        pytest.param(
            get("Steps.Trainer.SecondaryStatusTransitions['x'].Status"),
            "ST013",
            "read by index",
            "[0]",
            id="no key",
        ),
        pytest.param(get("Steps.Decide.Outcom"), "ST013", "no property 'Outcom'", "'Outcome'", id="outcome"),
        pytest.param(get("Steps.Wrter.ProcessingJobArn"), "ST012", "no step 'Wrter'", "'Writer'", id="step"),
        pytest.param(get("Parameters.Nme"), "ST011", "no parameter 'Nme'", "'Name'", id="parameter"),
        pytest.param(
            get("Execution.Id"), "ST011", "no execution variable", "", id="variable of the execution"
        ),
        pytest.param(
            get("Steps.Stop.ErrorMessage"), "ST016", "nothing can refer to", "remove", id="Fail step"
        ),
        pytest.param(
            json_get("a", "Repot"), "ST014", "no property file 'Repot'", "'Report'", id="property file"
        ),
        pytest.param(
            json_get(join("", "a")), "ST010", "must be a literal string", "Path", id="path an expression"
        ),
        pytest.param(json_get("$.a"), "ST010", "starts with $", "'a'", id="dollar path"),
        pytest.param(json_get("a["), "ST010", "at character 2", "brackets", id="malformed path"),
        pytest.param({"Std:Joni": {}}, "ST010", "no function 'Std:Joni'", "'Std:Join'", id="function"),
        pytest.param({"Std:Join": {"On": ""}}, "ST010", "list of Values", "Values", id="join without values"),
        pytest.param(
            {"Std:Join": {"on": "", "Values": []}}, "ST010", "no operand 'on'", "'On'", id="operand"
        ),
        pytest.param(get("Step.Writer.X"), "ST010", "names nothing", "Steps.<step>", id="root"),
    ],
)
def test_a_reference_to_nothing_is_found_before_the_run(
    expression: Json, code: str, said: str, hint: str
) -> None:
    stop = step("Stop", "Fail", {})
    found = problems(
        WRITER, TRAINER, DECIDE, stop, reading(expression), parameters=[parameter("Name", "String", "x")]
    )

    assert [finding.code for finding in found] == [code]
    assert said in found[0].message
    assert hint in found[0].hint
    assert found[0].where.startswith("/Steps/4/Arguments/Environment/IN")
    assert found[0].step == "Reader"


def test_a_step_without_outputs_has_none_to_refer_to() -> None:
    (finding,) = problems(step("Writer"), reading(get(f"{OUTPUTS}['train'].S3Output.S3Uri")))

    assert finding.message == "step 'Writer' declares no 'train' in Outputs; it declares none"


def test_an_output_named_by_an_expression_is_left_to_the_run() -> None:
    named = {**output("x"), "OutputName": get("Parameters.Name")}
    writer = step("Writer", arguments=processing(ProcessingOutputConfig={"Outputs": [named]}))

    assert (
        problems(
            writer,
            reading(get(f"{OUTPUTS}['train'].S3Output.S3Uri")),
            parameters=[parameter("Name", "String", "train")],
        )
        == []
    )


@pytest.mark.parametrize(
    ("kind", "wrapped", "place", "passes"),
    [
        ("Integer", False, "count", True),
        ("String", False, "count", False),
        ("Float", False, "count", False),
        ("Boolean", False, "count", False),
        ("Integer", True, "count", False),
        ("String", False, "text", True),
        ("Integer", False, "text", False),
        ("Integer", True, "text", True),
        ("Boolean", False, "text", False),
    ],
)
def test_a_parameter_must_fit_the_place_where_it_is_used(
    kind: str, wrapped: bool, place: str, passes: bool
) -> None:
    value = join("", get("Parameters.P")) if wrapped else get("Parameters.P")
    arguments = processing(Environment={"A": value if place == "text" else "x"})
    if place == "count":
        arguments["ProcessingResources"]["ClusterConfig"]["InstanceCount"] = value

    found = problems(step("S", arguments=arguments), parameters=[parameter("P", kind)])

    assert [finding.code for finding in found] == ([] if passes else ["ST026"])


def test_a_property_must_fit_the_place_where_it_is_used() -> None:
    (finding,) = problems(TRAINER, reading(get("Steps.Trainer.TrainingTimeInSeconds")))

    assert finding.code == "ST026"
    assert "of type integer, expected a string" in finding.message
    assert "to_string()" in finding.hint


def test_a_step_cannot_wait_for_two_ends_of_another() -> None:
    twice = [{"Step": "A", "Trigger": "Failed"}, {"Step": "A", "Trigger": "Any"}, "A"]

    found = problems(step("A"), step("B", DependsOn=twice))

    assert [(each.code, each.where) for each in found] == [
        ("ST016", "/Steps/1/DependsOn/0"),
        ("ST016", "/Steps/1/DependsOn/1"),
    ]
    assert problems(step("A"), step("B", DependsOn=["A", "A"])) == []


def test_the_item_of_a_loop_is_known_inside_the_loop_and_nowhere_else() -> None:
    item = step("S", arguments=processing(Environment={"A": get("ForEach.CurrentItem.name")}))
    loop = step("Each", "ForEach", {"IterableItems": ["a"], "MaxConcurrency": 1, "ForEachBody": [item]})

    def malformed(*steps: Json) -> list[str]:
        return [finding.where for finding in check(definition(*steps), SHAPES) if finding.code == "ST010"]

    assert malformed(loop) == []
    assert malformed(item) == ["/Steps/0/Arguments/Environment/A"]


def test_a_bound_parameter_of_the_wrong_kind_is_to_be_made_text_and_not_written_down() -> None:
    pipeline = definition(
        step("S", arguments=processing(Environment={"A": get("Parameters.P"), "B": 3})),
        parameters=[parameter("P", "Integer", 3)],
    )

    hints = [finding.hint for finding in check(pipeline, SHAPES, {"P": 3})]

    assert "to_string()" in hints[0]
    assert hints[1] == 'write "3"'


def test_bound_parameters_are_checked_as_the_service_will_see_them() -> None:
    arguments = processing()
    arguments["ProcessingResources"]["ClusterConfig"]["InstanceType"] = get("Parameters.Type")
    pipeline = definition(
        step("S", arguments=arguments), parameters=[parameter("Type", "String", "ml.m5.large")]
    )

    def codes(**given: str) -> list[str]:
        return [finding.code for finding in check(pipeline, SHAPES, bind_parameters(pipeline, given))]

    assert codes() == []
    assert codes(Type="ml.m5.lrge") == ["ST023"]
    assert check(pipeline, SHAPES) == []


def condition(**members: Json) -> Json:
    return step("Decide", "Condition", {"Conditions": [members], "IfSteps": [], "ElseSteps": []})


@pytest.mark.parametrize(
    ("written", "where", "said"),
    [
        pytest.param(condition(Type="GreaterThen"), "", "no condition type 'GreaterThen'", id="type"),
        pytest.param(condition(Type="Equals", LeftValue=1), "", "no RightValue", id="one side"),
        pytest.param(
            condition(Type="Equals", LeftValue=1, RightValue="1"), "", "a number is compared", id="mixed"
        ),
        pytest.param(
            condition(Type="GreaterThan", LeftValue=get("Parameters.P"), RightValue="1"),
            "",
            "with a string",
            id="parameter",
        ),
        pytest.param(
            condition(Type="In", QueryValue="a", Values=["b", 1]),
            "/Values/1",
            "a string is compared",
            id="in",
        ),
        pytest.param(
            condition(Type="In", QueryValue="a", Values="b"), "/Values", "list of Values", id="in no list"
        ),
        pytest.param(
            condition(Type="Not", Condition={"Type": "Or", "Conditions": []}),
            "/Condition/Conditions",
            "a list of conditions",
            id="deep inside",
        ),
        pytest.param(
            condition(Type="Equals", LeftValue=1, RightValue=1, Right=1),
            "/Right",
            "no operand 'Right'",
            id="operand",
        ),
    ],
)
def test_a_condition_that_cannot_be_decided_is_found(written: Json, where: str, said: str) -> None:
    (finding,) = problems(written, parameters=[parameter("P", "Integer", 1)])

    assert (finding.code, finding.where) == ("ST028", f"/Steps/0/Arguments/Conditions/0{where}")
    assert said in finding.message


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        pytest.param(
            processing(ProcessingOutputConfig={"Outputs": [output("o", "/opt/ml/output/o")]}),
            "/ProcessingOutputConfig/Outputs/0/S3Output/LocalPath",
            id="output elsewhere",
        ),
        pytest.param(
            processing(ProcessingOutputConfig={"Outputs": [output("o", "/opt/ml/processing")]}),
            "/ProcessingOutputConfig/Outputs/0/S3Output/LocalPath",
            id="the root itself",
        ),
        pytest.param(
            processing(ProcessingOutputConfig={"Outputs": [output("o", "/opt/ml/processing/../model")]}),
            "/ProcessingOutputConfig/Outputs/0/S3Output/LocalPath",
            id="out of the root",
        ),
        pytest.param(
            processing(ProcessingOutputConfig=outputs("o", "o")),
            "/ProcessingOutputConfig/Outputs/1/OutputName",
            id="name twice",
        ),
        pytest.param(
            processing(
                ProcessingInputs=[
                    {"InputName": "i", "S3Input": {"S3Uri": "s3://b", "S3DataType": "S3Prefix"}}
                ]
            ),
            "/ProcessingInputs/0/S3Input",
            id="input without a path",
        ),
        pytest.param(
            processing(ProcessingInputs=[{"InputName": "i"}]), "/ProcessingInputs/0", id="input of nothing"
        ),
    ],
)
def test_processing_paths_follow_the_rules_that_the_model_does_not_state(arguments: Json, where: str) -> None:
    (finding,) = problems(step("S", arguments=arguments))

    assert (finding.code, finding.where) == ("ST027", f"/Steps/0/Arguments{where}")


def training(mode: str, **channels: str | None) -> Json:
    data = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://b/k"}}}
    listed = [
        {"ChannelName": name, **data, **({"InputMode": own} if own else {})} for name, own in channels.items()
    ]
    algorithm = {"TrainingInputMode": mode, "TrainingImage": "image"}
    arguments = {**TRAINER["Arguments"], "AlgorithmSpecification": algorithm, "InputDataConfig": listed}
    return step("T", "Training", arguments)


@pytest.mark.parametrize(
    ("mode", "channels"),
    [
        ("Pipe", {"a": "FastFile", "b": None}),
        ("File", {"a": "FastFile", "b": "Pipe"}),
    ],
)
def test_pipe_and_fast_file_do_not_mix(mode: str, channels: dict[str, str | None]) -> None:
    (finding,) = problems(training(mode, **channels))

    assert (finding.code, finding.where) == ("ST029", "/Steps/0/Arguments/InputDataConfig")


@pytest.mark.parametrize(
    ("mode", "channels"),
    [("Pipe", {"a": None, "b": "File"}), ("Pipe", {"a": "FastFile"}), ("FastFile", {"a": None, "b": "File"})],
)
def test_one_streaming_mode_beside_files_is_fine(mode: str, channels: dict[str, str | None]) -> None:
    assert problems(training(mode, **channels)) == []


def test_a_channel_name_used_twice_is_found() -> None:
    twice = training("File", a=None, b=None)
    twice["Arguments"]["InputDataConfig"][1]["ChannelName"] = "a"

    assert [(f.code, f.where) for f in problems(twice)] == [
        ("ST029", "/Steps/0/Arguments/InputDataConfig/1/ChannelName")
    ]


def test_compressed_input_is_for_pipe_mode_only() -> None:
    source = {"S3Uri": "s3://b/k", "S3DataType": "S3Prefix", "LocalPath": "/opt/ml/processing/i"}

    def codes(mode: str) -> list[str]:
        transfer = {**source, "S3InputMode": mode, "S3CompressionType": "Gzip"}
        arguments = processing(ProcessingInputs=[{"InputName": "i", "S3Input": transfer}])
        return [finding.code for finding in problems(step("S", arguments=arguments))]

    assert codes("File") == ["ST027"]
    assert codes("Pipe") == []


def test_an_app_managed_input_needs_no_path() -> None:
    source = {"S3Uri": "s3://b/k", "S3DataType": "S3Prefix"}

    assert (
        problems(
            step(
                "S",
                arguments=processing(
                    ProcessingInputs=[{"InputName": "i", "AppManaged": True, "S3Input": source}]
                ),
            )
        )
        == []
    )


def decide(one: list[Json], other: list[Json]) -> Json:
    comparison = {"Type": "Equals", "LeftValue": 1, "RightValue": 1}
    return step("Decide", "Condition", {"Conditions": [comparison], "IfSteps": one, "ElseSteps": other})


@pytest.mark.parametrize(
    ("steps", "code", "severity", "said"),
    [
        pytest.param(
            [step("A", DependsOn=["B"])], "ST012", Severity.ERROR, "which the pipeline has not", id="missing"
        ),
        pytest.param(
            [step("F", "Fail", {}), step("A", DependsOn=["F"])],
            "ST016",
            Severity.ERROR,
            "the Fail step 'F'",
            id="Fail",
        ),
        pytest.param(
            [decide([], []), step("A", DependsOn=["Decide"])],
            "ST016",
            Severity.WARNING,
            "seen to refuse",
            id="condition",
        ),
        pytest.param(
            [step("M-CreateModel"), step("A", DependsOn=["M"])],
            "ST016",
            Severity.WARNING,
            "collection 'M'",
            id="collection",
        ),
        pytest.param(
            [decide([step("A")], [step("B", DependsOn=["A"])])],
            "ST019",
            Severity.ERROR,
            "the other branch",
            id="branches",
        ),
        pytest.param(
            [decide([step("A")], []), step("B", DependsOn=["A"])],
            "ST019",
            Severity.WARNING,
            "only if",
            id="from outside",
        ),
        pytest.param(
            [step("A", DependsOn=["B"]), step("B", DependsOn=["A"])],
            "ST015",
            Severity.ERROR,
            "A -> B -> A",
            id="cycle",
        ),
        pytest.param(
            [step("A", "Procesing", {})], "ST017", Severity.ERROR, "unknown type 'Procesing'", id="type"
        ),
        pytest.param(
            [step("A", "EMR", {})], "ST017", Severity.ERROR, "does not run EMR steps", id="foreign type"
        ),
        pytest.param(
            [step("A", "RegisterModel", {"ModelPackageName": "m", "ModelPackageGroupName": "g"})],
            "ST020",
            Severity.ERROR,
            "Unable to parse pipeline definition. Unknown Argument member 'ModelPackageName'.",
            id="package name",
        ),
        pytest.param(
            [step("A", "RegisterModel", {})],
            "ST021",
            Severity.ERROR,
            "Missing required member 'ModelPackageGroupName'",
            id="package group",
        ),
        pytest.param(
            [step("A", "Fail", {"Message": "x"})],
            "ST020",
            Severity.ERROR,
            "member 'Message'",
            id="argument of Fail",
        ),
        pytest.param(
            [step("A", PropertyFiles=[{"PropertyFileName": "R", "OutputName": "o", "FilePath": "r"}])],
            "ST014",
            Severity.ERROR,
            "output 'o', which the step has not",
            id="property file without output",
        ),
    ],
)
def test_an_order_or_a_type_that_cannot_work_is_found(
    steps: list[Json], code: str, severity: Severity, said: str
) -> None:
    (finding,) = problems(*steps)

    assert (finding.code, finding.severity) == (code, severity)
    assert said in finding.message
    assert finding.hint


def test_steps_of_one_branch_may_wait_for_each_other() -> None:
    assert problems(decide([step("A"), step("B", DependsOn=["A"])], [])) == []


def test_a_condition_inside_a_condition_is_said_to_be_more_than_the_service_promises() -> None:
    inner = {**decide([], []), "Name": "Inner"}

    (finding,) = problems(decide([inner], []))

    assert (finding.code, finding.severity, finding.step) == ("ST018", Severity.WARNING, "Inner")


def test_parameters_are_listed_that_need_a_value_or_are_not_used() -> None:
    pipeline = definition(
        step(
            "S",
            arguments=processing(RoleArn=get("Parameters.Role"), Environment={"A": get("Parameters.Needed")}),
        ),
        parameters=[parameter("Role"), parameter("Needed"), parameter("Unused", "Integer", 1)],
    )

    assert [(f.code, f.severity, f.where) for f in check(pipeline, SHAPES)] == [
        ("ST032", Severity.NOTE, "/Parameters/0"),
        ("ST030", Severity.NOTE, "/Parameters/1"),
        ("ST031", Severity.NOTE, "/Parameters/2"),
    ]


def test_a_job_name_may_be_left_out_or_be_a_prefix() -> None:
    named = step("S", arguments=processing(ProcessingJobName=get("Parameters.Prefix")))

    assert problems(step("S")) == []
    assert problems(named, parameters=[parameter("Prefix", "String", "p")]) == []


def test_a_third_partys_step_type_is_checked_by_its_own_shape() -> None:
    shape = StepShape(
        "Acme",
        arguments=frozenset({"Url"}),
        required_arguments=frozenset({"Url"}),
        extra_properties=frozenset({"Result"}),
        extra_keys=frozenset({"Region"}),
    )
    shapes = {**SHAPES, "Acme": shape}
    good = definition(step("A", "Acme", {"Url": "u"}, Region="r"), reading(get("Steps.A.Result")))
    bad = definition(step("A", "Acme", {"Uri": "u"}, Regio="r"))

    assert check(good, shapes) == []
    assert [(f.code, f.where) for f in check(bad, shapes)] == [
        ("ST003", "/Steps/0/Regio"),
        ("ST020", "/Steps/0/Arguments/Uri"),
        ("ST021", "/Steps/0/Arguments"),
    ]


def refused(written: Json) -> list[tuple[str, str]]:
    with pytest.raises(DefinitionError) as error:
        parse_and_check(json.dumps(written), SHAPES)
    return [(finding.code, finding.where) for finding in error.value.findings]


def test_faults_of_structure_and_of_meaning_come_in_one_report() -> None:
    good = step("Good", DependsOn=["Other"], arguments=processing(Environment={"N": 3}))
    other = step("Other", DependOn=[], arguments=processing(Environment={"E": get("Parameters.Nowhere")}))

    assert refused(document(good, other)) == [
        ("ST003", "/Steps/1/DependOn"),
        ("ST011", "/Steps/1/Arguments/Environment/E"),
        ("ST022", "/Steps/0/Arguments/Environment/N"),
    ]


def test_what_only_follows_from_an_unreadable_part_is_not_said() -> None:
    written = document(
        {"Name": 3, "Type": "Processing", "Arguments": processing()},
        step("S", DependsOn=["Unread"], arguments=processing(Environment={"E": get("Parameters.Odd")})),
        {"Name": "T", "Type": "Training", "Arguments": []},
        parameters=[parameter("Odd", "Strng")],
    )

    assert refused(written) == [
        ("ST002", "/Steps/0/Name"),
        ("ST002", "/Steps/2/Arguments"),
        ("ST005", "/Parameters/0/Type"),
    ]


def test_a_sound_definition_is_returned() -> None:
    assert parse_and_check(json.dumps(document(step("S"))), SHAPES).steps[0].name == "S"


def test_warnings_and_notes_refuse_nothing() -> None:
    written = document(decide([], []), step("A", DependsOn=["Decide"]), parameters=[parameter("Unused")])

    assert parse_and_check(json.dumps(written), SHAPES).step("A") is not None
