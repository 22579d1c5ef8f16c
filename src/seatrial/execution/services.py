"""What an execution needs from outside, handed in; the scheduler knows no engine, store or container."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from seatrial.errors import RefusedError
from seatrial.execution.names import Account, Ids
from seatrial.ports.clock import Clock
from seatrial.ports.functions import FindFunction, FunctionCode
from seatrial.ports.jobs import JobRequest, JobResult
from seatrial.ports.storage import S3Uri, StoredObject
from seatrial.records import Records
from seatrial.settings import Settings


def _nothing_there(uri: S3Uri) -> Iterable[StoredObject]:
    """For a store that nobody may look into: no step is then taken from the cache."""
    return ()


def _no_function(named: str) -> FunctionCode:
    """For executions without Lambda steps."""
    raise RefusedError(f"there is no code for the Lambda function {named!r}", slug="function-unknown")


def _nothing_to_release(execution_id: str) -> None:
    """For engines whose jobs leave nothing running."""


def _nothing_to_sweep(execution_id: str) -> None:
    """For engines whose jobs die with their process."""


@dataclass(frozen=True)
class ExecutionServices:
    """`run_job` is all that leaves the driver's thread; for workers in processes it must pickle.

    `stop_job` is called from threads of its own, again and again until the job has ended.
    `read_object` reads property files, `list_objects` tells what the store still holds. `sweep` is
    given an execution's id when it is resumed, and removes what jobs of a process that died left
    running; `release` is given it when it ends, and stops what jobs left running for others. `engine` is
    the name of what runs the jobs.
    `find_function` has the code that Lambda steps call.
    """

    records: Records
    settings: Settings
    run_job: Callable[[JobRequest], JobResult]
    stop_job: Callable[[str], None]
    read_object: Callable[[S3Uri], bytes]
    clock: Clock
    ids: Ids
    sweep: Callable[[str], object] = _nothing_to_sweep
    release: Callable[[str], object] = _nothing_to_release
    engine: str = "native"
    list_objects: Callable[[S3Uri], Iterable[StoredObject]] = _nothing_there
    find_function: FindFunction = _no_function

    @property
    def account(self) -> Account:
        """Whose resources the ARNs name."""
        return Account(self.settings.account_id, self.settings.region)
