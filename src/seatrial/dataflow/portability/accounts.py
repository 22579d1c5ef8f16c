"""The first run's account or region in a definition that was compiled anew for another."""

from __future__ import annotations

import re
from collections.abc import Iterator

from seatrial.dataflow.codes import finding
from seatrial.dataflow.portability.searching import texts_of
from seatrial.dataflow.portability.voyage import Voyage
from seatrial.definition.pointers import tokens
from seatrial.definition.references import own_values
from seatrial.ports.findings import Finding, Severity

_IMAGES = frozenset({"ImageUri", "TrainingImage", "Image"})


def survivors(first: Voyage, second: Voyage) -> Iterator[Finding]:
    """Account ids anywhere, regions in ARNs; never in images, which are other accounts'.

    A definition that was not compiled anew holds what it holds: then nothing is said. A role is often
    written out, and is a note.
    """
    if first.flow.definition.text == second.flow.definition.text:
        return
    patterns = _patterns(first, second)
    for step in second.flow.definition.all_steps():
        for value, pointer in own_values(step):
            for text, where in texts_of(value, pointer):
                last = tokens(where)[-1]
                what = next((w for w, pattern in patterns.items() if pattern.search(text)), None)
                if what is not None and last not in _IMAGES and ".dkr.ecr." not in text:
                    yield finding(
                        "ST142",
                        f"{last} of {step.name} has {what} though it was compiled for another",
                        where=where,
                        severity=Severity.NOTE if last == "RoleArn" else Severity.WARNING,
                        step=step.name,
                        observed=text,
                        hint="take account and region from the session (`session.account_id()`, "
                        "`session.boto_region_name`), or make a parameter of them",
                    )


def _patterns(first: Voyage, second: Voyage) -> dict[str, re.Pattern[str]]:
    found = {}
    if first.account_id != second.account_id:
        account = re.escape(first.account_id)
        found[f"the first run's account {first.account_id}"] = re.compile(rf"(?<!\d){account}(?!\d)")
    if first.region != second.region:
        region = re.escape(first.region)
        found[f"the first run's region {first.region}"] = re.compile(rf"arn:[a-z-]+:[a-z0-9-]+:{region}:")
    return found
