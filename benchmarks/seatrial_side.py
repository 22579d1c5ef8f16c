"""seatrial's side, in a process of its own: tasks come on stdin, a line of JSON each, answers go to stdout.

One process serves the whole bench, so imports and first connections are paid before anything is timed.
"""

from __future__ import annotations

import sys
import time
from functools import cache
from pathlib import Path

from benchmarks.protocol import Answer, Hello, Task
from seatrial.app import trial
from seatrial.app.parts import Parts
from seatrial.app.wishes import Wishes
from seatrial.definition import PipelineDefinition
from seatrial.execution import Control
from seatrial.ports.executions import EventListener, ExecutionRecord, ExecutionStatus
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.settings import Settings
from seatrial.settings.observation import ObservationSettings


def main() -> None:
    """Greet, then work until stdin ends."""
    hello = Hello.model_validate_json(sys.stdin.readline())

    @cache
    def parts(jobs: int, observed: bool) -> Parts:
        folder = Path(hello.folder)
        settings = Settings(
            state_dir=folder / "state",
            cache_dir=folder / "cache",
            jobs=jobs,
            observation=ObservationSettings(calls=observed, files=observed),
        )
        return Parts(settings, _say, address=_address(hello))

    print(Answer(seconds=0).model_dump_json(), flush=True)
    for line in sys.stdin:
        task = Task.model_validate_json(line)
        print(perform(parts(task.jobs, task.observed), task).model_dump_json(), flush=True)


def perform(parts: Parts, task: Task) -> Answer:
    """One execution from a definition's text to its judged data flow, as `seatrial run` does it."""
    wishes = Wishes(task.work.name, task.work.definition(), "bench", prefix=task.work.prefix)
    began = time.perf_counter()
    ended = trial.run(parts, wishes, Control(), _unheard)
    seconds = time.perf_counter() - began
    if ended.record.status is not ExecutionStatus.SUCCEEDED:
        failures = [step.failure_reason for step in ended.record.steps if step.failure_reason]
        return Answer(seconds=seconds, trouble="; ".join(failures) or ended.record.status.value)
    steps = {
        step.name: dict(step.result.seconds) if step.result and step.result.seconds else {}
        for step in ended.record.steps
    }
    return Answer(seconds=seconds, steps=steps)


def _address(hello: Hello) -> StoreAddress:
    return StoreAddress(
        endpoint_url=hello.endpoint_url,
        container_endpoint_url=hello.container_endpoint_url,
        network=hello.network,
        credentials=Credentials(hello.access_key, hello.secret_key),
        hosts=hello.hosts,
    )


def _unheard(_record: ExecutionRecord, _definition: PipelineDefinition) -> EventListener:
    return lambda _event: None


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
