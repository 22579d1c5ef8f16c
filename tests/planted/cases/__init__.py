"""Every planted fault, area by area; each module here has a tuple `CASES`."""

from __future__ import annotations

from tests.planted.case import Planted
from tests.planted.cases import contents, files, flow, observed, portability, wiring

CASES: tuple[Planted, ...] = (
    *contents.CASES,
    *flow.CASES,
    *files.CASES,
    *observed.CASES,
    *portability.CASES,
    *wiring.CASES,
)
