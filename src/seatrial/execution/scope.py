"""Where the expressions of one attempt find their values: the execution, finished steps, property files.

A property file is read when a step uses it, not when its producer ends: the failure then belongs to
the reader, which is all that is known of the service, and a file that nobody reads costs nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from seatrial.definition import Json, PipelineDefinition, PropertyFile, PropertyPath, Scope, look_up
from seatrial.errors import ExpressionError, MissingObjectError
from seatrial.execution.state import ExecutionState
from seatrial.ports.clock import Clock
from seatrial.ports.executions import ExecutionRecord, StepRecord, StepStatus
from seatrial.ports.storage import S3Uri

_SHOWN = 10

_ENDED = (StepStatus.SUCCEEDED, StepStatus.FAILED, StepStatus.STOPPED)


class ExecutionScope(Scope):
    """The scope of one attempt of one step; what was read once stays as it was read."""

    def __init__(
        self,
        definition: PipelineDefinition,
        state: ExecutionState,
        read_object: Callable[[S3Uri], bytes],
        clock: Clock,
    ) -> None:
        self.job_name: str | None = None
        self._definition = definition
        self._state = state
        self._read_object = read_object
        self._clock = clock
        self._documents: dict[str, Json] = {}
        self._last_read: str | None = None

    def parameter(self, name: str) -> Json:
        """The value bound when the execution started."""
        parameters = self._state.record.parameters
        if name not in parameters:
            raise _undefined(f"Parameters.{name}", f"the execution has: {_listed(parameters)}")
        return parameters[name]

    def execution(self, name: str) -> Json:
        """An execution variable."""
        values = execution_variables(self._state.record, self._clock.now(), self.job_name)
        if values.get(name) is None:
            known = [known for known, value in values.items() if value is not None]
            raise _undefined(f"Execution.{name}", f"there is: {_listed(known)}")
        return values[name]

    def step_property(self, step: str, path: PropertyPath) -> Json:
        """A property of a step that has ended; of one that failed only what waited for that will ask."""
        try:
            return look_up(self._with_status(step, *_ENDED).properties, path)
        except ExpressionError as error:
            if error.slug != "undefined-path":
                raise
            raise _undefined(f"Steps.{step}.{path}", error.message) from error

    def property_file(self, step: str, name: str) -> Json:
        """The content of a property file, read now."""
        record = self._with_status(step, StepStatus.SUCCEEDED)
        declared = self._declared(step, name)
        uri = S3Uri.parse(self._output_uri(record, declared)).child(declared.file_path.lstrip("/"))
        return self._read(uri, f"property file {name!r} of step {step!r} ({uri})", _written(record, declared))

    def s3_json(self, uri: str) -> Json:
        """The content of a JSON object, read now."""
        try:
            parsed = S3Uri.parse(uri)
        except ValueError as error:
            raise ExpressionError(
                str(error), slug="not-an-s3-uri", where=uri, hint="correct the S3Uri"
            ) from error
        return self._read(parsed, f"the JSON object {uri}", None)

    def explain(self, error: ExpressionError) -> str:
        """The error in words; a path that leads nowhere in a file is said with the file's name."""
        if error.slug == "undefined-path" and self._last_read is not None:
            return f"{self._last_read} has no value for the path: {error.message}"
        return error.message

    def _with_status(self, step: str, *wanted: StepStatus) -> StepRecord:
        record = self._state.step(step)
        if record is None or record.status not in wanted:
            said = record.status.value if record else "not started"
            raise _undefined(f"Steps.{step}", f"the step is {said}")
        return record

    def _declared(self, step: str, name: str) -> PropertyFile:
        producer = self._definition.step(step)
        files = {file.name: file for file in producer.property_files} if producer else {}
        if name not in files:
            raise _undefined(f"Steps.{step}.PropertyFiles.{name}", f"the step declares: {_listed(files)}")
        return files[name]

    def _output_uri(self, record: StepRecord, declared: PropertyFile) -> str:
        path = ("ProcessingOutputConfig", "Outputs", declared.output_name, "S3Output", "S3Uri")
        return str(self.step_property(record.name, PropertyPath(path)))

    def _read(self, uri: S3Uri, what: str, there: list[str] | None) -> Json:
        self._last_read = what
        if what not in self._documents:
            self._documents[what] = self._parsed(uri, what, there)
        return self._documents[what]

    def _parsed(self, uri: S3Uri, what: str, there: list[str] | None) -> Json:
        try:
            content = self._read_object(uri)
            return json.loads(content)
        except MissingObjectError as error:
            listed = f"; the step wrote: {_listed(there)}" if there is not None else ""
            raise ExpressionError(
                f"{what} is not there{listed}",
                slug="missing-property-file",
                where=str(uri),
                hint="let the script write it to the output's folder under exactly this name",
            ) from error
        except ValueError as error:  # both of JSONDecodeError and UnicodeDecodeError
            raise ExpressionError(
                f"{what} is not JSON: {error}",
                slug="property-file-not-json",
                where=str(uri),
                hint="let the script write it with json.dump",
            ) from error


def execution_variables(
    record: ExecutionRecord, now: datetime, job_name: str | None = None
) -> Mapping[str, str | None]:
    """The execution variables by name; None for those that have no value now."""
    return {
        "PipelineName": record.pipeline_name,
        "PipelineArn": record.pipeline_arn,
        "PipelineExecutionId": record.execution_id,
        "PipelineExecutionArn": record.arn,
        "StartDateTime": record.started_at.isoformat(),
        "CurrentDateTime": now.isoformat(),
        # The job of the step that is being resolved, whichever kind it is.
        "TrainingJobName": job_name,
        "ProcessingJobName": job_name,
    }


def _written(record: StepRecord, declared: PropertyFile) -> list[str]:
    outputs: tuple[Any, ...] = record.result.outputs if record.result else ()
    return [
        written.key.rpartition("/")[2]
        for output in outputs
        if output.name == declared.output_name
        for written in output.objects
    ]


def _listed(names: Any) -> str:
    shown = list(names)
    more = f" and {len(shown) - _SHOWN} more" if len(shown) > _SHOWN else ""
    return ", ".join(map(str, shown[:_SHOWN])) + more if shown else "nothing"


def _undefined(what: str, there: str) -> ExpressionError:
    return ExpressionError(
        f"{what} is undefined; {there}", slug="undefined", where=what, hint="correct the reference"
    )
