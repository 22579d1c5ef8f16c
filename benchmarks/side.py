"""A side's process as the bench holds it: started once, asked for one pipeline at a time."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.protocol import Answer, Hello, Task
from benchmarks.work import Work

_OF_THE_CALLER = ("AWS_", "SEATRIAL_", "SAGEMAKER_")
_LAST_LINES = 15


class Side:
    """One process; its own output goes to `log`."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self._process = process
        self._log = log

    def run(self, work: Work, jobs: int = 2, *, observed: bool = True) -> Answer:
        """Run the pipeline once; a failure ends the bench."""
        answer = self.ask(Task(work=work, jobs=jobs, observed=observed).model_dump_json())
        if answer.trouble:
            raise RuntimeError(f"{work.name} failed: {answer.trouble}\n{self._last_lines()}")
        return answer

    def ask(self, line: str) -> Answer:
        """Send one line, read one line."""
        sending, receiving = self._process.stdin, self._process.stdout
        if sending is None or receiving is None:
            raise RuntimeError("the process of a side was started without pipes")
        sending.write(line + "\n")
        sending.flush()
        answer = receiving.readline()
        if not answer:
            raise RuntimeError(f"the process of a side ended:\n{self._last_lines()}")
        return Answer.model_validate_json(answer)

    def _last_lines(self) -> str:
        return "\n".join(self._log.read_text(errors="replace").splitlines()[-_LAST_LINES:])


@contextmanager
def started(
    command: Sequence[str], hello: Hello, environment: Mapping[str, str], *, where: Path
) -> Iterator[Side]:
    """A side that has greeted, so whatever it imports is imported; its process ends with the `with`."""
    folder = Path(hello.folder)
    folder.mkdir(parents=True)
    log = folder / "side.log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            env={**clean_environment(), **environment},
            cwd=where,
        ) as process,
    ):
        side = Side(process, log)
        side.ask(hello.model_dump_json())
        yield side


def clean_environment() -> dict[str, str]:
    """The caller's environment without settings of either side's."""
    return {name: value for name, value in os.environ.items() if not name.startswith(_OF_THE_CALLER)}
