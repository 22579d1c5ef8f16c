"""The running execution: a table on a terminal, one line a change elsewhere."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from rich.console import Console

from seatrial.ports.executions import (
    CacheLookup,
    Event,
    EventKind,
    Reuse,
    ReuseKind,
    StepRecord,
    StepStatus,
)
from seatrial.ports.jobs import JobResult
from seatrial.records.values import changes, to_json
from seatrial.reports.live import LiveView, line_text, steps_table
from seatrial.reports.progress import StepLine, advanced
from seatrial.reports.tables import line_of
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training
from tests.adapters.simulated_run import simulate
from tests.unit.reports.rendering import drawn

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=timezone.utc)
LATER = NOON + timedelta(seconds=12)


def event(before: StepRecord | None, after: StepRecord, kind: EventKind = EventKind.STEP_CHANGED) -> Event:
    """The event as it is kept: the changed fields, as JSON has them."""
    detail: dict[str, Any] = json.loads(to_json(changes(before, after)))
    return Event("abc", 1, NOON, kind.value, after.name, detail)


def history() -> list[Event]:
    """A step that runs, reports progress, and ends well with data in and out."""
    flow = simulate(
        pipeline(
            processing("Prep", outputs={"train": join(PREFIX, "train")}),
            training("Train", {"train": output_of("Prep", "train")}),
        )
    )
    result = flow.record.steps[1].result
    states = [
        StepRecord("Train", "Training", StepStatus.STARTING, started_at=NOON),
        StepRecord("Train", "Training", StepStatus.EXECUTING, started_at=NOON, job_name="job"),
        StepRecord(
            "Train", "Training", StepStatus.EXECUTING, started_at=NOON, job_name="job", progress="Training"
        ),
        StepRecord("Train", "Training", StepStatus.SUCCEEDED, started_at=NOON, ended_at=LATER, result=result),
    ]
    kinds = [
        EventKind.STEP_CHANGED,
        EventKind.STEP_CHANGED,
        EventKind.STEP_PROGRESSED,
        EventKind.STEP_CHANGED,
    ]
    return [event(b, a, k) for b, a, k in zip([None, *states], states, kinds, strict=False)]


def test_a_line_follows_the_events_of_its_step() -> None:
    line = StepLine("Train", "Training")
    lines = [line := advanced(line, item) for item in history()]
    assert [item.status for item in lines] == [
        StepStatus.STARTING,
        StepStatus.EXECUTING,
        StepStatus.EXECUTING,
        StepStatus.SUCCEEDED,
    ]
    assert lines[2].progress == "Training"
    assert lines[2].seconds(NOON + timedelta(seconds=3)) == 3
    assert lines[-1].seconds(NOON + timedelta(hours=1)) == 12
    assert (lines[-1].bytes_in, lines[-1].progress) == (4, None)
    assert lines[-1].bytes_out


def test_a_step_that_waits_says_for_what_and_why() -> None:
    running = StepRecord("A", "Processing", StepStatus.EXECUTING, started_at=NOON)
    waiting = replace(
        running,
        status=StepStatus.STARTING,
        ended_at=LATER,
        failure_reason="Docker went away",
        progress="attempt 2 at 12:00:14 UTC",
        retry_at=LATER + timedelta(seconds=2),
    )
    line = advanced(advanced(StepLine("A", "Processing"), event(None, running)), event(running, waiting))
    assert line_text(line, LATER) == "A: Starting, 12.0 s, attempt 2 at 12:00:14 UTC, Docker went away"
    assert "attempt 2 at 12:00:14 UTC: Docker went away" in drawn(
        lambda console: console.print(steps_table([line], LATER))
    )


def test_a_step_that_ran_nothing_says_where_its_outcome_is_from() -> None:
    reuse = Reuse(ReuseKind.CACHE, "arn:aws:sagemaker:us-east-1:1:pipeline/P/execution/earlier00001")
    begun = StepRecord("A", "Processing", StepStatus.STARTING, started_at=NOON)
    taken = replace(begun, status=StepStatus.SUCCEEDED, ended_at=NOON, reuse=reuse)
    line = advanced(advanced(StepLine("A", "Processing"), event(None, begun)), event(begun, taken))
    assert line_text(line, LATER) == "A: Succeeded, 0.0 s, cached from execution earlier00001"
    over = replace(taken, reuse=replace(reuse, kind=ReuseKind.SELECTION))
    assert line_of(over).reused == "taken over from execution earlier00001"


def test_a_function_or_a_message_tells_of_no_data() -> None:
    done = StepRecord(
        "Ask",
        "Callback",
        StepStatus.SUCCEEDED,
        started_at=NOON,
        ended_at=LATER,
        result=JobResult(describe={}),
    )
    line = advanced(StepLine("Ask", "Callback"), event(None, done))
    assert line_text(line, LATER) == "Ask: Succeeded, 12.0 s"
    assert line_of(done) == line


def test_a_step_that_was_not_cached_says_why_when_it_begins() -> None:
    begun = StepRecord("A", "Processing", StepStatus.STARTING, started_at=NOON)
    running = replace(begun, status=StepStatus.EXECUTING, cache=CacheLookup(hit=False, reason="Rows differ"))
    ended = replace(running, status=StepStatus.SUCCEEDED, ended_at=LATER)
    line = advanced(advanced(StepLine("A", "Processing"), event(None, begun)), event(begun, running))
    assert line_text(line, LATER) == "A: Executing, not cached: Rows differ"
    assert line_text(advanced(line, event(running, ended)), LATER) == "A: Succeeded, 12.0 s"
    table = drawn(lambda console: console.print(steps_table([line_of(ended)], LATER)))
    assert "not cached: Rows differ" in table


def test_a_substituted_step_says_so_when_it_begins_and_for_as_long_as_it_is_shown() -> None:
    begun = StepRecord("A", "Training", StepStatus.STARTING, started_at=NOON, substitute="script mock.py")
    line = advanced(StepLine("A", "Training"), event(None, begun))
    assert line_text(line, NOON) == "A: Starting, substituted: script mock.py"
    ended = replace(begun, status=StepStatus.SUCCEEDED, ended_at=LATER)
    line = advanced(line, event(begun, ended))
    assert line_text(line, LATER) == "A: Succeeded, 12.0 s"
    table = drawn(lambda console: console.print(steps_table([line], LATER)))
    assert "substituted: script mock.py" in table
    again = replace(ended, status=StepStatus.STARTING, attempts=2, started_at=LATER, ended_at=None)
    line = advanced(line, event(ended, again))
    assert line_text(line, LATER) == "A: Starting, attempt 2, substituted: script mock.py"


def test_a_new_attempt_forgets_what_the_old_one_left() -> None:
    failed = StepLine("A", "Training", StepStatus.FAILED, 1, NOON, LATER, 5, 5, None, "AlgorithmError: ")
    again = StepRecord("A", "Training", StepStatus.STARTING, attempts=2, started_at=LATER)
    line = advanced(failed, event(None, again))
    assert (line.attempts, line.failure_reason, line.ended_at, line.bytes_out) == (2, None, None, None)


def test_a_step_that_began_in_another_process_has_no_time() -> None:
    """Its end is told when the execution goes on; when it began, nobody who listens has heard."""
    step = StepRecord("A", "Processing", status=StepStatus.EXECUTING, started_at=NOON)
    cut = replace(step, status=StepStatus.STOPPED, ended_at=LATER, failure_reason="it was cut short")
    line = advanced(StepLine("A", "Processing"), event(step, cut))
    assert line_text(line, LATER) == "A: Stopped, it was cut short"


def test_events_of_the_execution_change_no_line() -> None:
    line = StepLine("A", "Training")
    assert (
        advanced(line, Event("abc", 1, NOON, EventKind.EXECUTION_CHANGED.value, None, {"status": "Failed"}))
        == line
    )


def test_without_a_terminal_there_is_one_line_a_change_and_none_for_progress() -> None:
    def run(console: Console) -> None:
        with LiveView(console, [("Train", "Training")], lambda: LATER) as view:
            for item in history():
                view(item)

    first, second, last = drawn(run).splitlines()
    assert first == "Train: Starting"
    assert second == "Train: Executing"
    assert last.startswith("Train: Succeeded, 12.0 s, 4 B in, ")


def test_on_a_terminal_every_step_has_a_row_with_state_time_and_data() -> None:
    file = io.StringIO()
    console = Console(file=file, width=120, force_terminal=True, highlight=False)
    with LiveView(console, [("Prep", "Processing"), ("Train", "Training")], lambda: LATER) as view:
        for item in history():
            view(item)
    text = drawn(lambda plain: plain.print(view.render()))
    assert text.splitlines()[0].split() == ["STEP", "TYPE", "STATE", "TRY", "TIME", "IN", "OUT"]
    assert text.splitlines()[1].split() == ["Prep", "Processing", "waiting"]
    assert text.splitlines()[2].split()[:8] == ["Train", "Training", "Succeeded", "1", "12.0", "s", "4", "B"]
    assert "Train" in file.getvalue()


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    file = io.StringIO()
    console = Console(file=file, width=120, force_terminal=True)
    view = LiveView(console, [("Train", "Training")], lambda: LATER)
    for item in history():
        view(item)
    file.truncate(0)
    console.print(view.render())
    assert "\x1b[32m" not in file.getvalue()
    assert "Succeeded" in file.getvalue()


def test_what_a_container_said_is_shown_to_the_letter() -> None:
    line = StepLine(
        "A", "Training", StepStatus.FAILED, failure_reason="[red]no[/] \x1b[2Jscreen\nsecond line"
    )
    assert line_text(line, NOON).endswith("[red]no[/] \x1b[2Jscreen")
    view = LiveView(Console(file=io.StringIO()), [], lambda: NOON)
    step = StepRecord("A", "Training", StepStatus.FAILED, failure_reason=line.failure_reason)
    view(event(None, step))
    assert "[red]no[/] screen" in drawn(lambda console: console.print(view.render()))


def test_a_step_that_nobody_announced_gets_a_row() -> None:
    view = LiveView(Console(file=io.StringIO()), [], lambda: NOON)
    view(replace(history()[0], step="Surprise"))
    assert "Surprise" in drawn(lambda console: console.print(view.render()))
