"""Why a target was missed, in words around measured figures; shown only when it was.

`{chained.bare.start}` becomes the median of that series, so no figure is ever written by hand. A test asks
for an explanation of each target that the committed results miss.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from statistics import median

from benchmarks.figures import figure
from benchmarks.results import Results

_SERIES = re.compile(r"\{([a-z_.]+)(?::([^}]+))?\}")

EXPLANATIONS: Mapping[str, str] = {
    "chained-bare": """\
Of {chained.seatrial.step} a step, the container takes {chained.seatrial.container}, where a bare one takes
{chained.bare.total} ({chained.bare.create} to create, {chained.bare.start} to start, {chained.bare.wait} to
end, {chained.bare.remove} to remove). Staging in takes {chained.seatrial.stage_in}, staging out
{chained.seatrial.stage_out}; {chained.seatrial.rest} are the step's share of plan, records, registry and
checks.""",
    "chained-local": """\
A step of local mode takes {chained.local.step}, one of ours {chained.seatrial.step}, of which the container
is {chained.seatrial.container}: the engine's own time for one is {chained.bare.total}.""",
    "parallel-bare": """\
Eight containers by hand take {parallel.bare.whole}, the slowest of them {parallel.bare.slowest_start} to
start: the engine starts containers no faster when asked for many at once. Ours take
{parallel.seatrial.whole}.""",
    "large-parts": """\
The sum is {large.curl.down} down, {large.curl.up} up, {large.curl.disk} for a copy on disk and
{large.bare.total} for the container. Ours: {large.seatrial.stage_in} to stage in,
{large.seatrial.container} for the container, {large.seatrial.stage_out} to stage out, {large.seatrial.rest}
for the rest. What `curl` does not do is in the first and the third: comparing the MD5, and keeping the
content for the next step.""",
    "small-local": """\
Ours takes {small.seatrial.stage_in} to stage in, {small.seatrial.container} for the container,
{small.seatrial.stage_out} to stage out and {small.seatrial.rest} for the rest; local mode
{small.local.whole} for all of it. To know the parts by: one `curl` for all files takes {small.curl.down}
down and {small.curl.up} up, and the bare container {small.bare.total}.""",
    "second-large": """\
The first step stages in {second.large.first}, the second in {second.large.second}: it asks the store for
the listing, and puts what the cache holds where the container sees it. The faster the first is, the more
these weigh.""",
    "second-small": """\
The first step stages in {second.small.first}, the second in {second.small.second}: it asks the store for
the listing of every object, and puts each where the container sees it. The faster the first is, the more
these weigh.""",
    "start-help": """\
Python alone takes {start.python} to start, `import seatrial` {start.import} with it; `--help` takes
{start.help}.""",
    "start-heavy": "Something at the top of the package imports one of them.",
    "many-plan": """\
Planning takes {many.plan}. By themselves: parsing and checking {many.plan.check}, the registry of planned
outputs {many.plan.registry}, the data flow {many.plan.judge}, external inputs {many.plan.inputs}, settings
without effect {many.plan.settings}.""",
    "many-schedule": "A step takes {many.schedule.step:ms} from one commit to the next.",
    "many-memory": """\
500 steps take {many.memory.quarter:MiB}, 1000 {many.memory.half:MiB}, 2000 {many.memory.all:MiB}.""",
    "runner-bare": """\
The four calls take {runner.bare.total} ({runner.bare.start} of it the start), our runner {runner.ours}: the
difference is attaching to the output, opening the wait before the start, and looking at the container after
its end.""",
    "observation-chained": """\
An observed step takes {observation.chained.on}, one that is not {observation.chained.off}: a mark in the
store's trace before and after each container, and a watch on each folder of its inputs.""",
    "observation-small": """\
Observed it takes {observation.small.on}, else {observation.small.off}: the kernel tells of each file that is
opened, and we read that on the same cores.""",
}


def explanation(name: str, results: Results) -> str:
    """The text for a target, its figures filled in."""

    def value(found: re.Match[str]) -> str:
        measured = results.of(found[1])
        return figure(median(measured), found[2] or "s") if measured else "(not measured)"

    return _SERIES.sub(value, EXPLANATIONS[name])
