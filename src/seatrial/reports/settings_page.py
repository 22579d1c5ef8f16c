"""The page of all settings, made from their model.

`python -m seatrial.reports.settings_page docs/settings.md` writes it.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

from pydantic import ByteSize
from pydantic.fields import FieldInfo

from seatrial.settings import every_setting, variable_of

# Defaults that are made anew on each machine.
MADE_HERE = {"cache_dir": "the user's cache folder", "jobs": "CPUs, at least 2"}

_INTRODUCTION = """\
# Settings

Every setting has a default that works on a laptop. They are read from the environment, then `seatrial.toml`
in the current folder, then `[tool.seatrial]` in its `pyproject.toml`; the first that names a setting wins,
and an option of the command line wins over them all. `seatrial doctor --settings` shows what holds here.

```toml
# seatrial.toml
jobs = 2

[images]
"*/my-team/features:*" = "scikit-learn"

[build]
index_url = "https://packages.example.com/simple"
```

In these files, a name that is no setting is refused. In the environment a table and its setting are joined
with two underscores, and a mapping is JSON: `SEATRIAL_IMAGES='{"*/my-team/features:*": "scikit-learn"}'`.

| setting | default | in the environment | meaning |
|---|---|---|---|"""

_CLOSING = """
`[fidelity]` holds what nobody outside the service can confirm: [how close to the service](fidelity.md).
`EXECUTION_S3_PREFIX` in the environment is the same as `--prefix` of a command.

This page is written by `python -m seatrial.reports.settings_page docs/settings.md`.
"""


def settings_page() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *(_row(name, field) for name, field in every_setting()), _CLOSING])


def _row(name: str, field: FieldInfo) -> str:
    variable = variable_of(name)
    cells = (f"`{name}`", _default(name, field), f"`{variable}`", f"{field.description}{_choices(field)}")
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _default(name: str, field: FieldInfo) -> str:
    if name in MADE_HERE:
        return MADE_HERE[name]
    value: Any = field.get_default(call_default_factory=True, validated_data={})
    if value in (None, {}, []):
        return "none"
    if isinstance(value, ByteSize):
        return f"`{value.human_readable(decimal=True).replace('.0', '')}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _choices(field: FieldInfo) -> str:
    if get_origin(field.annotation) is not Literal:
        return ""
    return ": " + ", ".join(f"`{choice}`" for choice in get_args(field.annotation))


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(settings_page(), encoding="utf-8")
