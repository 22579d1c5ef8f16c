"""Every planted fault, area by area; each module here has a tuple `CASES`."""

from __future__ import annotations

from tests.planted.case import Planted
from tests.planted.cases import contents, contracts, files, flow, observed, permissions, portability, wiring

CASES: tuple[Planted, ...] = (
    *contents.CASES,
    *contracts.CASES,
    *flow.CASES,
    *files.CASES,
    *observed.CASES,
    *permissions.CASES,
    *portability.CASES,
    *wiring.CASES,
)
