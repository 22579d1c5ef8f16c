"""Every planted fault, area by area; each module here has a tuple `CASES`."""

from __future__ import annotations

from tests.planted.case import Planted
from tests.planted.cases import files, flow, observed, portability, wiring

CASES: tuple[Planted, ...] = (
    *flow.CASES,
    *files.CASES,
    *observed.CASES,
    *portability.CASES,
    *wiring.CASES,
)
