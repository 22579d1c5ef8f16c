"""Which places must not turn up in the second run: the first prefix, halves of it, the default's value."""

from __future__ import annotations

from collections.abc import Iterator

from seatrial.dataflow.external_inputs import external_inputs
from seatrial.dataflow.flow import PREFIX_PARAMETER
from seatrial.dataflow.places import relation
from seatrial.dataflow.portability.needles import Needle, is_telling
from seatrial.dataflow.portability.searching import Search
from seatrial.dataflow.portability.voyage import Voyage
from seatrial.ports.storage import S3Uri


def of_the_first_run(first: Voyage, second: Voyage) -> Search:
    """The first prefix, and one prefix's bucket with the other's key, which nobody was told of."""
    one, other = first.prefix, second.prefix
    by_key = is_telling(one.key) and one.key not in other.key
    needles = [Needle("the first prefix", one, by_key)]
    mixed = {
        "the first run's bucket with the second's key": S3Uri(one.bucket, other.key),
        "the second run's bucket with the first's key": S3Uri(other.bucket, one.key),
    }
    for what, place in mixed.items():
        if place.key and not any(relation(str(place), str(told)) for told in (one, other)):
            needles.append(Needle(what, place))
    return Search(tuple(needles))


def of_the_default(first: Voyage, second: Voyage) -> Search:
    """What the definition has for a prefix where nobody gives one: each run was given another.

    The data that the pipeline expects in S3 may well lie there.
    """
    flow = second.flow
    expected = external_inputs(flow.definition, flow.record.parameters)
    exempt = tuple(found.text for found in expected)
    needles = tuple(
        Needle(f"the default of {PREFIX_PARAMETER}", place, exempt=exempt)
        for place in _default(second)
        if not any(relation(str(place), str(told.prefix)) for told in (first, second))
    )
    return Search(needles)


def _default(voyage: Voyage) -> Iterator[S3Uri]:
    parameter = voyage.flow.definition.parameter(PREFIX_PARAMETER)
    default = parameter.default if parameter else None
    if isinstance(default, str) and default.startswith("s3://"):
        bucket, _, key = default.removeprefix("s3://").rstrip("/").partition("/")
        if bucket and key:  # a whole bucket is where much else lies
            yield S3Uri(bucket, key)
