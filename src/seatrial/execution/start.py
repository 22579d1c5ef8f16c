"""Begins an execution: parameters bound, prefix chosen, the record and the folder made. Nothing runs yet."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from seatrial.definition import PipelineDefinition, bind_parameters
from seatrial.errors import RefusedError
from seatrial.execution.experiment import resolved_experiment
from seatrial.execution.folders import DEFINITION, execution_folder
from seatrial.execution.names import Account, Ids
from seatrial.ports.clock import Clock
from seatrial.ports.executions import ExecutionRecord, ExecutionStatus, Selection
from seatrial.ports.functions import FunctionCode
from seatrial.ports.storage import BUCKET_NAMES, S3Uri, is_bucket_name
from seatrial.ports.substitutes import Substitute
from seatrial.records import Records
from seatrial.records.functions import write_functions
from seatrial.settings import Settings

PREFIX_PARAMETER = "EXECUTION_S3_PREFIX"
_PIPELINE_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,255}")  # of AWS's service model


def start_execution(
    definition: PipelineDefinition,
    *,
    parameters: Mapping[str, str],
    prefix: str | None,
    pipeline_name: str,
    records: Records,
    settings: Settings,
    ids: Ids,
    clock: Clock,
    engine: str = "native",
    max_parallel_steps: int | None = None,
    selection: Selection | None = None,
    substitutes: Mapping[str, Substitute] = MappingProxyType({}),
    functions: Iterable[FunctionCode] = (),
) -> ExecutionRecord:
    """The record of a new execution. Definition, parameters and functions are copied: later changes do not
    reach it."""
    _check_name(pipeline_name)
    execution_id = ids.execution_id()
    default = f"s3://{settings.bucket}/{pipeline_name}/{execution_id}"
    chosen = chosen_prefix(definition, parameters, prefix, default)
    overrides = {**parameters, PREFIX_PARAMETER: chosen} if chosen is not None else parameters
    account = Account(settings.account_id, settings.region)
    record = ExecutionRecord(
        execution_id=execution_id,
        arn=account.arn("pipeline", f"{pipeline_name}/execution/{execution_id}"),
        pipeline_name=pipeline_name,
        pipeline_arn=account.arn("pipeline", pipeline_name),
        status=ExecutionStatus.EXECUTING,
        definition=definition.text,
        parameters=bind_parameters(definition, overrides),
        prefix=chosen,
        started_at=clock.now(),
        engines=(engine,),
        max_parallel_steps=max_parallel_steps,
        selection=selection,
        substitutes=substitutes,
    )
    record = replace(record, experiment=resolved_experiment(definition, record, record.started_at))
    folder = execution_folder(settings, execution_id)
    folder.mkdir(parents=True)
    (folder / DEFINITION).write_text(definition.text, encoding="utf-8")
    write_functions(functions, folder)
    records.create(record)
    return record


def _check_name(pipeline_name: str) -> None:
    if not _PIPELINE_NAME.fullmatch(pipeline_name):
        raise RefusedError(
            f"{pipeline_name!r} cannot be the name of a pipeline",
            slug="invalid-pipeline-name",
            where=pipeline_name,
            hint="use up to 256 letters, digits and hyphens, a letter or digit at both ends",
        )


def chosen_prefix(
    definition: PipelineDefinition, parameters: Mapping[str, str], prefix: str | None, default: str
) -> str | None:
    """Where the execution writes: `prefix`, else the parameter's override, else `default`.

    None for a definition that has no such parameter; to give a prefix is then refused. A trailing
    slash goes, because a definition joins with slashes and the store takes no empty folder name.
    """
    if definition.parameter(PREFIX_PARAMETER) is None:
        if prefix is None:
            return None
        raise RefusedError(
            f"the pipeline has no parameter {PREFIX_PARAMETER}, so a prefix would change nothing",
            slug="prefix-without-parameter",
            where=definition.source,
            hint=f"leave --prefix out, or declare the String parameter {PREFIX_PARAMETER}",
        )
    given = parameters.get(PREFIX_PARAMETER)
    if prefix is not None and given is not None and prefix != given:
        raise RefusedError(
            f"two prefixes: {prefix} and {given}",
            slug="two-prefixes",
            where=PREFIX_PARAMETER,
            hint=f"give either --prefix or -p {PREFIX_PARAMETER}=",
        )
    return _accepted(prefix or given or default)


def _accepted(prefix: str) -> str:
    try:
        bucket = S3Uri.parse(prefix).bucket
    except ValueError as error:
        raise RefusedError(
            f"the prefix is {error}",
            slug="invalid-prefix",
            where=PREFIX_PARAMETER,
            hint="write --prefix s3://bucket/folder",
        ) from error
    if not is_bucket_name(bucket):
        raise RefusedError(
            f"the prefix {prefix} is in {bucket!r}, which is not a bucket name",
            slug="invalid-prefix",
            where=PREFIX_PARAMETER,
            hint=BUCKET_NAMES,
        )
    return prefix.rstrip("/")
