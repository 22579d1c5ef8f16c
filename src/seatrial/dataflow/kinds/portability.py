"""The codes of what changes when only the prefix, the account or the region does, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

PORTABILITY_KINDS: tuple[FindingKind, ...] = (
    FindingKind(
        "ST140",
        Severity.ERROR,
        "Other files under another prefix",
        "`seatrial check --portability`: a step left files under one prefix that it did not leave under the "
        "other, or in another place beneath it. Names that hold a time or a random id are set aside.",
        "A script names its file by the depth of its prefix: `part-5.csv` under one, `part-6.csv` under the "
        "other.",
        "Name files by what they hold, never by where they lie.",
    ),
    FindingKind(
        "ST141",
        Severity.ERROR,
        "Contents depend on the prefix",
        "`seatrial check --portability`: a file holds something else under the second prefix, and not only "
        "the prefix itself. An error where a third run, under a prefix like the first, left what the first "
        "left (`--thorough`); a note where nobody tried: it may hold something else in any run.",
        "A script draws its sample with the hash of its output's URI as the seed.",
        "Let data and parameters alone decide what a file holds; `--thorough` tells what any run changes.",
    ),
    FindingKind(
        "ST142",
        Severity.ERROR,
        "First prefix in the second run",
        "`seatrial check --portability`: what belongs to the first run turns up in the second, which was "
        "told of another prefix: data that it read, an argument or a variable, a call of its code to S3, a "
        "file that it wrote. A warning in code, and where only an account or a region is the first's; a note "
        "in a log.",
        '`environment={"OUT": f"{prefix.default_value}/metrics"}`: the same place in every execution.',
        'Pass the place on as a parameter or a property: `Join(on="/", values=[EXECUTION_S3_PREFIX, …])`.',
    ),
    FindingKind(
        "ST143",
        Severity.ERROR,
        "Status differs under another prefix",
        "`seatrial check --portability`: a step that succeeded under the first prefix failed under the "
        "second, or was not run there at all, or a condition decided otherwise.",
        "A script takes the key that it is given and a bucket of its own: nothing lies there.",
        "Read the step's log under the second prefix; look for buckets and depths taken for granted.",
    ),
)
