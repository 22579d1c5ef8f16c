"""Runs a pipeline under two prefixes, one after the other, and says what did not follow the second.

Knows no terminal: `sail` runs one execution to its end, however it is watched.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from seatrial.app import trial
from seatrial.app.comparing import side_of_record
from seatrial.app.logs import logs_of
from seatrial.app.parts import Parts
from seatrial.app.trial import Trial
from seatrial.app.wishes import Wishes
from seatrial.dataflow.codes import finding
from seatrial.dataflow.places import relation
from seatrial.dataflow.portability import Compared, Voyage, compared
from seatrial.dataflow.portability.needles import is_telling
from seatrial.definition import parse
from seatrial.errors import DefinitionError, RefusedError
from seatrial.execution import PREFIX_PARAMETER, RandomIds
from seatrial.outputs import StoredContents
from seatrial.ports.executions import ExecutionStatus
from seatrial.ports.findings import Finding, fails
from seatrial.ports.storage import S3Uri

Sail = Callable[[Parts, Wishes], Trial]

_LONGEST_LOG = 8 * 1024 * 1024
_BUCKET_ROOM = 53  # of 63 characters, ten are for `-elsewhere`


@dataclass(frozen=True)
class Course:
    """What one run is made of; account and region are in the settings of its parts."""

    parts: Parts
    wishes: Wishes

    def under(self, prefix: str) -> Course:
        """The same under a prefix."""
        return replace(self, wishes=replace(self.wishes, prefix=prefix))


@dataclass(frozen=True)
class Prefixes:
    """Where the runs write; `like_first` has the depth and the bucket of the first."""

    first: str
    second: str
    like_first: str


@dataclass(frozen=True)
class Leg:
    """One run that came to its end, and whose it was said to be."""

    trial: Trial
    account_id: str
    region: str

    @property
    def succeeded(self) -> bool:
        """Whether it came through."""
        return self.trial.record.status is ExecutionStatus.SUCCEEDED


@dataclass(frozen=True)
class Portability:
    """The runs, and what was found; `compared` is None where there were no two runs to compare."""

    first: Leg
    second: Leg | None = None
    third: Leg | None = None
    compared: Compared | None = None
    findings: tuple[Finding, ...] = ()

    @property
    def legs(self) -> tuple[Leg, ...]:
        """Every run, in order."""
        return tuple(leg for leg in (self.first, self.second, self.third) if leg is not None)

    @property
    def varied(self) -> tuple[str, ...]:
        """What the second run had otherwise."""
        if self.second is None:
            return ()
        pairs = {
            "account": (self.first.account_id, self.second.account_id),
            "region": (self.first.region, self.second.region),
        }
        return ("prefix", *(name for name, (one, other) in pairs.items() if one != other))

    def exit_code(self, fail_on: str) -> int:
        """3 where this machine could not do it; 1 for a run that failed and for findings; else 0."""
        codes = [leg.trial.exit_code("never") for leg in self.legs]
        return max([*codes, int(self.second is None), int(fails(self.findings, fail_on))])


def check_portability(
    first: Course, second: Course, prefixes: Prefixes, sail: Sail, *, thorough: bool = False
) -> Portability:
    """Two runs compared; a third, if `thorough`, where something differs that may do so in any run.

    A pipeline that does not come through under the first prefix is not run under the second: there is
    nothing yet to move.
    """
    _require_parameter(first.wishes)
    _require_fresh(first.parts, prefixes)
    one = _sailed(first.under(prefixes.first), sail)
    if not one.succeeded:
        return Portability(one, findings=one.trial.findings)
    try:
        other = _sailed(second.under(prefixes.second), sail)
    except DefinitionError as refused:
        return _refused_there(first.parts, one, refused, prefixes)
    here, there = _voyage(first, one), _voyage(second, other)
    contents = StoredContents(lambda: first.parts.running_store)
    found = compared(here, there, contents)
    like_first = None
    if thorough and found.doubtful:
        like_first = _sailed(first.under(prefixes.like_first), sail)
        if like_first.succeeded:  # what did not come through proves nothing
            found = compared(here, there, contents, _voyage(first, like_first))
    execution_id = other.trial.record.execution_id
    second.parts.records.add_findings(execution_id, found.findings)
    other = replace(other, trial=trial.recorded(second.parts, execution_id))
    return Portability(one, other, like_first, found, _all_findings(one.trial, other.trial))


def chosen_prefixes(parts: Parts, given: Sequence[str]) -> Prefixes:
    """Those that are given; else fresh ones in two buckets and of two depths, so that both can matter."""
    ids = iter(RandomIds().execution_id, "")
    fresh = next(each for each in ids if is_telling(each))
    bucket = parts.settings.bucket
    defaults = (
        f"s3://{bucket}/portability/{fresh}/a",
        f"s3://{bucket[:_BUCKET_ROOM]}-elsewhere/{fresh}/deep/er/b",
    )
    first, second = (*(each.rstrip("/") for each in given), *defaults[len(given) :])
    like_first = f"s3://{bucket}/portability/{fresh}/c" if not given else f"{first}-again"
    return Prefixes(first, second, like_first)


def _sailed(course: Course, sail: Sail) -> Leg:
    settings = course.parts.settings
    return Leg(sail(course.parts, course.wishes), settings.account_id, settings.region)


def _require_parameter(wishes: Wishes) -> None:
    definition = parse(wishes.definition_text, source=wishes.source)
    if definition.parameter(PREFIX_PARAMETER) is None:
        raise RefusedError(
            f"the pipeline has no parameter {PREFIX_PARAMETER}: every run of it writes to the same places",
            slug="prefix-without-parameter",
            where=wishes.source,
            hint=f"declare the String parameter {PREFIX_PARAMETER}, and begin each output's location with "
            f'it: Join(on="/", values=[{PREFIX_PARAMETER}, …])',
        )
    if PREFIX_PARAMETER in wishes.parameters:
        raise RefusedError(
            f"two prefixes are needed, and {PREFIX_PARAMETER} is one",
            slug="two-prefixes",
            where=PREFIX_PARAMETER,
            hint="leave it out for fresh ones, or name both: --prefix s3://… --prefix s3://…",
        )


def _require_fresh(parts: Parts, prefixes: Prefixes) -> None:
    """What lies there already would be taken for what the runs wrote."""
    if relation(prefixes.first, prefixes.second) is not None:
        raise RefusedError(
            f"{prefixes.first} and {prefixes.second} do not lie apart",
            slug="prefixes-overlap",
            where="--prefix",
            hint="name two prefixes of which none is within the other, best in two buckets",
        )
    store = parts.running_store
    for prefix in (prefixes.first, prefixes.second):
        place = _parsed(prefix)
        if store is not None and next(iter(store.list_objects(place.child("/"))), None) is not None:
            raise RefusedError(
                f"something lies under {prefix} already",
                slug="prefix-not-fresh",
                where=prefix,
                hint="name a prefix that holds nothing, or leave --prefix out for fresh ones",
            )


def _parsed(prefix: str) -> S3Uri:
    try:
        return S3Uri.parse(prefix)
    except ValueError as error:
        raise RefusedError(
            f"the prefix is {error}",
            slug="invalid-prefix",
            where="--prefix",
            hint="write --prefix s3://bucket/folder",
        ) from error


def _voyage(course: Course, leg: Leg) -> Voyage:
    record = leg.trial.record
    logs = logs_of(course.parts, record)
    flow = trial.look(course.parts, record.execution_id).flow
    side = side_of_record(course.parts, record)
    return Voyage(flow, side, leg.account_id, leg.region, lambda step: _log(logs.get(step)))


def _log(path: Path | None) -> bytes:
    if path is None:
        return b""
    with path.open("rb") as stream:
        return stream.read(_LONGEST_LOG)


def _refused_there(parts: Parts, one: Leg, refused: DefinitionError, prefixes: Prefixes) -> Portability:
    """The definition that ran under the first prefix cannot be run under the second at all."""
    found = finding(
        "ST143",
        f"the pipeline ran under the first prefix, and is refused under the second: {refused.message}",
        where=prefixes.second,
        expected=f"it runs, as under {prefixes.first}",
        observed="; ".join(each.message for each in refused.findings),
    )
    execution_id = one.trial.record.execution_id
    parts.records.add_findings(execution_id, (found,))
    return Portability(
        replace(one, trial=trial.recorded(parts, execution_id)),
        findings=(*trial.recorded(parts, execution_id).findings, *refused.findings),
    )


def _all_findings(first: Trial, second: Trial) -> tuple[Finding, ...]:
    """The second run's, and of the first's what the second does not repeat."""
    known = {(each.code, each.step, each.message) for each in second.findings}
    own = (each for each in first.findings if (each.code, each.step, each.message) not in known)
    return (*second.findings, *own)
