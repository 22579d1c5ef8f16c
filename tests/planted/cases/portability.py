"""Faults that one run does not show: it takes a second one under another prefix."""

from __future__ import annotations

from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.portability import Course, Prefixes, check_portability
from seatrial.app.trial import Trial
from seatrial.app.wishes import Wishes
from seatrial.definition import PipelineDefinition
from seatrial.execution import Control
from seatrial.ports.findings import Finding
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing
from tests.planted.case import Planted, written_by
from tests.planted.sea import Sea


def _moved(sea: Sea, definition: PipelineDefinition, prefix: str) -> tuple[Finding, ...]:
    """What is found of two runs, the second in another bucket and deeper; a third where files differ.

    The faulty definitions know the first run's prefix by heart.
    """
    course = Course(sea.parts(step_cache=False), Wishes("Planted", definition.text, definition.source))
    elsewhere = prefix.replace("s3://planted/", "s3://planted-elsewhere/deeper/")
    places = Prefixes(prefix, f"{elsewhere}/still", f"{prefix}-again")
    return check_portability(course, course, places, _sail, thorough=True).findings


def _sail(parts: Parts, wishes: Wishes) -> Trial:
    return trial.run(parts, wishes, Control(), lambda record, definition: lambda event: None)


def _writing(script: str, **more: object) -> PipelineDefinition:
    """One step with the output `out`, that is told its prefix."""
    return pipeline(
        processing(
            "Write",
            image="python",
            script=f"import os,json;p=os.environ['PREFIX'];o='/opt/ml/processing/out/';{script}",
            outputs={"out": join(PREFIX, "out")},
            environment={"PREFIX": PREFIX, **more},
        )
    )


def _read_literally(location: object) -> PipelineDefinition:
    """Write leaves a table, and Read reads it where `location` says."""
    return pipeline(
        processing(
            "Write",
            image="python",
            script=written_by({"out/a.csv": "1\n"}),
            outputs={"out": join(PREFIX, "out")},
        ),
        processing(
            "Read",
            inputs={"table": location},
            image="python",
            script=written_by({"seen/b.csv": "2\n"}),
            outputs={"seen": join(PREFIX, "seen")},
            depends_on=("Write",),
        ),
    )


CASES = (
    Planted(
        code="ST140",
        name="named-by-depth",
        fault="Write names its file by the depth of its prefix.",
        faulty=lambda: _writing("open(o+f'part-{p.count(chr(47))}.csv','w').write('1')"),
        sound=lambda: _writing("open(o+'part-0.csv','w').write('1')"),
        judge=_moved,
    ),
    Planted(
        code="ST141",
        name="seeded-by-the-prefix",
        fault="Write seeds its sample with the depth of its prefix.",
        faulty=lambda: _writing("open(o+'sample.csv','w').write(str(p.count(chr(47))*7919))"),
        sound=lambda: _writing("open(o+'sample.csv','w').write('7919')"),
        judge=_moved,
    ),
    Planted(
        code="ST142",
        name="frozen-variable",
        fault="An f-string froze the first prefix into a variable of Write.",
        faulty=lambda: _writing(
            "open(o+'a.csv','w').write('1')", OUT="s3://planted/st142-frozen-variable/faulty/metrics"
        ),
        sound=lambda: _writing("open(o+'a.csv','w').write('1')", OUT=join(PREFIX, "metrics")),
        also=frozenset({"ST125"}),
        judge=_moved,
    ),
    Planted(
        code="ST142",
        name="named-in-json",
        fault="Write leaves a JSON file with the absolute place of the first run's data.",
        faulty=lambda: _writing(
            "json.dump({'data':{'uri':'s3://planted/st142-named-in-json/'+'faulty/out'}},open(o+'a.json','w'))"
        ),
        sound=lambda: _writing("json.dump({'data':{'uri':p+'/out'}},open(o+'a.json','w'))"),
        judge=_moved,
    ),
    Planted(
        code="ST142",
        name="read-from-the-first",
        fault="Read has the first run's output as its input, as literal text.",
        faulty=lambda: _read_literally("s3://planted/st142-read-from-the-first/faulty/out"),
        sound=lambda: _read_literally(output_of("Write", "out")),
        also=frozenset({"ST126"}),
        judge=_moved,
    ),
    Planted(
        code="ST143",
        name="bucket-taken-for-granted",
        fault="Write goes on only in the bucket that it knows.",
        faulty=lambda: _writing("assert p.startswith('s3://planted/'),p;open(o+'a.csv','w').write('1')"),
        sound=lambda: _writing("assert p.startswith('s3://'),p;open(o+'a.csv','w').write('1')"),
        judge=_moved,
    ),
)
