"""What is known of whoever acts in the role, and policy variables; an unknown value is never guessed."""

from __future__ import annotations

import re
from dataclasses import dataclass

_VARIABLE = re.compile(r"\$\{([^}]*)\}")


class Unknown:
    """Not to be known on this machine."""


UNKNOWN = Unknown()

# What no request of a job that acts in a role bears.
_ABSENT = frozenset(
    [
        "aws:multifactorauthpresent",
        "aws:multifactorauthage",
        "aws:username",
        "aws:sourcearn",
        "aws:sourceaccount",
        "aws:sourceorgid",
        "aws:principalservicename",
        "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount",
        "s3:accesspointnetworkorigin",
    ]
)


@dataclass(frozen=True)
class Caller:
    """A job in its role: the account that it and its buckets are in, and its region."""

    account_id: str
    region: str

    def known(self, key: str) -> str | Unknown | None:
        """The value of a condition key in every request of the job; None where no request bears it."""
        lowered = key.lower()
        if lowered in _ABSENT:
            return None
        return {
            "aws:securetransport": "true",
            "aws:requestedregion": self.region,
            "aws:principalaccount": self.account_id,
            "aws:resourceaccount": self.account_id,
            "s3:resourceaccount": self.account_id,
            "aws:principaltype": "AssumedRole",
            "aws:principalisawsservice": "false",
        }.get(lowered, UNKNOWN)


def filled(text: str, caller: Caller) -> str | Unknown | None:
    """The text with its variables' values; None where one is absent, so that the text matches nothing."""
    values = [caller.known(name) for name in _VARIABLE.findall(text)]
    if any(isinstance(value, Unknown) for value in values):
        return UNKNOWN
    if None in values:
        return None
    return _VARIABLE.sub(lambda found: str(caller.known(found[1])), text)
