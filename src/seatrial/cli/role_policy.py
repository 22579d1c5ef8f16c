"""`--role-policy`, which `plan`, `run` and `resume` share."""

from __future__ import annotations

from pathlib import Path

import click

role_policy_option = click.option(
    "--role-policy",
    "role_policy",
    multiple=True,
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Hold jobs, and the staging of their data, to this IAM policy of the execution role (repeatable; "
    "docs/permissions.md).",
)


def given(role_policy: tuple[Path, ...]) -> list[Path] | None:
    """For the settings: None where nothing was said."""
    return list(role_policy) or None
