"""The codes of what this machine cannot do now, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

KINDS: dict[str, FindingKind] = {
    kind.code: kind
    for kind in (
        FindingKind(
            "ST300",
            Severity.ERROR,
            "Machine not fit",
            "Something that a run needs is not here; the message says what.",
            "A command that seatrial calls is not installed.",
            "`seatrial doctor` lists what is missing and what to type.",
        ),
        FindingKind(
            "ST301",
            Severity.ERROR,
            "Docker Engine refused or lost",
            "No Docker Engine answers, it refused a container, or it went away while a job ran. A job whose "
            "exit status was lost counts as failed.",
            "The Docker service was stopped during a run.",
            "Start it (`seatrial doctor --fix` where root may), then `seatrial resume`.",
        ),
        FindingKind(
            "ST302",
            Severity.ERROR,
            "No image",
            "Nothing stands for the image that a step names: it is not here, no rule maps it, it cannot be "
            "pulled, and seatrial brings none of that name.",
            "`123456789012.dkr.ecr.us-east-1.amazonaws.com/my-team/preprocess:7`.",
            "Build or tag it locally under that name, or map it under [images] in seatrial.toml.",
        ),
        FindingKind(
            "ST303",
            Severity.ERROR,
            "Object store refused or lost",
            "The store does not answer or refused a request, or an object that must be there is not.",
            "The store's container was removed during a run.",
            "`seatrial doctor` says whether it answers; then `seatrial resume`.",
        ),
    )
}
