"""The codes of script contracts, explained."""

from __future__ import annotations

from seatrial.ports.findings import FindingKind, Severity

CONTRACT_KINDS = (
    FindingKind(
        "ST118",
        Severity.ERROR,
        "Container path differs from the contract",
        "The step has an input or output of the name that its script's contract has, at another path in the "
        "container: the script reads or writes where nothing is mounted.",
        "The contract says `train: /opt/ml/processing/output/train`; the definition's output `train` is at "
        "/opt/ml/processing/train.",
        "Give the input or output the contract's path, or correct the contract.",
    ),
    FindingKind(
        "ST119",
        Severity.ERROR,
        "Contract not met",
        "The step lacks an input, output, environment variable or argument of its script's contract, or "
        "succeeded without writing a file that the contract names. A warning when it runs another script; a "
        "note when it has an input or output that the contract does not know.",
        "The contract requires the variable `LABEL_FIELD`; the step's `Environment` does not set it.",
        "Add to the step what is missing, or correct the contract.",
    ),
)
