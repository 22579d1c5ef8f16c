"""The process in which a user's function answers a message: JSON on standard input, JSON on standard output.

What the function prints goes to standard error; what it raises ends the process with its traceback there.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from operator import attrgetter
from pathlib import Path
from typing import Any


def main(named: str) -> None:
    """Call `module:function` with the message; what it returns is the answer."""
    message = json.load(sys.stdin)
    out, sys.stdout = sys.stdout, sys.stderr
    answer = _function(named)(message)
    json.dump(answer if answer is not None else {}, out)


def _function(named: str) -> Callable[[Mapping[str, Any]], Any]:
    module, _, name = named.partition(":")
    sys.path.insert(0, str(Path.cwd()))
    found: Callable[[Mapping[str, Any]], Any] = attrgetter(name)(importlib.import_module(module))
    return found
