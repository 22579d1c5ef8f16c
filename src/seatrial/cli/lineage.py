"""`seatrial lineage`."""

from __future__ import annotations

from pathlib import Path

import click

from seatrial.app import trial
from seatrial.app.files import write_whole
from seatrial.app.lineage import lineage_as_seen
from seatrial.app.lineage_formats import FORMATS, roots_wanted
from seatrial.app.openlineage import events_told, tell, without_secrets
from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, execution_argument, json_option, not_empty, say
from seatrial.dataflow import Lineage
from seatrial.reports.console import answers
from seatrial.reports.lineage import Root, lineage_tree
from seatrial.reports.located import show_rows
from seatrial.reports.tables import lineage_table

_FILE = click.Path(path_type=Path, dir_okay=False)
_TABLE = "table"


@click.command()
@execution_argument
@click.option(
    "--package", callback=not_empty, metavar="ARN", help="Only this model package: its ARN, or GROUP/VERSION."
)
@click.option("--of", "of", callback=not_empty, metavar="STEP.OUTPUT", help="What made this output, instead.")
@click.option(
    "--format",
    "form",
    type=click.Choice([_TABLE, *FORMATS, "openlineage"]),
    help="A tree to be read, or a text for other programs. [default: table]",
)
@click.option("-o", "--output", "file", type=_FILE, help="Write that text to a file. [default: stdout]")
@click.option(
    "--openlineage",
    "target",
    callback=not_empty,
    metavar="URL|FILE",
    help="Send the execution's OpenLineage events there, or add them to the file.",
)
@json_option
def command(
    execution: str,
    package: str | None,
    of: str | None,
    form: str | None,
    file: Path | None,
    target: str | None,
    as_json: bool,
) -> None:
    """Show what made a model package: data, code, images and decisions, back to external inputs.

    [default: every package of the latest execution] Objects are told by their ETags, code by its digest
    (docs/lineage.md).
    """
    chosen = _chosen(form, as_json, file)
    if package and of:
        raise click.UsageError("--package and --of are two beginnings; leave one out")
    if target and (form or as_json or file or package or of):
        raise click.UsageError("--openlineage sends the whole execution; it takes no other option")
    parts = Parts(current_settings(), say)
    told = trial.recorded(parts, execution)
    if target is not None:
        say(f"{tell(parts, told.flow, target)} events told to {without_secrets(target)}")
        return
    if chosen == "openlineage":
        _give("".join(f"{event.as_text()}\n" for event in events_told(parts, told.flow)), file)
        return
    lineage = lineage_as_seen(parts, told.flow)
    roots = roots_wanted(told.registry, lineage, package, of)
    if chosen != _TABLE:
        _give(FORMATS[chosen](lineage, roots), file)
    else:
        _show(lineage, roots)


def _chosen(form: str | None, as_json: bool, file: Path | None) -> str:
    """The form, where the options do not contradict each other."""
    chosen = form or ("json" if as_json else _TABLE)
    if as_json and chosen != "json":
        raise click.UsageError(f"--json and --format {chosen} are two forms; leave one out")
    if file is not None and chosen == _TABLE:
        raise click.UsageError("-o takes a --format: json, mermaid, svg or openlineage")
    return chosen


def _show(lineage: Lineage, roots: tuple[Root, ...]) -> None:
    if roots:
        for root in roots:
            answers().print(lineage_tree(lineage, root))
    elif lineage.entries:
        say(
            "no model has been registered: this is what each step read (--of STEP.OUTPUT looks back from one)"
        )
        show_rows(answers(), lineage_table(lineage))
    else:
        say("no step has read data, and none has registered a model")


def _give(text: str, file: Path | None) -> None:
    if file is None:
        click.echo(text, nl=False)
    else:
        write_whole(file, text.encode())
        click.echo(str(file))
