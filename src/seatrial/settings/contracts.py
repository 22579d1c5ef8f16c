"""Tables of settings about scripts: what each expects of the step that runs it."""

from __future__ import annotations

from pydantic import ConfigDict

from seatrial.ports.contracts import ScriptContract


class ContractSettings(ScriptContract):
    """A contract that is written out; a member that a contract has not is refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")
