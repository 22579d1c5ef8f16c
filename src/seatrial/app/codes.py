"""The codes of what is found when a pipeline meets this machine's engine and images, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

KINDS: dict[str, FindingKind] = {
    kind.code: kind
    for kind in (
        FindingKind(
            "ST201",
            Severity.ERROR,
            "Not supported by the engine",
            "A job asks for something that the chosen engine cannot do. Said before anything runs.",
            "`S3InputMode: Pipe` of a processing input.",
            "Change the step, or leave it out of the run.",
        ),
        FindingKind(
            "ST202",
            Severity.ERROR,
            "No local image",
            "A step names an image that is not here, that no rule maps, and that cannot be pulled.",
            "`123456789012.dkr.ecr.us-east-1.amazonaws.com/my-team/preprocess:7`.",
            "Name a local image for it under [images] in seatrial.toml.",
        ),
        FindingKind(
            "ST203",
            Severity.NOTE,
            "Image substituted",
            "A stand-in runs in the place of the named image; the message says what differs.",
            "`sagemaker-xgboost:1.5-1`, served by XGBoost 1.7.",
            "Nothing to do, unless the difference matters to the script.",
        ),
        FindingKind(
            "ST204",
            Severity.NOTE,
            "Ignored by the engine",
            "A job sets something that the chosen engine accepts and that changes nothing here.",
            "`S3UploadMode: Continuous`: outputs are uploaded once, at the end.",
            "Nothing to do; it takes effect on AWS.",
        ),
        FindingKind(
            "ST205",
            Severity.NOTE,
            "Placeholder",
            "A parameter without default and without effect here was given a placeholder.",
            "`KMS_ENCRYPTION_KEY_PARAM`, which no step of the definition uses.",
            "Nothing to do; on AWS it needs a value.",
        ),
    )
}
