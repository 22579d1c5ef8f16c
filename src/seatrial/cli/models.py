"""`seatrial models`: list the model registry, show a version, approve or reject it."""

from __future__ import annotations

import json
from pathlib import Path

import click

from seatrial.app.parts import Parts
from seatrial.cli.options import current_settings, json_option, not_empty, say
from seatrial.errors import RecordError
from seatrial.records import ModelRegistry
from seatrial.reports.console import answers
from seatrial.reports.model_registry import ModelsReport, PackageReport, packages_table

package_argument = click.argument("package", metavar="PACKAGE", callback=not_empty)
because_option = click.option("--because", "description", help="The ApprovalDescription.")


@click.group(invoke_without_command=True)
@click.option("-g", "--group", callback=not_empty, help="Only versions of this model package group.")
@json_option
@click.pass_context
def command(ctx: click.Context, group: str | None, as_json: bool) -> None:
    """List what RegisterModel and Model steps made; `show`, `approve` and `reject` a version.

    PACKAGE is an ARN, or GROUP/VERSION: churn/3.
    """
    if ctx.invoked_subcommand:
        return
    records = Parts(current_settings(), say).existing_records
    registry = records.model_registry if records is not None else None
    packages = registry.packages(group.rpartition("/")[2] if group else None) if registry else ()
    models = registry.models() if registry and group is None else ()
    if as_json:
        click.echo(ModelsReport(packages=packages, models=models).as_text())
    elif packages:
        answers().print(packages_table(packages))
    else:
        say(f"no model version has been registered in {Path.cwd()}; RegisterModel steps do that")


@command.command()
@package_argument
@json_option
def show(package: str, as_json: bool) -> None:
    """Print the version as DescribeModelPackage does: metrics, baselines, containers; always as JSON."""
    click.echo(json.dumps(_registry(package).describe_package(package), indent=2))


@command.command()
@package_argument
@because_option
@json_option
def approve(package: str, description: str | None, as_json: bool) -> None:
    """Set a version's ModelApprovalStatus to Approved."""
    _set(package, "Approved", description, as_json)


@command.command()
@package_argument
@because_option
@json_option
def reject(package: str, description: str | None, as_json: bool) -> None:
    """Set a version's ModelApprovalStatus to Rejected."""
    _set(package, "Rejected", description, as_json)


def _set(package: str, status: str, description: str | None, as_json: bool) -> None:
    described = _registry(package).set_approval(package, status, description)
    if as_json:
        click.echo(PackageReport(package=described).as_text())
        return
    click.echo(f"{described['ModelPackageArn']}: {described['ModelApprovalStatus']}")


def _registry(package: str) -> ModelRegistry:
    """That of the project; to ask one without executions leaves no file behind."""
    records = Parts(current_settings(), say).existing_records
    if records is None:
        raise RecordError(
            f"there is no model package {package!r}",
            slug="unknown-model-package",
            where=package,
            hint="there is: none yet",
        )
    return records.model_registry
