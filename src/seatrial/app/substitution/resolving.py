"""From the settings and the command line to a substitute for each step; looks at no data."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.dataflow.codes import finding
from seatrial.definition import PipelineDefinition, Step
from seatrial.definition.report import suggestion
from seatrial.errors import RefusedError
from seatrial.execution.substitution import filled_in
from seatrial.images.recipes import RECIPES
from seatrial.ports.executions import ExecutionRecord
from seatrial.ports.findings import Finding
from seatrial.ports.storage import S3Uri
from seatrial.ports.substitutes import Substitute
from seatrial.settings import SubstituteSettings
from seatrial.storage.seeds import Seed, parse_toml


@dataclass(frozen=True)
class Substitutes:
    """By step name; `unused` are the names in the settings that no step of this pipeline has."""

    by_step: Mapping[str, Substitute]
    unused: Sequence[str] = ()

    def of(self, steps: Iterable[Step]) -> dict[str, Substitute]:
        """Those of the steps."""
        return {step.name: self.by_step[step.name] for step in steps if step.name in self.by_step}

    def sown(self, steps: Iterable[Step], record: ExecutionRecord) -> tuple[Seed, ...]:
        """The objects that they will put into the store, as far as an execution such as this one tells."""
        given = (filled_in(substitute, record).objects for substitute in self.of(steps).values())
        return tuple(
            Seed(S3Uri.parse(uri), Path(path), path)
            for objects in given
            for uri, path in objects.items()
            if uri.startswith("s3://")
        )

    def findings(self, definition: PipelineDefinition, steps: Iterable[Step]) -> Iterator[Finding]:
        """One note for each step that is substituted, and one warning for each name that is no step's."""
        for step in steps:
            if step.name in self.by_step:
                message = f"{step.name} does not run as it is: {self.by_step[step.name].said}"
                yield finding("ST230", message, where=step.pointer, step=step.name)
        for name in self.unused:
            yield finding(
                "ST232",
                f"the settings substitute {name!r}, and the pipeline has no such step",
                where=f'substitutes."{name}"',
                hint=suggestion(name, definition.steps_by_name),
            )


def chosen_substitutes(parts: Parts, wishes: Wishes, definition: PipelineDefinition) -> Substitutes:
    """What the settings say, and the steps that are to be replayed by name; the command line wins."""
    settings = parts.settings.substitutes
    found = {
        step.name: _substitute(settings[pattern], parts, pattern, step.name)
        for step in definition.all_steps()
        if (pattern := _pattern_for(step.name, settings)) is not None
    }
    unused = [
        pattern
        for pattern in settings
        if not any(fnmatchcase(name, pattern) for name in definition.steps_by_name)
    ]
    return with_replay(parts, wishes, Substitutes(found, unused), _named(wishes, definition))


def with_replay(parts: Parts, wishes: Wishes, substitutes: Substitutes, steps: Iterable[str]) -> Substitutes:
    """The steps replayed as well, from the execution that the command line names."""
    if wishes.replay_from is None:
        return substitutes
    source = _execution_id(parts, wishes.replay_from)  # also where no step needs it
    replayed = {name: _replay(parts, source, name) for name in steps}
    return replace(substitutes, by_step={**substitutes.by_step, **replayed})


def _named(wishes: Wishes, definition: PipelineDefinition) -> tuple[str, ...]:
    for name in wishes.replay:
        if definition.step(name) is None:
            raise RefusedError(
                f"the pipeline has no step {name!r}",
                slug="unknown-step",
                where="--replay",
                hint=suggestion(name, definition.steps_by_name),
            )
    return wishes.replay


def _pattern_for(name: str, settings: Mapping[str, SubstituteSettings]) -> str | None:
    """The name itself before any pattern; of several patterns the first."""
    if name in settings:
        return name
    return next((pattern for pattern in settings if fnmatchcase(name, pattern)), None)


def _replay(parts: Parts, execution: str, step: str) -> Substitute:
    """The step as it was there, which may have been no work of its own either."""
    records = parts.existing_records
    found = records.step(execution, step) if records is not None else None
    return Substitute(execution=execution, replayed=found.substitute if found else None)


def _substitute(given: SubstituteSettings, parts: Parts, pattern: str, step: str) -> Substitute:
    if given.replay:
        return _replay(parts, _execution_id(parts, given.replay), step)
    outputs = {**given.outputs, **({"model": given.model} if given.model else {})}
    return Substitute(
        outputs=_located(outputs),
        objects=_located(given.objects),
        properties=_properties(given.properties, pattern),
        inputs=_located(given.inputs),
        script=_absolute(given.script) if given.script else None,
        image=_image(given.image) if given.image else None,
    )


def _located(paths: Mapping[str, Path]) -> dict[str, str]:
    return {name: _absolute(path) for name, path in paths.items()}


def _absolute(path: Path) -> str:
    return str(path.expanduser().absolute())


def _image(name: str) -> str:
    """One of ours by its short name, as in `[images]`; any other as it is."""
    return RECIPES[name].repository if name in RECIPES else name


def _properties(given: Mapping[str, Any] | Path, name: str) -> Mapping[str, Any]:
    if not isinstance(given, Path):
        return given
    try:
        text = given.read_text(encoding="utf-8")
        read = parse_toml(text) if given.suffix == ".toml" else json.loads(text)
    except (OSError, ValueError) as unreadable:
        raise _unreadable(given, name, str(unreadable)) from unreadable
    if not isinstance(read, dict):
        raise _unreadable(given, name, "it holds no object")
    return read


def _unreadable(file: Path, name: str, why: str) -> RefusedError:
    return RefusedError(
        f"cannot read the properties of the substitute for {name!r}: {why}",
        slug="unreadable-substitute",
        where=str(file),
        hint='write a JSON object or a TOML file, such as {"BestCandidate": {"CandidateName": "x"}}',
    )


def _execution_id(parts: Parts, wanted: str) -> str:
    records = parts.existing_records
    if records is None:
        raise RefusedError(
            f"there is no execution {wanted!r} to replay",
            slug="unknown-execution",
            where="--replay-from",
            hint="nothing has been run here yet: `seatrial run PIPELINE` begins one",
        )
    return records.find(wanted)
