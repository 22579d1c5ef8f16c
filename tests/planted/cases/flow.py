"""Faults of the flow itself: declared against written and read."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seatrial.dataflow import judge
from seatrial.definition import PipelineDefinition
from seatrial.ports.executions import StepRecord
from seatrial.ports.findings import Finding
from tests.adapters.pipelines import PREFIX, Json, join, output_of, pipeline, processing
from tests.planted.case import Planted, written_by

if TYPE_CHECKING:
    from tests.planted.sea import Sea

# `list/manifest` names one object of what Preprocess writes, beneath the prefix that is handed over.
LIST = (
    "import sys,json;f=open('/opt/ml/processing/list/manifest','w');"
    "json.dump([{'prefix':sys.argv[1]+'/train/'},'a.csv'],f)"
)


def _step(name: str, files: dict[str, str], outputs: dict[str, Json], **more: Json) -> dict[str, Json]:
    """A step that opens its inputs, and writes the files."""
    return processing(name, image="python", script=written_by(files), outputs=outputs, **more)


def _preprocess(location: Json = None, files: dict[str, str] | None = None, **more: Json) -> dict[str, Json]:
    """Preprocess writes its output `train` to a location."""
    place = join(PREFIX, "train") if location is None else location
    return _step("Preprocess", files or {"train/a.csv": "1,2\n"}, {"train": place}, **more)


def _reader(location: Json, **more: Json) -> dict[str, Json]:
    """Score reads what lies at a location."""
    scores = {"scores": join(PREFIX, "scores")}
    return _step("Score", {"scores/s.csv": "0.5\n"}, scores, inputs={"train": location}, **more)


def _validation(folder: str) -> PipelineDefinition:
    """Preprocess declares two outputs, and writes to one folder and another."""
    outputs = {"train": join(PREFIX, "train"), "validation": join(PREFIX, "validation")}
    return pipeline(
        _step("Preprocess", {"train/a.csv": "1,2\n", f"{folder}/b.csv": "3,4\n"}, outputs),
        _step(
            "Score",
            {"scores/s.csv": "0.5\n"},
            {"scores": join(PREFIX, "scores")},
            inputs={"train": output_of("Preprocess", "train")},
        ),
    )


def _empty(files: dict[str, str]) -> PipelineDefinition:
    """Score reads Preprocess's output, whatever that wrote."""
    return pipeline(_preprocess(files=files), _reader(output_of("Preprocess", "train")))


def _two_outputs(first: str, second: str) -> PipelineDefinition:
    """Two steps, one after the other, each with an output of its own file."""
    return pipeline(
        _preprocess(join(PREFIX, *first.split("/"))),
        _step(
            "Report",
            {"report/r.json": "{}"},
            {"report": join(PREFIX, *second.split("/"))},
            depends_on=("Preprocess",),
        ),
    )


def _report(file: str, text: str) -> PipelineDefinition:
    """Evaluate has a property file in its output."""
    return pipeline(
        _step(
            "Evaluate",
            {f"report/{file}": text},
            {"report": join(PREFIX, "report")},
            property_files={"Evaluation": ("report", "evaluation.json")},
        )
    )


def _neighbours(other: str) -> PipelineDefinition:
    """Score reads `train`, beside which Preprocess writes something else first."""
    return pipeline(
        _step(
            "Preprocess",
            {"train/a.csv": "1,2\n", "raw/b.csv": "3\n"},
            {"train": join(PREFIX, "train"), "raw": join(PREFIX, other)},
        ),
        _reader(output_of("Preprocess", "train")),
    )


def _listed(depends_on: tuple[str, ...]) -> PipelineDefinition:
    """Score reads what a manifest names, which a step wrote that knows where Preprocess writes."""
    manifest = join(output_of("List", "list"), "manifest")
    score = _reader(manifest, depends_on=depends_on)
    score["Arguments"]["ProcessingInputs"][0]["S3Input"]["S3DataType"] = "ManifestFile"
    listing = processing(
        "List",
        image="python",
        script=LIST,
        outputs={"list": join(PREFIX, "list")},
        arguments=[PREFIX],
    )
    return pipeline(_preprocess(), listing, score)


def _without_a_word(sea: Sea, definition: PipelineDefinition, prefix: str) -> tuple[Finding, ...]:
    """A run by an engine that tells nothing of outputs called `report`: none of ours is like that."""
    flow = sea.run(sea.parts(), definition, prefix).flow
    record = replace(flow.record, steps=tuple(map(_forgetful, flow.record.steps)))
    return tuple(judge(replace(flow, record=record)))


def _forgetful(step: StepRecord) -> StepRecord:
    assert step.result is not None
    told = tuple(receipt for receipt in step.result.outputs if receipt.name != "report")
    return replace(step, result=replace(step.result, outputs=told))


def _with_output(name: str) -> PipelineDefinition:
    """Preprocess has one more output."""
    outputs = {"train": join(PREFIX, "train"), name: join(PREFIX, "more")}
    return pipeline(_step("Preprocess", {"train/a.csv": "1,2\n", f"{name}/b.csv": "3\n"}, outputs))


def _cached() -> PipelineDefinition:
    """Preprocess is cached, and reads what lies in the store."""
    cache = {"Enabled": True, "ExpireAfter": "P1D"}
    raw = "s3://planted/st115-data-changed/raw/"
    return pipeline(_preprocess(inputs={"raw": raw}, CacheConfig=cache))


def _twice(after: str) -> Any:
    """A judge that runs the pipeline, puts this content where it reads, and runs it again."""

    def judge(sea: Sea, definition: PipelineDefinition, prefix: str) -> tuple[Finding, ...]:
        parts = sea.parts(step_cache=True)
        place = "s3://planted/st115-data-changed/raw/a.csv"
        sea.put(parts, {place: b"1,2\n"}, prefix)
        first = sea.run(parts, definition, prefix)
        sea.put(parts, {place: after.encode()}, prefix)
        return (*first.findings, *sea.run(parts, definition, prefix).findings)

    return judge


CASES = (
    Planted(
        code="ST101",
        name="declared-not-written",
        fault="Preprocess declares `validation` and writes to a folder beside it.",
        faulty=lambda: _validation("val"),
        sound=lambda: _validation("validation"),
        also=frozenset({"ST112"}),
    ),
    Planted(
        code="ST102",
        name="no-trace",
        fault="Preprocess declares `report`, and the engine tells nothing of it.",
        faulty=lambda: _with_output("report"),
        sound=lambda: _with_output("metrics"),
        judge=_without_a_word,
    ),
    Planted(
        code="ST103",
        name="file-not-written",
        fault="Score reads one file of Preprocess's output, by a name that it does not have.",
        faulty=lambda: pipeline(_preprocess(), _reader(join(output_of("Preprocess", "train"), "b.csv"))),
        sound=lambda: pipeline(_preprocess(), _reader(join(output_of("Preprocess", "train"), "a.csv"))),
    ),
    Planted(
        code="ST103",
        name="upstream-wrote-nothing",
        fault="Score reads an output that Preprocess left empty.",
        faulty=lambda: _empty({"other.csv": "1\n"}),
        sound=lambda: _empty({"train/other.csv": "1\n"}),
        also=frozenset({"ST101", "ST112"}),
    ),
    Planted(
        code="ST104",
        name="outside-the-prefix",
        fault="Preprocess writes to a bucket of its own, whatever EXECUTION_S3_PREFIX is.",
        faulty=lambda: pipeline(_preprocess("s3://planted-elsewhere/train")),
        sound=lambda: pipeline(_preprocess()),
    ),
    Planted(
        code="ST105",
        name="prefix-as-text",
        fault="The location of `train` repeats the prefix's value of today as text.",
        faulty=lambda: pipeline(_preprocess("s3://planted/st105-prefix-as-text/faulty/train")),
        sound=lambda: pipeline(_preprocess()),
    ),
    Planted(
        code="ST106",
        name="one-prefix-for-two",
        fault="Preprocess and Report both write to `{prefix}/data`.",
        faulty=lambda: _two_outputs("data", "data"),
        sound=lambda: _two_outputs("data", "report"),
    ),
    Planted(
        code="ST107",
        name="one-inside-the-other",
        fault="Report writes to `{prefix}/data/report`, inside what Preprocess writes to.",
        faulty=lambda: _two_outputs("data", "data/report"),
        sound=lambda: _two_outputs("data", "report"),
    ),
    Planted(
        code="ST108",
        name="leftovers",
        fault="An object of an earlier run lies where Preprocess writes.",
        faulty=lambda: pipeline(_preprocess(join(PREFIX, "train"))),
        sound=lambda: pipeline(_preprocess(join(PREFIX, "fresh"))),
        objects={"{prefix}/train/part-7.csv": b"9,9\n"},
    ),
    Planted(
        code="ST109",
        name="read-without-an-edge",
        fault="Score names the place that Preprocess writes to, and does not wait for it.",
        faulty=lambda: pipeline(_preprocess(), _reader(join(PREFIX, "train"))),
        sound=lambda: pipeline(_preprocess(), _reader(output_of("Preprocess", "train"))),
        settings={"jobs": 1},
    ),
    Planted(
        code="ST109",
        name="read-by-manifest-without-an-edge",
        fault="A manifest leads Score to what Preprocess wrote; Score waits for the manifest's writer alone.",
        faulty=lambda: _listed(()),
        sound=lambda: _listed(("Preprocess",)),
        settings={"jobs": 1},
    ),
    Planted(
        code="ST110",
        name="property-file-missing",
        fault="The property file names `evaluation.json`, and Evaluate writes `metrics.json`.",
        faulty=lambda: _report("metrics.json", "{}"),
        sound=lambda: _report("evaluation.json", "{}"),
    ),
    Planted(
        code="ST111",
        name="property-file-not-json",
        fault="Evaluate writes `evaluation.json` in Python's words, not in JSON's.",
        faulty=lambda: _report("evaluation.json", "{'auc': 0.9}"),
        sound=lambda: _report("evaluation.json", '{"auc": 0.9}'),
    ),
    Planted(
        code="ST112",
        name="written-not-declared",
        fault="Preprocess writes a report where no output covers it.",
        faulty=lambda: pipeline(_preprocess(files={"train/a.csv": "1\n", "report.html": "<p>"})),
        sound=lambda: pipeline(_preprocess(files={"train/a.csv": "1\n", "train/report.html": "<p>"})),
    ),
    Planted(
        code="ST113",
        name="neighbour-read-along",
        fault="Beside `{prefix}/train`, which Score reads, Preprocess writes `{prefix}/train_raw`.",
        faulty=lambda: _neighbours("train_raw"),
        sound=lambda: _neighbours("raw"),
    ),
    Planted(
        code="ST114",
        name="two-slashes",
        fault="The location of `train` has two slashes in a row.",
        faulty=lambda: pipeline(_preprocess(join(PREFIX, "", "train"))),
        sound=lambda: pipeline(_preprocess(join(PREFIX, "train"))),
    ),
    Planted(
        code="ST115",
        name="data-changed",
        fault="What the cached step reads is changed between two runs.",
        faulty=_cached,
        sound=lambda: pipeline(_preprocess()),
        judge=_twice("5,6\n"),
    ),
)
