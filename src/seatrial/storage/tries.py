"""How often, and after what, something asked of a store is tried again; knows nothing of what is asked."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from minio.error import S3Error
from urllib3.exceptions import HTTPError

from seatrial.errors import StorageError
from seatrial.storage.wire import WireRefusalError

Answer = TypeVar("Answer")

_TRIES = 4
_PAUSE_SECONDS = 0.2
# The first is said of a repeated completion of an upload whose first answer was lost.
_WORTH_ANOTHER_TRY = frozenset({"NoSuchUpload", "RequestTimeout"})


class DamagedError(StorageError):
    """What arrived at one end is not what the other end has."""


def tried_again(attempt: Callable[[], Answer], progress: Callable[[], int] = lambda: 0) -> Answer:
    """The answer of the first attempt that neither a broken line nor damage on it ends.

    Tries are counted anew after each attempt that made `progress` larger.
    """
    failures = 0
    while True:
        before = progress()
        try:
            return attempt()
        except (HTTPError, ConnectionError, TimeoutError, DamagedError) as loss:
            trouble: Exception = loss
        except (S3Error, WireRefusalError) as refusal:
            if refusal.code not in _WORTH_ANOTHER_TRY:
                raise
            trouble = refusal
        failures = 1 if progress() > before else failures + 1
        if failures >= _TRIES:
            raise trouble
        time.sleep(_PAUSE_SECONDS * 2 ** (failures - 1))
