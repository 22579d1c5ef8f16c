"""The page of what runs here, made from the code's own tables.

`python -m seatrial.reports.support_page docs/support.md` writes it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from seatrial.dataflow.codes import KINDS
from seatrial.dataflow.settings_without_effect import SETTINGS
from seatrial.definition.parsing.steps import TYPE_KEYS
from seatrial.engines.hosting import unsupported as hosting
from seatrial.engines.hosting import without_effect as hosting_effects
from seatrial.engines.local_mode import unsupported as local_mode
from seatrial.engines.native import unsupported as native
from seatrial.engines.native import without_effect as native_effects
from seatrial.engines.reasons import Reason, described
from seatrial.engines.serving import model as served_models
from seatrial.engines.serving import unsupported as serving
from seatrial.engines.serving import without_effect as serving_effects
from seatrial.engines.tuning import unsupported as tuning
from seatrial.engines.tuning import without_effect as tuning_effects
from seatrial.execution import STEP_TYPES
from seatrial.execution.steps.by_substitute import BY_SUBSTITUTE

HOW: dict[str, str] = {
    "Processing": "real: the job's container",
    "Training": "real: the job's container; XGBoost's algorithm mode as well, "
    "[functions of `@step` and notebook jobs](functions-and-notebooks.md)",
    "Transform": "real: the model's container is served, and asked as batch transform asks",
    "Tuning": "real: a search whose training jobs run in containers, as many at a time as there is room for; "
    "[how it searches](tuning.md)",
    "Lambda": "real: the function's own code, called in a container; [whose code that is](lambda.md)",
    "Callback": "real: the message is sent, and waits for an answer; [who gives it](callbacks.md)",
    "Condition": "decided here, as the service decides",
    "Fail": "ends the execution here, as the service does",
    "Model": "a record here, with the ARN and properties that the service would give; nothing is deployed",
    "RegisterModel": "a record in the model registry of the project; "
    "[approved](models-and-endpoints.md) by `seatrial models`",
    "EndpointConfig": "a record here",
    "Endpoint": "real: its models' containers answer until the execution ends; "
    "[who asks them, and how](models-and-endpoints.md)",
    "QualityCheck": "real: a job in a stand-in of the monitoring image; baselines as the service keeps them",
    "ClarifyCheck": "real: a job in a stand-in of Clarify's image, its model served beside it",
    **dict.fromkeys(BY_SUBSTITUTE, "by [substitute](substitutes.md): its properties and data are given"),
}
"""How each step type runs."""

Table = Mapping[str, Reason]

_JOBS: dict[str, tuple[Table, Table]] = {
    "Processing": (native.UNSUPPORTED["Processing"], native_effects.WITHOUT_EFFECT["Processing"]),
    "Training": (native.UNSUPPORTED["Training"], native_effects.WITHOUT_EFFECT["Training"]),
    "Transform": (serving.UNSUPPORTED, serving_effects.WITHOUT_EFFECT),
    "Tuning": (tuning.UNSUPPORTED, tuning_effects.WITHOUT_EFFECT),
}

_INTRODUCTION = """\
# What runs here

Everything below is read from the tables that `seatrial plan` and `seatrial run` themselves ask, so it is said
of your definition before anything runs: what cannot be done is an error, what changes nothing is listed once.
A member of a request that stands nowhere on this page is honoured. How closely the rules of the service are
followed is in [fidelity.md](fidelity.md); what SageMaker's own local mode cannot do, in
[local-mode.md](local-mode.md).

This page is written by `python -m seatrial.reports.support_page docs/support.md`.
"""


def support_page() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_step_types(), *_jobs(), *_models(), *_endpoints(), *_settings()])


def _step_types() -> Iterator[str]:
    yield "## Step types\n"
    local = {kind for kind in STEP_TYPES if kind not in {*_JOBS, "Endpoint"}} | set(local_mode.UNSUPPORTED)
    local.add("Tuning")  # its training jobs go through local mode
    rows = [
        (f"`{kind}`", HOW[kind], "yes" if kind in local else "refused before the run") for kind in STEP_TYPES
    ]
    yield _table(("type", "how", "with `--engine local-mode`"), rows)
    others = ", ".join(f"`{kind}`" for kind in sorted(TYPE_KEYS.keys() - STEP_TYPES.keys()))
    if others:
        yield f"Not yet, and refused before the run: {others}.\n"
    yield "A step of any type runs by [substitute](substitutes.md), also one that is refused below.\n"


def _jobs() -> Iterator[str]:
    for kind, (unsupported, without_effect) in _JOBS.items():
        yield f"## {kind} jobs\n"
        yield "Refused before the run:\n"
        yield _table(("member", "because"), _reasons(unsupported))
        if without_effect:
            yield "Accepted, and done otherwise or not at all:\n"
            yield _table(("member", "because"), _reasons(without_effect))


def _models() -> Iterator[str]:
    yield "## Models that Transform steps serve\n"
    yield "Refused before the run, where a Transform step names the model:\n"
    yield _table(("member", "because"), _reasons(served_models.UNSUPPORTED))


def _endpoints() -> Iterator[str]:
    yield "## Endpoints\n"
    yield "Refused before the run, in the configuration that an Endpoint step names:\n"
    yield _table(("member", "because"), _reasons(hosting.OF_CONFIG))
    yield "… and in the models that it serves:\n"
    yield _table(("member", "because"), _reasons(hosting.OF_MODEL))
    yield "Accepted, and done otherwise or not at all:\n"
    effects = {**hosting_effects.OF_ENDPOINT, **hosting_effects.OF_CONFIG}
    yield _table(("member", "because"), _reasons(effects))


def _reasons(table: Table) -> list[tuple[str, str]]:
    return [(f"`{pointer}`", described(reason)) for pointer, reason in table.items()]


def _settings() -> Iterator[str]:
    yield "## Settings without effect on one machine\n"
    members: dict[str, list[str]] = {}
    for member, (code, _) in SETTINGS.items():
        members.setdefault(code, []).append(f"`{member}`")
    rows = [
        (f"[{code}](findings/index.md#{code.lower()})", ", ".join(named), KINDS[code].meaning)
        for code, named in sorted(members.items())
    ]
    yield _table(("code", "members", "what it means"), rows)


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(_cell, line))} |" for line in lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(support_page(), encoding="utf-8")
