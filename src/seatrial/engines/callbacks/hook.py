"""The process in which a user's function answers a message: JSON on standard input, JSON on standard output.

What the function prints, and what programs print that it starts, goes to standard error; what it raises ends
the process with its traceback there. It ends when its caller was killed: another is given the message.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any

_LOOK_SECONDS = 1.0


def main(named: str) -> None:
    """Call `module:function` with the message; what it returns is the answer."""
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    message = json.load(sys.stdin)
    out = os.dup(1)
    os.dup2(2, 1)
    answer = _function(named)(message)
    with os.fdopen(out, "w", encoding="utf-8") as file:
        json.dump(answer if answer is not None else {}, file)


def _end_with(caller: int) -> None:
    while os.getppid() == caller:
        time.sleep(_LOOK_SECONDS)
    os.killpg(0, signal.SIGTERM)  # a group of its own, with all that the function started


def _function(named: str) -> Callable[[Mapping[str, Any]], Any]:
    module, _, name = named.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    found: Callable[[Mapping[str, Any]], Any] = attrgetter(name)(importlib.import_module(module))
    return found
