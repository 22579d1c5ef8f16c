"""Two runs of one pipeline under two prefixes, held against each other; knows nothing of how they ran."""

from __future__ import annotations

from seatrial.dataflow.portability.verdict import Compared, compared
from seatrial.dataflow.portability.voyage import Voyage

__all__ = ["Compared", "Voyage", "compared"]
