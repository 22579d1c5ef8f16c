"""All that is to be said of two runs under two prefixes; a third one tells what any run changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.portability import leaks
from seatrial.dataflow.portability.accounts import survivors
from seatrial.dataflow.portability.endings import endings_differ
from seatrial.dataflow.portability.files import Files, by_output, files_compared
from seatrial.dataflow.portability.looked_for import of_the_default, of_the_first_run
from seatrial.dataflow.portability.requests import leaks_in_requests
from seatrial.dataflow.portability.voyage import Voyage
from seatrial.outputs import Contents, Difference
from seatrial.ports.findings import Finding, Severity

ANY_RUN = "it differs between two runs under prefixes of one shape as well"
_SHOWN = 4


@dataclass(frozen=True)
class Compared:
    """What was found; `doubtful` where only a third run can tell, `unsearched` too large to search."""

    findings: tuple[Finding, ...]
    files: Files
    unsearched: tuple[str, ...] = ()

    @property
    def doubtful(self) -> bool:
        """Whether something differs that may do so in any run."""
        return bool(self.files.missing or self.files.contents)


def compared(first: Voyage, second: Voyage, contents: Contents, third: Voyage | None = None) -> Compared:
    """Files, leaks and endings; `third` is a run under a prefix like the first one's, where there is one."""
    files = files_compared(first, second, contents)
    if third is not None:
        files = files.without(files_compared(first, third, contents), ANY_RUN)
    reader = leaks.Reader(second)
    leaked = list(_leaks(first, second, reader))
    found = (
        *endings_differ(first, second),
        *leaked,
        *_missing(second, files),
        *_contents(second, files, proven=third is not None),
    )
    return Compared(found, files, tuple(dict.fromkeys(reader.unsearched)))


def _leaks(first: Voyage, second: Voyage, reader: leaks.Reader) -> Iterator[Finding]:
    search, of_default = of_the_first_run(first, second), of_the_default(first, second)
    found = list(leaks.inputs_of_the_first(first, second))
    told = {each.where for each in found}
    requests = leaks_in_requests(second.flow, search, of_default)
    found += [each for each in requests if each.where not in told]
    found += leaks.calls_to_the_first(second, search)
    found += leaks.written_names(second, search + of_default, reader)
    found += leaks.names_in_code(second, search + of_default, reader)
    found += survivors(first, second)
    yield from found
    yield from leaks.names_in_logs(second, search, frozenset(each.step for each in found))


def _missing(second: Voyage, files: Files) -> Iterator[Finding]:
    for (step, output), differences in by_output(files.missing):
        info = second.flow.registry.get_step_output_info(step, output)
        moved = [each for each in differences if each.kind == "place"]
        if moved:
            said = f"output {output!r} of {step} lies elsewhere beneath its prefix"
            one, other = str(moved[0].first), str(moved[0].second)
        else:
            one, other = _listed(differences, "only-in-first"), _listed(differences, "only-in-second")
            said = (
                f"output {output!r} of {step} has {one} under the first prefix, and {other} under the second"
            )
        yield finding(
            "ST140",
            said,
            where=_pointer(second, step, output),
            step=step,
            also=info.s3_uri if info else None,
            expected=f"{one}, as under the first prefix",
            observed=other,
        )


def _contents(second: Voyage, files: Files, *, proven: bool) -> Iterator[Finding]:
    for (step, output), differences in by_output(files.contents):
        info = second.flow.registry.get_step_output_info(step, output)
        names = ", ".join(_named(each) for each in differences[:_SHOWN])
        said = f"{counted(len(differences), 'file')} of output {output!r} of {step}"
        either = (
            "something else under the second prefix, and twice the same under prefixes like the first"
            if proven
            else "something else under the second prefix, and may do so in any run (`--thorough` tells)"
        )
        holds = "holds" if len(differences) == 1 else "hold"
        yield finding(
            "ST141",
            f"{said} {holds} {either}: {names}",
            where=_pointer(second, step, output),
            severity=Severity.ERROR if proven else Severity.NOTE,
            step=step,
            also=info.s3_uri if info else None,
            expected=differences[0].first,
            observed=differences[0].second,
        )


def _named(each: Difference) -> str:
    return f"{each.key} ({each.member})" if each.member else str(each.key)


def _listed(differences: list[Difference], kind: str) -> str:
    keys = [str(each.key) for each in differences if each.kind == kind]
    more = f" and {len(keys) - _SHOWN} more" if len(keys) > _SHOWN else ""
    return (", ".join(keys[:_SHOWN]) + more) or "no other file"


def _pointer(voyage: Voyage, step: str, output: str) -> str:
    declared = next((o for o in voyage.flow.plan.outputs if (o.step, o.name) == (step, output)), None)
    return declared.pointer if declared else voyage.flow.definition.pointer_of(step)
