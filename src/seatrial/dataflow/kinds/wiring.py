"""The codes of how steps are wired, and what lies in text that should be a reference, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

WIRING_KINDS: tuple[FindingKind, ...] = (
    FindingKind(
        "ST116",
        Severity.WARNING,
        "Output changed after it was written",
        "An object that a step wrote is gone from the store, or is another one now. An error when a step of "
        "this execution read what it had become. Checkpoints are left out: they are meant to go on; what "
        "two outputs write to one place is a collision (ST106).",
        "Preprocess writes train/part-0.csv; the script of Train writes to the same key with boto3.",
        "Write changed data to a place of its own; `seatrial run --from STEP` writes the output again.",
    ),
    FindingKind(
        "ST117",
        Severity.WARNING,
        "Secret-looking value",
        "An environment variable, hyperparameter or argument looks like a key, token or password, by its "
        "form or by its name, or a job printed one. Whoever may describe the job, or read its log, has it "
        "then. The value is never repeated: its first four characters, if it is long enough, and its length.",
        "`Environment: {DB_PASSWORD: …}`; a script that prints `password=…`.",
        "Hand over where the secret is kept (a name in Secrets Manager) and let the script fetch it. "
        "Renew a secret that was written down.",
    ),
    FindingKind(
        "ST125",
        Severity.WARNING,
        "Hard-coded bucket",
        "A step names a bucket in text where the definition has a parameter for the like: with another "
        "prefix or account it still goes to the old one. A warning in arguments, variables and "
        "hyperparameters of a definition with EXECUTION_S3_PREFIX; a note elsewhere, and for an input only "
        "if the definition takes another input's location from a parameter. What the SDK uploads itself "
        "does not count; outputs outside EXECUTION_S3_PREFIX are ST104 and ST105.",
        '`arguments=["--lookup", "s3://team-data/lookup.csv"]`.',
        "Make it a ParameterString, or a Join that begins with one.",
    ),
    FindingKind(
        "ST126",
        Severity.WARNING,
        "Literal path to another step's output",
        "A step names the place of an output, or one inside it, as text. Something else makes it wait for "
        "the producer (ST109 is the case without), so it works until the output moves. A note in arguments "
        "and variables.",
        'The channel `train` is `Join("/", [EXECUTION_S3_PREFIX, "prep/train"])`, with DependsOn Preprocess.',
        "Refer to the output's property; the reference is the edge as well.",
    ),
    FindingKind(
        "ST127",
        Severity.WARNING,
        "Implausible producer",
        "An input is wired to what is unlikely meant: called `validation`, and fed by the producer's "
        "`train`; data that is a model, or a model that is data; files of another type than the channel's "
        "ContentType, by their names; training and validation data that are the very same. A note for a "
        "swap of names other than train, validation and test.",
        "The channel `validation` refers to Preprocess's output `train`, and there is an output "
        "`validation`.",
        "Wire the input to the output that is meant, or give one of them another name.",
    ),
    FindingKind(
        "ST128",
        Severity.ERROR,
        "JsonGet path absent",
        "A Std:JsonGet asks for a path that the file does not have, or a condition for one at which there is "
        "no value but an object or a list: the step that asks fails. A warning where it was not asked, as on "
        "a branch that was not taken. A file that is missing or no JSON is ST110, ST111.",
        'Path `metrics.auc` of an evaluation.json that holds `{"binary": {"auc": 0.9}}`.',
        "Correct the path, or let the upstream step write it.",
    ),
)
