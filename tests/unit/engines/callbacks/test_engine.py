"""One message: to whom it goes, whose answer counts, and how the wait ends."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from seatrial.engines.callbacks import CallbacksEngine, Parts, rule_for
from seatrial.ports.callbacks import Answer
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.records import Records
from seatrial.settings import CallbackSettings
from tests.adapters.clock import StillClock
from tests.unit.engines.native.requests import Heard
from tests.unit.records.values import an_execution

TOKEN = "aB3dE5fG7h"
QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/ask"
OUTPUTS = [{"OutputName": "rows", "OutputType": "Integer"}]


class Bench:
    """An engine over records of its own; `said` is what people were told."""

    def __init__(self, folder: Path, records: Records) -> None:
        self.folder, self.records = folder, records
        self.said: list[str] = []
        self.heard = Heard()
        records.create(an_execution())
        self.callback = records.callbacks.send(
            an_execution().execution_id, "Ask", TOKEN, QUEUE, {"n": 1}, OUTPUTS
        )

    def engine(self, **rule: Any) -> CallbacksEngine:
        rules = {"Ask": CallbackSettings(**rule)} if rule else {}
        return CallbacksEngine(Parts(lambda: self.records.callbacks, rules, self.said.append), StillClock())

    @property
    def request(self) -> JobRequest:
        parameters = {
            "CallbackToken": TOKEN,
            "SqsQueueUrl": QUEUE,
            "Message": self.callback.message(),
            "DeclaredOutputs": OUTPUTS,
        }
        execution_id = an_execution().execution_id
        return JobRequest(
            "Callback", "job-1", "arn:job", parameters, execution_id, "Ask", 1, self.folder / "attempt"
        )

    def ask(self, **rule: Any) -> JobResult:
        return self.engine(**rule).run(self.request, self.heard)

    def ask_aside(self, engine: CallbacksEngine) -> Callable[[], JobResult]:
        """In a thread; the answer waits for its end."""
        results: list[JobResult] = []
        thread = threading.Thread(target=lambda: results.append(engine.run(self.request, self.heard)))
        thread.start()
        self.wait_for(lambda: bool(self.said or self.log))

        def wait() -> JobResult:
            thread.join(10)
            return results[0]

        return wait

    def wait_for(self, reached: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 10
        while not reached():
            assert time.monotonic() < deadline
            time.sleep(0.01)

    def answer(self, **given: Any) -> None:
        self.records.callbacks.answer(TOKEN, Answer(**given))

    @property
    def log(self) -> str:
        log = self.folder / "attempt" / "log.txt"
        return log.read_text() if log.exists() else ""


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with Records(tmp_path / "state" / "state.db", StillClock(tick=1)) as records:
        yield Bench(tmp_path, records)


def program(folder: Path, text: str) -> list[str]:
    (folder / "answer.py").write_text(text)
    return [sys.executable, "-I", str(folder / "answer.py")]


def test_without_settings_people_are_told_what_to_type_and_their_answer_counts(bench: Bench) -> None:
    wait = bench.ask_aside(bench.engine())
    assert bench.said == [f"Ask waits for an answer: seatrial callback success {TOKEN} rows=…"]
    bench.answer(outputs={"rows": 3})
    described = wait().describe
    assert described["CallbackJobStatus"] == "Completed"
    assert described["OutputParameters"] == {"rows": 3}
    assert (described["CallbackToken"], described["SqsQueueUrl"]) == (TOKEN, QUEUE)
    assert '"status": "Executing"' in bench.log
    assert 'answer: {"rows": 3}' in bench.log


def test_a_failure_has_its_reason_to_the_letter(bench: Bench) -> None:
    bench.answer(failure_reason="the data are too old")
    described = bench.ask().describe
    assert (described["CallbackJobStatus"], described["FailureReason"]) == ("Failed", "the data are too old")


def test_an_answer_that_came_while_nobody_waited_is_taken_and_nothing_is_sent(bench: Bench) -> None:
    bench.answer(outputs={"rows": 3})
    assert bench.ask(command="false").describe["OutputParameters"] == {"rows": 3}
    assert bench.said == []


def test_a_command_gets_the_message_and_what_it_prints_is_the_answer(bench: Bench, tmp_path: Path) -> None:
    text = "import json, sys\nm = json.load(sys.stdin)\nprint('hm', file=sys.stderr)\n"
    text += "print(json.dumps({'rows': m['arguments']['n'] + 1, 'more': m['token']}))\n"
    described = bench.ask(command=program(tmp_path, text)).describe
    assert described["OutputParameters"] == {"rows": 2}
    assert "hm" in bench.log
    assert bench.said == []
    assert bench.records.callbacks.find(TOKEN).answer == Answer({"rows": 2})


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import sys\nprint('first', file=sys.stderr)\nsys.exit('too old')", "too old"),
        ("import sys\nsys.exit(7)", "the command ended with exit code 7"),
        ("print('hello')", "what the command printed is not JSON"),
        ("print('{}')", "the answer has no value for rows; it has nothing"),
        ("print('[1]')", "the answer is a list"),
        ('print(\'{"rows": "many"}\')', "output rows is declared Integer"),
    ],
)
def test_a_command_that_gives_no_answer_fails_the_step(
    bench: Bench, tmp_path: Path, text: str, reason: str
) -> None:
    described = bench.ask(command=program(tmp_path, text)).describe
    assert described["CallbackJobStatus"] == "Failed"
    assert described["FailureReason"].startswith(reason)


def test_a_command_that_is_not_there_fails_the_step(bench: Bench) -> None:
    assert "cannot be started" in bench.ask(command="/absent/command").describe["FailureReason"]


def test_a_hook_is_called_in_a_process_of_its_own(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.py").write_text(
        "def ask(message):\n    print('asked')\n    return {'rows': message['arguments']['n']}\n"
        "def no(message):\n    raise ValueError('too old')\n"
    )
    assert bench.ask(hook="answers:ask").describe["OutputParameters"] == {"rows": 1}
    assert "asked" in bench.log


def test_what_a_hook_raises_is_the_reason(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "answers.py").write_text("def no(message):\n    raise ValueError('too old')\n")
    assert bench.ask(hook="answers:no").describe["FailureReason"] == "ValueError: too old"


def test_what_programs_of_a_hook_print_is_in_the_log_and_not_in_the_answer(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asks.py").write_text(
        "import subprocess\n"
        "def ask(message):\n    subprocess.run(['echo', 'its child'])\n    return {'rows': 1}\n"
    )
    assert bench.ask(hook="asks:ask").describe.get("OutputParameters") == {"rows": 1}
    assert "its child" in bench.log


@pytest.mark.parametrize("leaving", ["sys.exit()", "os._exit(0)"])
def test_a_hook_that_ends_its_process_has_answered_nothing(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leaving: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "leaves.py").write_text(f"import os, sys\ndef ask(message):\n    {leaving}\n")
    described = bench.ask(hook="leaves:ask").describe
    assert described["CallbackJobStatus"] == "Failed"
    assert described["FailureReason"] == "the hook ended its process before it answered"


def test_an_answer_of_any_length_is_refused_with_a_reason(bench: Bench, tmp_path: Path) -> None:
    command = program(tmp_path, "print('[' * 2_000_000)")
    assert bench.ask(command=command).describe["FailureReason"] == (
        "the command printed more than 1048576 bytes"
    )


def test_an_answer_too_deep_to_read_is_refused_with_a_reason(bench: Bench, tmp_path: Path) -> None:
    reason = bench.ask(command=program(tmp_path, "print('[' * 200_000)")).describe["FailureReason"]
    assert reason.startswith("what the command printed is not JSON")


def test_nothing_but_the_log_is_left(bench: Bench, tmp_path: Path) -> None:
    bench.ask(command=program(tmp_path, "print('{\"rows\": 1}')"))
    assert [file.name for file in (tmp_path / "attempt").iterdir()] == ["log.txt"]


def test_what_we_say_of_a_stop_is_not_the_reason_of_a_command(bench: Bench, tmp_path: Path) -> None:
    text = (
        "import pathlib, sys, time\nprint('no rows', file=sys.stderr, flush=True)\n"
        "while not pathlib.Path(__file__).with_name('on').exists(): time.sleep(0.05)\nsys.exit(1)"
    )
    engine = bench.engine(command=program(tmp_path, text))
    wait = bench.ask_aside(engine)
    bench.wait_for(lambda: "no rows" in bench.log)
    engine.stop("job-1")
    bench.wait_for(lambda: "is being stopped" in bench.log)
    (tmp_path / "on").touch()
    assert wait().describe["FailureReason"] == "no rows"
    assert bench.said == ["the execution stops when Ask is answered; a second Ctrl-C waits no longer"]


def test_a_failure_without_a_reason_is_not_logged_as_an_answer(bench: Bench) -> None:
    bench.answer(failure_reason="")
    assert bench.ask().describe["CallbackJobStatus"] == "Failed"
    assert "answer: failure\n" in bench.log


def test_a_message_of_odd_characters_is_sent_and_logged(bench: Bench, tmp_path: Path) -> None:
    records = bench.records.callbacks
    sent = records.send(an_execution().execution_id, "Odd", "bbbbbbbbbb", QUEUE, {"n": "\ud800"}, OUTPUTS)
    parameters = {**bench.request.parameters, "CallbackToken": sent.token}
    command = program(tmp_path, "print('{\"rows\": 1}')")
    described = bench.engine(command=command).run(replace(bench.request, parameters=parameters), bench.heard)
    assert described.describe["OutputParameters"] == {"rows": 1}
    assert "\\ud800" in bench.log


def test_the_first_of_two_messages_is_heard_after_the_second_was_sent(bench: Bench, tmp_path: Path) -> None:
    text = (
        "import json, pathlib, sys, time\nif json.load(sys.stdin)['status'] == 'Stopping': sys.exit()\n"
        "while not pathlib.Path(__file__).with_name('on').exists(): time.sleep(0.05)\n"
        "sys.exit('the queue is gone')"
    )
    engine = bench.engine(command=program(tmp_path, text), answer="later")
    wait = bench.ask_aside(engine)
    engine.stop("job-1")
    bench.wait_for(lambda: '"status": "Stopping"' in bench.log)
    (tmp_path / "on").touch()
    assert wait().describe["FailureReason"] == "the queue is gone"


def test_a_command_may_pass_the_message_on_and_somebody_answers_later(bench: Bench, tmp_path: Path) -> None:
    command = program(
        tmp_path, "import pathlib, sys\npathlib.Path(__file__).with_name('got').write_text(sys.stdin.read())"
    )
    wait = bench.ask_aside(bench.engine(command=command, answer="later"))
    bench.wait_for((tmp_path / "got").exists)
    bench.answer(outputs={"rows": 5})
    assert wait().describe["OutputParameters"] == {"rows": 5}


def test_one_that_cannot_pass_it_on_fails_the_step(bench: Bench) -> None:
    assert bench.ask(command="false", answer="later").describe["CallbackJobStatus"] == "Failed"


def test_a_stop_is_told_in_a_second_message_and_the_answer_is_waited_for(bench: Bench) -> None:
    engine = bench.engine()
    wait = bench.ask_aside(engine)
    engine.stop("job-1")
    bench.wait_for(lambda: '"status": "Stopping"' in bench.log)
    assert json.loads(bench.log.splitlines()[1].removeprefix("message: "))["token"] == TOKEN
    bench.answer(outputs={"rows": 3})
    assert wait().describe["CallbackJobStatus"] == "Completed"
    assert "a second Ctrl-C waits no longer" in bench.said[-1]


def test_a_release_ends_the_wait_and_the_command_and_keeps_the_message(bench: Bench, tmp_path: Path) -> None:
    engine = bench.engine(command=program(tmp_path, "import time\ntime.sleep(60)"))
    wait = bench.ask_aside(engine)
    engine.release("another")
    engine.release(an_execution().execution_id)
    assert wait().describe["CallbackJobStatus"] == "Stopped"
    assert bench.records.callbacks.waiting() == [bench.callback]


def test_after_a_release_its_command_has_ended(bench: Bench, tmp_path: Path) -> None:
    text = (
        "import pathlib, os, signal, time\n"
        "signal.signal(signal.SIGTERM, lambda *_: (time.sleep(0.5), os._exit(1)))\n"
        "pathlib.Path(__file__).with_name('pid').write_text(str(os.getpid()))\ntime.sleep(60)"
    )
    engine = bench.engine(command=program(tmp_path, text))
    wait = bench.ask_aside(engine)
    pid = tmp_path / "pid"
    bench.wait_for(lambda: pid.exists() and bool(pid.read_text()))
    engine.release(an_execution().execution_id)
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)
    wait()


def test_a_hook_ends_with_the_process_that_called_it(bench: Bench, tmp_path: Path) -> None:
    (tmp_path / "asleep.py").write_text(
        "import os, pathlib, time\ndef ask(message):\n"
        "    pathlib.Path('.pid').write_text(str(os.getpid()))\n"
        "    pathlib.Path('.pid').rename('pid')\n    time.sleep(60)\n"
    )
    (tmp_path / "log.txt").touch()
    call = (
        "import pathlib, time\nfrom seatrial.engines.callbacks.program import Program\n"
        "from seatrial.settings import CallbackSettings\n"
        "program = Program(CallbackSettings(hook='asleep:ask'), {}, pathlib.Path('log.txt'))\ntime.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", call], cwd=tmp_path) as caller:
        bench.wait_for((tmp_path / "pid").exists)
        caller.kill()
    hook = int((tmp_path / "pid").read_text())
    bench.wait_for(lambda: not _runs(hook))


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_time_out_is_an_answer_too(bench: Bench) -> None:
    assert bench.ask(timeout_seconds=0.1).describe["FailureReason"] == "no answer within 0.1 seconds"
    answer = bench.records.callbacks.find(TOKEN).answer
    assert answer is not None
    assert answer.failure_reason == "no answer within 0.1 seconds"


def test_the_first_rule_that_fits_the_step_or_its_queue_counts() -> None:
    rules = {
        "As*": CallbackSettings(command="one"),
        "*/ask": CallbackSettings(command="two"),
        "*": CallbackSettings(command="three"),
    }
    assert [
        rule_for(rules, *names).command for names in [("Ask", QUEUE), ("Load", QUEUE), ("Load", "q")]
    ] == [
        "one",
        "two",
        "three",
    ]
    assert rule_for({}, "Ask", QUEUE) == CallbackSettings()
