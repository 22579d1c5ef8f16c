"""Every code of this room with its explanation: one table for each area."""

from __future__ import annotations

from seatrial.dataflow.kinds.contents import CONTENT_KINDS
from seatrial.dataflow.kinds.contracts import CONTRACT_KINDS
from seatrial.dataflow.kinds.flow import FLOW_KINDS
from seatrial.dataflow.kinds.observed import OBSERVED_KINDS
from seatrial.dataflow.kinds.permissions import PERMISSION_KINDS
from seatrial.dataflow.kinds.portability import PORTABILITY_KINDS
from seatrial.dataflow.kinds.settings import SETTING_KINDS
from seatrial.dataflow.kinds.wiring import WIRING_KINDS

ALL = (
    *FLOW_KINDS,
    *OBSERVED_KINDS,
    *WIRING_KINDS,
    *CONTRACT_KINDS,
    *CONTENT_KINDS,
    *PORTABILITY_KINDS,
    *PERMISSION_KINDS,
    *SETTING_KINDS,
)
