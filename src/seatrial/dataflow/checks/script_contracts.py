"""What a step gives its script, against what the script's contract expects; off without a contract."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from seatrial.dataflow.codes import counted, finding
from seatrial.dataflow.flow import Flow, Plan
from seatrial.dataflow.mounts import (
    Section,
    argument_name,
    arguments_of,
    inputs_of,
    outputs_of,
    scripts_of,
    set_by_the_platform,
    variables_of,
)
from seatrial.dataflow.places import within
from seatrial.definition import Step
from seatrial.definition.pointers import child
from seatrial.ports.contracts import ScriptContract
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import OutputReceipt

_CALLED_BY_A_SCRIPT = ("Processing", "Training")


def planned_contracts(plan: Plan) -> Iterator[Finding]:
    """What the definition alone tells."""
    for step, contract in _under_contract(plan):
        yield from _paths(step, "input", contract.expected_input_paths, inputs_of(plan, step))
        yield from _paths(step, "output", contract.expected_output_paths, outputs_of(plan, step))
        yield from _variables(step, contract)
        yield from _arguments(step, contract)
        yield from _script(step, contract)


def observed_contracts(flow: Flow) -> Iterator[Finding]:
    """Files that a contract names inside an output, and that a job that succeeded did not write."""
    expected = {step.name: contract for step, contract in _under_contract(flow.plan)}
    for record in flow.succeeded():
        contract = expected.get(record.name)
        if contract is None or record.type != "Processing" or record.result is None:
            continue
        for name, path in contract.expected_output_paths.items():
            for receipt in record.result.outputs:
                if receipt.objects and not _holds(receipt, path):
                    yield _unwritten(flow, record.name, name, path, receipt)


def _under_contract(plan: Plan) -> Iterator[tuple[Step, ScriptContract]]:
    for step in plan.definition.all_steps():
        contract = plan.contract_of(step.name) if step.type in _CALLED_BY_A_SCRIPT else None
        if contract is not None:
            yield step, contract


def _paths(step: Step, kind: str, expected: Mapping[str, str], section: Section) -> Iterator[Finding]:
    """Each path of the contract against the mount of its name, else against all of them."""
    missing = {}
    for name, path in expected.items():
        mount = section.named(name)
        if mount is None:
            if not section.has(path):
                missing[name] = path
        elif not mount.covers(path) and not (section.nested and within(mount.path, path)):
            yield finding(
                "ST118",
                f"{kind} {name!r} of {step.name} is at {mount.path}, and its contract has it at {path}",
                where=mount.pointer,
                step=step.name,
                expected=path,
                observed=mount.path,
            )
    if missing:
        yield _lacking(step, f"{kind}s", missing, section)
    yield from _unknown(step, kind, expected, section)


def _lacking(step: Step, kinds: str, missing: Mapping[str, str], section: Section) -> Finding:
    named = ", ".join(f"{name!r} at {path}" for name, path in missing.items())
    return finding(
        "ST119",
        f"{step.name} lacks {kinds} of its contract: {named}",
        where=section.pointer,
        step=step.name,
        expected=", ".join(missing.values()),
        observed=", ".join(mount.path for mount in section.mounts) or "none",
    )


def _unknown(step: Step, kind: str, expected: Mapping[str, str], section: Section) -> Iterator[Finding]:
    for mount in section.mounts:
        known = mount.name in expected or mount.code or mount.path in section.given
        if not known and not any(
            mount.covers(path) or within(mount.path, path) for path in expected.values()
        ):
            yield finding(
                "ST119",
                f"{step.name} has the {kind} {mount.name!r} at {mount.path}, which is not in its contract",
                where=mount.pointer,
                severity=Severity.NOTE,
                step=step.name,
            )


def _variables(step: Step, contract: ScriptContract) -> Iterator[Finding]:
    given = variables_of(step)
    missing = [n for n in contract.required_env_vars if n not in given and not set_by_the_platform(n)]
    if missing:
        yield finding(
            "ST119",
            f"{step.name} does not set {counted(len(missing), 'variable')} that its contract requires: "
            f"{', '.join(missing)}",
            where=child(step.pointer, "Arguments", "Environment"),
            step=step.name,
            hint=f"Set {'it' if len(missing) == 1 else 'them'} in the step's `Environment`, or make "
            f"{'it' if len(missing) == 1 else 'them'} optional in the contract.",
            expected=", ".join(missing),
            observed=", ".join(sorted(given)) or "none",
        )


def _arguments(step: Step, contract: ScriptContract) -> Iterator[Finding]:
    given = arguments_of(step)
    missing = [name for name in contract.expected_arguments if argument_name(name) not in given]
    if missing:
        keys = ("HyperParameters",) if step.type == "Training" else ("AppSpecification", "ContainerArguments")
        yield finding(
            "ST119",
            f"{step.name} does not pass {counted(len(missing), 'argument')} of its contract: "
            f"{', '.join(missing)}",
            where=child(step.pointer, "Arguments", *keys),
            step=step.name,
            expected=", ".join(missing),
            observed=", ".join(sorted(given)) or "none",
        )


def _script(step: Step, contract: ScriptContract) -> Iterator[Finding]:
    scripts = scripts_of(step)
    wanted = PurePosixPath(contract.entry_point).name
    if wanted and scripts and wanted not in scripts:
        yield finding(
            "ST119",
            f"{step.name} runs {', '.join(sorted(scripts))}, and its contract is of {wanted}",
            where=step.pointer,
            severity=Severity.WARNING,
            step=step.name,
            expected=wanted,
            observed=", ".join(sorted(scripts)),
        )


def _holds(receipt: OutputReceipt, path: str) -> bool:
    """Whether the path was written, as far as this output is about it."""
    home = receipt.container_path.rstrip("/")
    if not home or not within(path, home) or path.rstrip("/") == home:
        return True
    inner = f"{receipt.s3_uri.rstrip('/')}{path.rstrip('/').removeprefix(home)}"
    return any(stored.uri == inner or stored.uri.startswith(f"{inner}/") for stored in receipt.objects)


def _unwritten(flow: Flow, step: str, name: str, path: str, receipt: OutputReceipt) -> Finding:
    output = flow.plan.output(step, receipt.property_path)
    return finding(
        "ST119",
        f"{step} succeeded and did not write {path}, which its contract calls {name!r}",
        where=output.pointer if output else "",
        step=step,
        also=path,
        expected=path,
        observed=f"{counted(len(receipt.objects), 'other object')} at {receipt.s3_uri}",
    )
