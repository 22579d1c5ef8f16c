"""Every code of this room, explained for people; the checks know their messages themselves."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

_ERROR, _NOTE = Severity.ERROR, Severity.NOTE

_DOCUMENT = (
    FindingKind(
        "ST001",
        _ERROR,
        "Malformed JSON",
        "The text is no JSON document, is not UTF-8, or holds what readers of JSON disagree about: a key "
        "twice in one object, NaN, half a character, nesting beyond 100 levels.",
        'A comma is missing at definition.json:14:3, or `"Type"` stands twice in one step.',
        "Correct the text at the line or pointer given, or compile the pipeline again.",
    ),
    FindingKind(
        "ST002",
        _ERROR,
        "Wrong structure",
        "Something is missing, or is a list where an object is needed, or text where a number is needed.",
        '`"DependsOn": "Train"`; it takes a list.',
        "Write what the message asks for.",
    ),
    FindingKind(
        "ST003",
        _ERROR,
        "Unknown property",
        "The document, a step, a parameter or an option has a key that the service does not know.",
        "`DependOn` in a step.",
        "Remove the key, or correct its spelling.",
    ),
    FindingKind(
        "ST004",
        _ERROR,
        "Unknown schema version",
        "The document's `Version` is none that is known.",
        '`"Version": "2021-01-01"`.',
        'Write `"Version": "2020-12-01"`.',
    ),
    FindingKind(
        "ST005",
        _ERROR,
        "Parameter value does not fit",
        "A default or a given value is not of the parameter's type, or not among its EnumValues.",
        "`-p Rounds=many`, where Rounds is an Integer.",
        "Give a value of the declared type.",
    ),
    FindingKind(
        "ST006",
        _ERROR,
        "Name not allowed",
        "A name has characters or a length that the service refuses, or is used twice. Step names are unique "
        "in the whole pipeline, branches included.",
        "A step stands in a branch and also in the pipeline's own Steps.",
        "Rename one, or remove the second.",
    ),
    FindingKind(
        "ST007",
        _ERROR,
        "Limit exceeded",
        "Something is longer, or there is more of it, than the service takes. A warning where only deploying "
        "is concerned.",
        "A description of 4000 characters.",
        "Shorten it.",
    ),
    FindingKind(
        "ST008",
        _ERROR,
        "Option not understood",
        "A cache duration or a retry policy that the service refuses.",
        "`MaxAttempts` and `ExpireAfterMin` in one policy.",
        "Write the option as the message shows.",
    ),
)

_REFERENCES = (
    FindingKind(
        "ST010",
        _ERROR,
        "Malformed expression",
        "A `Get`, `Std:Join` or `Std:JsonGet` that cannot be evaluated whatever it refers to.",
        "A `Path` of `Std:JsonGet` that is itself an expression; it must be literal text.",
        "Write the expression as the hint shows.",
    ),
    FindingKind(
        "ST011",
        _ERROR,
        "Unknown parameter or variable",
        "An expression, or a value given for the run, names a parameter or variable that does not exist.",
        "`Parameters.InputDta`.",
        "Correct the name, or declare the parameter.",
    ),
    FindingKind(
        "ST012",
        _ERROR,
        "Unknown step",
        "An expression or DependsOn names a step that the pipeline has not.",
        '`"DependsOn": ["Preproces"]`.',
        "Correct the name, or add the step to the pipeline's steps.",
    ),
    FindingKind(
        "ST013",
        _ERROR,
        "Unknown property of a step",
        "The path leads nowhere in the Describe response of the step's type, or to an output, input, channel "
        "or variable that the step does not declare.",
        "`ProcessingOutputConfig.Outputs['trian'].S3Output.S3Uri`, where the step declares `train`.",
        "Correct the path, or declare what it names.",
    ),
    FindingKind(
        "ST014",
        _ERROR,
        "Property file not declared",
        "`Std:JsonGet` reads a property file that the step does not declare, or one is declared in an output "
        "that the step has not.",
        "The step was made without `property_files=[…]`.",
        "Declare the property file on the step that writes it, with the name of one of its outputs.",
    ),
    FindingKind(
        "ST015",
        _ERROR,
        "Cycle",
        "Steps wait for each other; the message shows the whole way round.",
        "Train -> Evaluate -> Train.",
        "Remove one of the dependencies.",
    ),
    FindingKind(
        "ST016",
        _ERROR,
        "Step cannot be waited for",
        "A step depends on a Fail step or refers to one. A warning for a condition or a step collection in "
        "DependsOn, which the service is not known to take.",
        '`"DependsOn": ["Decide"]`, where Decide is a Condition.',
        "Depend on the step that is meant.",
    ),
    FindingKind(
        "ST017",
        _ERROR,
        "Step type does not run here",
        "The step's type is unknown, or one of AWS's that seatrial cannot run.",
        "`Procesing`, or `EMR`.",
        "Correct the type, or take the step out of the run.",
    ),
    FindingKind(
        "ST018",
        Severity.WARNING,
        "Condition inside a condition",
        "AWS documents nested Condition steps as unsupported. They run here: the inner one decides when the "
        "branch that it stands in is taken.",
        "A ConditionStep in the `if_steps` of another.",
        "Put both conditions into one step, or make the inner one a top-level step.",
    ),
    FindingKind(
        "ST019",
        _ERROR,
        "Waits for a step that may not run",
        "A step waits for one in the other branch of its condition, so it can never start. A warning when it "
        "stands outside and waits for a step of a branch that may not be taken.",
        "A top-level step reads the output of a step in IfSteps.",
        "Put both into the same branch.",
    ),
)

_REQUESTS = (
    FindingKind(
        "ST020",
        _ERROR,
        "Unknown argument",
        "Arguments hold a member that the request, or a pipeline, does not take.",
        "`ModelPackageName` in a RegisterModel step.",
        "Remove it, or correct its spelling.",
    ),
    FindingKind(
        "ST021",
        _ERROR,
        "Required argument missing",
        "Arguments lack a member that the request requires.",
        "A Processing step without `RoleArn`.",
        "Add it.",
    ),
    FindingKind(
        "ST022",
        _ERROR,
        "Argument of the wrong type",
        "A member is text where a number is required, a number where text is required, and so on.",
        '`"Environment": {"N": 3}`.',
        "Write it in the type that the message names.",
    ),
    FindingKind(
        "ST023",
        _ERROR,
        "Argument not among the choices",
        "A member takes one of a fixed set of values, and this is none of them.",
        "`S3InputMode: FastFile` of a processing input.",
        "Use one of the values listed.",
    ),
    FindingKind(
        "ST024",
        _ERROR,
        "Argument does not match its pattern",
        "A member's text does not match the whole pattern of AWS's model.",
        "`my-bucket/data` where `s3://my-bucket/data` is required.",
        "Write a value that matches.",
    ),
    FindingKind(
        "ST025",
        _ERROR,
        "Argument out of range",
        "A number is too small or too great, a text too long, a list has too many items.",
        "Eleven outputs of one processing job.",
        "Keep within the limit that the message names.",
    ),
    FindingKind(
        "ST026",
        _ERROR,
        "Expression of the wrong type",
        "A parameter or property is used where its type does not fit; the service converts nothing.",
        "A String parameter as `InstanceCount`, or an Integer one as a hyperparameter.",
        "Change the parameter's type, or use `.to_string()` where text is required.",
    ),
    FindingKind(
        "ST027",
        _ERROR,
        "Processing path or name",
        "An input or output of a processing job lies outside /opt/ml/processing/, has no LocalPath, no "
        "source, or the name of another.",
        '`source="/opt/ml/output"` of a ProcessingOutput.',
        "Use a folder of its own under /opt/ml/processing/.",
    ),
    FindingKind(
        "ST029",
        _ERROR,
        "Training channels",
        "Two channels of a training job have one name, or a channel's input mode does not go with its data "
        "type or with another channel's mode.",
        "`TrainingInputMode: Pipe` of the algorithm, and `InputMode: FastFile` of a channel.",
        "Rename a channel, or use one streaming mode for all.",
    ),
    FindingKind(
        "ST028",
        _ERROR,
        "Condition cannot be decided",
        "A condition has an unknown type, lacks a side, or compares unlike types. How the service compares "
        "unlike types is not known; refusing is a choice.",
        'A Float parameter compared with the text `"0.8"`.',
        "Give both sides the same type.",
    ),
)

_PARAMETERS = (
    FindingKind(
        "ST030",
        _NOTE,
        "Parameter without default",
        "The parameter needs a value for every run. An error when a run is started without one.",
        '`ParameterString(name="Bucket")`.',
        "Add `-p NAME=VALUE`.",
    ),
    FindingKind(
        "ST031",
        _NOTE,
        "Parameter not used",
        "Nothing in the definition reads the parameter.",
        "Often the trace of an f-string, which froze the default into text.",
        "Remove it, or refer to it.",
    ),
    FindingKind(
        "ST032",
        _NOTE,
        "Placeholder",
        "The parameter has no default and is used only where nothing depends on it here: keys, roles, "
        "subnets, security groups, tags. A placeholder stands in.",
        '`ParameterString(name="KmsKey")`.',
        "Nothing to do; `-p NAME=VALUE` sets it all the same.",
    ),
)

KINDS: dict[str, FindingKind] = {
    kind.code: kind for kind in (*_DOCUMENT, *_REFERENCES, *_REQUESTS, *_PARAMETERS)
}
