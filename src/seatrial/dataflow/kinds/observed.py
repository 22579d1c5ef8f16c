"""The codes of what a step's own code was seen to do behind the definition's back, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

CALL_KINDS = (
    FindingKind(
        "ST120",
        Severity.WARNING,
        "Read behind the definition",
        "A step's own code read objects from S3 that no input, channel, model or argument of it names: "
        "nothing says that they must be there, no cache key knows of them, and they follow no other prefix "
        "or account. An error if another step of the execution wrote them and this one does not wait for "
        "it: which version is read is chance; then naming the place in an argument makes no difference.",
        "Train reads s3://data/lookup/codes.csv with boto3; none of its channels is s3://data/lookup.",
        "Declare an input of the step for it; if another step writes it, wire that step's output.",
    ),
    FindingKind(
        "ST121",
        Severity.WARNING,
        "Written behind the definition",
        "A step's own code wrote or deleted objects in S3 where no output of it lies: no later step can be "
        "wired to them, and they are not in the registry of outputs. An error if another step of the "
        "execution wrote the same object; a note if an argument or variable of the step names the place. "
        "What the code wrote and took away again is not told, nor what a Lambda function wrote where its "
        "payload points.",
        "Preprocess puts s3://data/features/latest.parquet with boto3, besides what its outputs hold.",
        "Write it to a folder that an output declares, or declare an output for the place.",
    ),
    FindingKind(
        "ST122",
        Severity.ERROR,
        "Read before it was written",
        "A step's own code asked for an object that another step of the execution had not written yet: it "
        "found none, or what lay there before. By the times of the calls and of the steps, so the race was "
        "seen and is no mere possibility. A warning if the other step always comes later, so that what an "
        "earlier execution left is read.",
        "Evaluate reads s3://bucket/run/model.tar.gz while Train, for which it does not wait, still runs.",
        "Wire the output of the step that writes it, or put that step in DependsOn.",
    ),
)

FILE_KINDS = (
    FindingKind(
        "ST124",
        Severity.WARNING,
        "Input never opened",
        "A step succeeded, and its container opened none of the files of an input that it declares: they "
        "were brought in for nothing, or the script reads another place. A note when it read the same data "
        "from S3. Never said of inputs that could not be watched.",
        "Train declares the channels `train` and `validation`; the script never opens "
        "/opt/ml/input/data/validation.",
        "Read the files where the input brings them, or take the input away.",
    ),
)

OBSERVED_KINDS: tuple[FindingKind, ...] = (*CALL_KINDS, *FILE_KINDS)
