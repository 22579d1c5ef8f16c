"""Compiles the corpus cases made with the SDK v2: `python -m tests.corpus.compile_sdk_v2 [CASE…]`.

The definitions are kept in the repository, so the tests need no SDK; run this to renew or add one.
A new one is a function in a module of `tests/corpus/sdk_v2`, in that module's `CASES`.
"""

from __future__ import annotations

import importlib
import json
import pkgutil
import sys
from pathlib import Path

from tests.corpus import sdk_v2
from tests.corpus.sdk_v2.session import make_session

CORPUS = Path(__file__).parent


def every_case():
    """Name to the function that makes the pipeline, over all modules."""
    modules = (
        importlib.import_module(f"{sdk_v2.__name__}.{found.name}")
        for found in pkgutil.iter_modules(sdk_v2.__path__)
    )
    return {name: make for module in modules for name, make in getattr(module, "CASES", {}).items()}


def main(names: list[str]) -> None:
    """Compile the named cases, all without a name."""
    cases = every_case()
    for name in names or list(cases):
        definition = json.loads(cases[name](make_session()).definition())
        folder = CORPUS / name
        folder.mkdir(exist_ok=True)
        (folder / "definition.json").write_text(json.dumps(definition, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
