"""The codes of the flow itself, explained: what was declared against what was read and written."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

FLOW_KINDS = (
    FindingKind(
        "ST101",
        Severity.ERROR,
        "Output empty",
        "A step succeeded and left a declared output empty, or full of empty files. A warning when no step "
        "reads the output; a training job's empty model is then a note.",
        "Preprocess declares `validation` at /opt/ml/processing/validation; the script writes "
        "/opt/ml/processing/val.",
        "Write to the container path that the output declares, or remove the output.",
    ),
    FindingKind(
        "ST102",
        Severity.ERROR,
        "Output missing",
        "A step succeeded and there is no trace of a declared output: nobody looked for it, or it was lost.",
        "The definition declares the output `report`; the job's result does not mention it.",
        "Run the step again; if it stays missing, the engine does not support this kind of output.",
    ),
    FindingKind(
        "ST103",
        Severity.ERROR,
        "Input absent",
        "Nothing lay at an input's location when the step started. The service fails such a job.",
        "The channel `train` reads s3://data/trian/, and there is no object with that prefix.",
        "Correct the location, seed it (`seatrial seed`), or make an upstream step write it.",
    ),
    FindingKind(
        "ST104",
        Severity.ERROR,
        "Output outside EXECUTION_S3_PREFIX",
        "The definition has the parameter EXECUTION_S3_PREFIX, and an output lies elsewhere: executions "
        "overwrite each other, and data escapes into a place that nobody chose for the run. A warning for "
        "steps that the SDK generates (repacking a model). Off for definitions without the parameter.",
        '`destination=f"s3://{bucket}/train"` where the other outputs start with the parameter.',
        'Build the location with `Join(on="/", values=[EXECUTION_S3_PREFIX, …])`.',
    ),
    FindingKind(
        "ST105",
        Severity.ERROR,
        "Prefix frozen into text",
        "An output lies under EXECUTION_S3_PREFIX only because its location repeats today's value as text. "
        "Under any other prefix the output stays where it is. After a run also: a script looked beneath the "
        "parameter's default for what this execution wrote beneath its own prefix.",
        '`f"{prefix}/train"`, which turned the parameter into its default when the pipeline was compiled.',
        'Build the location with `Join(on="/", values=[EXECUTION_S3_PREFIX, …])`, never with an f-string.',
    ),
    FindingKind(
        "ST106",
        Severity.ERROR,
        "Outputs share a prefix",
        "Two outputs are written to one place: files of the same name replace each other, and whoever reads "
        "one reads both. A warning when both belong to one step.",
        "Preprocess and Evaluate both write `{EXECUTION_S3_PREFIX}/metrics`.",
        "Give each output a prefix of its own: `{base}/{step type}/{logical name}`.",
    ),
    FindingKind(
        "ST107",
        Severity.WARNING,
        "Output inside another output",
        "One output's place lies inside another's: whoever reads the outer one reads the inner one too.",
        "Preprocess writes `{base}/data`, Split writes `{base}/data/test`.",
        "Move one of them, so that neither prefix contains the other.",
    ),
    FindingKind(
        "ST108",
        Severity.WARNING,
        "Objects of something else in an output",
        "Under an output's prefix lie objects that no step of this execution wrote. An error when a step of "
        "this execution read them as if they were its upstream's.",
        "A second run under the same `--prefix` finds `part-7.csv` of the first beside its own six parts.",
        "Use a fresh prefix for each execution (the default is one), or clear the place first.",
    ),
    FindingKind(
        "ST109",
        Severity.ERROR,
        "Read without an edge",
        "A step names a location that another step writes, and nothing makes it wait for that step: it "
        "reads whatever lies there when it starts. A warning when the location is wider than the output, or "
        "stands in an argument or variable. What a manifest names is known, and said, after the run.",
        "The channel `train` is the text `s3://data/run/Preprocess/train`, which Preprocess writes.",
        "Refer to the output's property, or add the producer to DependsOn.",
    ),
    FindingKind(
        "ST110",
        Severity.ERROR,
        "PropertyFile missing",
        "A step succeeded and did not write the file that its PropertyFile names. A warning when nothing "
        "reads the property file.",
        "PropertyFile `EvaluationReport` names `evaluation.json`; the script wrote `metrics.json`.",
        "Write the file under the name that the PropertyFile declares, or correct its FilePath.",
    ),
    FindingKind(
        "ST111",
        Severity.ERROR,
        "PropertyFile is not JSON",
        "The file that a PropertyFile names cannot be parsed as JSON, so no Std:JsonGet can read it.",
        "`evaluation.json` holds `{'auc': 0.9}`, with single quotes, or NaN.",
        "Write it with a JSON library; write null or a text for what is not a number.",
    ),
    FindingKind(
        "ST112",
        Severity.WARNING,
        "Data lost with its container",
        "A step wrote files in its container, or changed inputs, where no output covers them. They are gone.",
        "The script writes /opt/ml/processing/report.html; the only output covers /opt/ml/processing/train.",
        "Write into a folder that an output covers, or declare an output for this one.",
    ),
    FindingKind(
        "ST113",
        Severity.WARNING,
        "Neighbour read along",
        "An input's prefix has no slash at its end, and objects of another output whose prefix merely begins "
        "with the same text came with it.",
        "The channel reads `{base}/train`; `{base}/train_raw`, written by another step, matches too.",
        "End the location with a slash, or choose names of which none begins another.",
    ),
    FindingKind(
        "ST114",
        Severity.WARNING,
        "Two slashes in a row",
        "An output's location has a folder without a name. S3 takes that to the letter, so that a location "
        "written with one slash is another place; MinIO has no such key, and the step fails here.",
        "A Join with `/` of the parameter `s3://data/run/`, which ends in a slash, and `train`.",
        "Leave the slash at the end of the first part out.",
    ),
    FindingKind(
        "ST115",
        Severity.WARNING,
        "Cached on data that has changed",
        "A step was taken from the cache, as its `CacheConfig` asks, and what lies at one of its inputs is "
        "no longer what its job read. The service compares where a step reads and not what lies there, so it "
        "would take it from the cache as well.",
        "The seed of s3://data/raw/ is another one than when the step ran.",
        "Run with `--no-cache`, or write changed data to a new location.",
    ),
)
