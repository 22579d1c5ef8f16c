"""Tables of settings about scripts: what each expects of the step that runs it."""

from __future__ import annotations

from typing import Annotated

from pydantic import ConfigDict, Discriminator, Tag

from seatrial.ports.contracts import ScriptContract


class ContractSettings(ScriptContract):
    """A contract that is written out; a member that a contract has not is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _form(value: object) -> str:
    return "name" if isinstance(value, str) else "table"


# Told apart by their form, so that a mistake in a table is told as one.
NamedContract = Annotated[
    Annotated[str, Tag("name")] | Annotated[ContractSettings, Tag("table")], Discriminator(_form)
]
