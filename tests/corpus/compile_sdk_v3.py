"""Compiles the corpus cases made with the SDK v3: `python -m tests.corpus.compile_sdk_v3 [CASE…]`.

For a Python that has that SDK: it cannot be installed beside v2. The SDK makes sessions when it is imported,
so that happens bound, as in a real compile. Times that it writes into S3 keys become one fixed time.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import sys
from collections.abc import Mapping
from pathlib import Path

from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.sessions.binding import Binding, bound
from tests.corpus import sdk_v3

CORPUS = Path(__file__).parent
REGION = "us-east-1"
NOWHERE = StoreAddress("http://127.0.0.1:9", "http://store:9", "none", Credentials("none", "none"))
_BUILD = re.compile(r"\b20\d\d(-\d\d){5}-\d{3}\b")
_TIME = re.compile(r"-20\d{12}\b|-20\d\d(-\d\d){5}-\d{3}\b")


def every_case():
    """Name to the function that makes the pipeline, over all modules."""
    modules = (
        importlib.import_module(f"{sdk_v3.__name__}.{found.name}")
        for found in pkgutil.iter_modules(sdk_v3.__path__)
    )
    return {name: make for module in modules for name, make in getattr(module, "CASES", {}).items()}


def main(names: list[str]) -> None:
    """Compile the named cases, all without a name."""
    with bound(Binding(NOWHERE, "123456789012", REGION)) as boto_session:
        from tests.corpus.sdk_v3.session import make_session, payloads  # imports the SDK

        cases = every_case()
        for name in names or list(cases):
            payloads.clear()
            text = cases[name](make_session(boto_session)).definition()
            text = _BUILD.sub("20260101000000", _TIME.sub("-20260101000000", text))
            definition = json.loads(text)
            folder = CORPUS / name
            folder.mkdir(exist_ok=True)
            (folder / "definition.json").write_text(json.dumps(definition, indent=1) + "\n", encoding="utf-8")
            _keep(payloads, folder / "objects")


def _keep(payloads: Mapping[str, bytes], folder: Path) -> None:
    """Functions run only with what was pickled for the very definition."""
    for place, content in payloads.items():
        path = folder / _BUILD.sub("20260101000000", place)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


if __name__ == "__main__":
    main(sys.argv[1:])
