"""What the execution's role does not allow: inputs, outputs, and calls of the steps' own code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from os.path import commonprefix

from seatrial.dataflow.codes import finding
from seatrial.dataflow.flow import Flow, Plan
from seatrial.dataflow.permissions import Question, Role, Verdict, missing_statement
from seatrial.dataflow.permissions.actions import BUCKET_ACTIONS
from seatrial.dataflow.permissions.calls import action_of
from seatrial.outputs import text_of
from seatrial.ports.executions import ExecutionStatus, StepRecord, StepStatus
from seatrial.ports.findings import Finding, Severity
from seatrial.ports.jobs import Denial
from seatrial.ports.observation import S3Call
from seatrial.ports.storage import S3Uri

_TO_COME = "EXECUTION-ID"  # what a plan writes for an id that is not known yet
_WAYS = {"s3:PutObject": "write", "s3:ListBucket": "list", "s3:GetObject": "read"}


@dataclass(frozen=True)
class _Need:
    """What staging asks of the role for one input or output; `resource` is what a statement would name."""

    step: str
    name: str
    action: str
    uri: S3Uri
    resource: str
    pointer: str


def planned_denials(plan: Plan) -> Iterator[Finding]:
    """What is left out of the policy, and every input and output that it surely does not allow."""
    if plan.role is None:
        return
    yield from _left_out(plan.role)
    yield from _foreseen(plan, plan.role, ran=False)


def _foreseen(plan: Plan, role: Role, *, ran: bool) -> Iterator[Finding]:
    for need in _needs(plan):
        verdict = role.asked(_question(need))
        if verdict.answer == "denied":
            yield _denied(need, verdict, role, ran=ran)


def observed_denials(flow: Flow) -> Iterator[Finding]:
    """What was refused in the run; of what a failed one did not come to, what the plan tells."""
    if flow.role is None:
        return
    plan = replace(flow.plan, role=flow.role)
    for step in flow.ran():
        for denial in step.result.denied if step.result else ():
            yield _staging(denial, step, plan, flow.role)
        yield from _own_calls(step, flow.role)
        yield from _refused_on_aws(step, flow.role)
    yield from _left_out(flow.role)
    if flow.record.status is not ExecutionStatus.SUCCEEDED:
        foreseen = _foreseen(plan, flow.role, ran=True)
        yield from (each for each in foreseen if each.step is None or _is_open(each.step, flow))


def _is_open(name: str, flow: Flow) -> bool:
    """Whether the step was to do its own work, and has not done it."""
    record, substitute = flow.record.step(name), flow.record.substitutes.get(name)
    done = record is not None and record.status is StepStatus.SUCCEEDED
    return flow.record.selects(name) and not done and not (substitute and substitute.gives)


def _left_out(role: Role) -> Iterator[Finding]:
    projection = role.projection
    if projection.narrower:
        yield finding(
            "ST151",
            f"left out of the role's policy: {'; '.join(projection.narrower)}",
            where=role.sources,
        )
    if projection.others:
        yield finding(
            "ST151",
            f"not asked for here, as not about S3: {', '.join(projection.others)}",
            where=role.sources,
            also="other services",
            hint="Nothing to do; what they allow shows on AWS only.",
        )


def _needs(plan: Plan) -> Iterator[_Need]:
    """As far as the locations are known."""
    for read in plan.reads:
        uri = _uri(text_of(read.location, plan.known).text) if read.kind in ("data", "code") else None
        if uri is None:
            continue
        if not read.one_object:
            yield _Need(read.step, read.name, "s3:ListBucket", uri, uri.bucket, read.pointer)
        resource = f"{uri.bucket}/{_any_execution(uri.key, plan)}*"
        yield _Need(read.step, read.name, "s3:GetObject", uri, resource, read.pointer)
    for output, text in plan.places:
        place = _uri(text)
        if place is not None and not output.app_managed:
            resource = f"{place.bucket}/{_any_execution(place.child('*').key, plan)}"
            yield _Need(output.step, output.name, "s3:PutObject", place, resource, output.pointer)


def _any_execution(key: str, plan: Plan) -> str:
    """The key of every execution: a statement for one is of no use to the next."""
    ids = (plan.known.execution.get("PipelineExecutionId"), _TO_COME)
    for each in ids:
        key = key.replace(str(each), "*") if each else key
    return key


def _uri(text: str | None) -> S3Uri | None:
    try:
        uri = S3Uri.parse(text or "")
    except ValueError:
        return None
    return None if "{" in str(uri) else uri  # what is not known before the run


def _question(need: _Need) -> Question:
    """About a listing of the prefix, or an object beneath it."""
    if need.action == "s3:ListBucket":
        context = {"s3:prefix": need.uri.key, "s3:delimiter": None}
        return Question(need.action, need.uri.bucket, context=context)
    return Question(need.action, need.uri.bucket, need.uri.child("object").key)


def _staging(denial: Denial, step: StepRecord, plan: Plan, role: Role) -> Finding:
    need = _need_of(denial, step.name, plan)
    key = "" if denial.action == "s3:ListBucket" else S3Uri.parse(denial.uri).key
    context = {"s3:prefix": need.uri.key, "s3:delimiter": None}
    verdict = role.asked(Question(denial.action, need.uri.bucket, key, context))
    return replace(
        _denied(need, verdict, role), observed=step.failure_reason or f"AccessDenied: {denial.uri}"
    )


def _need_of(denial: Denial, step: str, plan: Plan) -> _Need:
    """The declared input or output that the refused call was for; the object itself if it was for none."""
    uri = S3Uri.parse(denial.uri)
    fitting = [
        need
        for need in _needs(plan)
        if (need.step, need.action, need.uri.bucket) == (step, denial.action, uri.bucket)
        and uri.key.startswith(need.uri.key)
    ]
    found = max(fitting, key=lambda need: len(need.uri.key), default=None)
    resource = uri.bucket if denial.action == "s3:ListBucket" else f"{uri.bucket}/{uri.key}"
    return found or _Need(step, "", denial.action, uri, resource, denial.uri)


def _denied(need: _Need, verdict: Verdict, role: Role, *, ran: bool = True) -> Finding:
    what = f"`{need.name}`, {need.uri}" if need.name else str(need.uri)
    return finding(
        "ST150",
        f"the role may not {_WAYS.get(need.action, need.action)} {what}: {verdict.why}",
        where=need.pointer,
        step=need.step,
        also=f"{need.action} {need.resource}",
        expected=_expected(need.action, need.resource, verdict),
        observed=f"{need.action} denied on {need.uri}",
        hint=_hint(verdict, role, ran=ran),
    )


def _expected(action: str, resource: str, verdict: Verdict) -> str:
    if verdict.statement and verdict.answer == "denied":
        return f"{verdict.statement} does not deny {action} on {resource}"
    return missing_statement(action, resource)


def _hint(verdict: Verdict, role: Role, *, ran: bool = True) -> str:
    if verdict.statement and verdict.answer == "denied":
        return f"Take the exception into {verdict.statement}: an Allow does not outweigh a Deny."
    add = "Add the statement to the role's policy, on AWS and in the file"
    return f"{add}; then seatrial resume --role-policy {role.texts[0].source}" if ran else f"{add}."


def _own_calls(step: StepRecord, role: Role) -> Iterator[Finding]:
    """One finding for each action and bucket that the step's own code was refused."""
    observation = step.result.observation if step.result else None
    calls = [call for call in (observation.calls if observation else None) or () if call.refused]
    refused: dict[tuple[str, str], list[str]] = {}
    for call in calls:
        action = action_of(call.operation)
        if action is not None:
            refused.setdefault((action, call.bucket), []).append(call.key)
    for (action, bucket), keys in refused.items():
        yield _own_call(step, role, action, S3Uri(bucket, keys[0]), keys)


def _refused_on_aws(step: StepRecord, role: Role) -> Iterator[Finding]:
    """What the store answers whatever the policy says: a list of some buckets, and that a key is absent."""
    observation = step.result.observation if step.result else None
    told = set[tuple[str, str]]()
    for call in (observation.calls if observation else None) or ():
        action = _also_asked(call)
        if action is None or (action, call.bucket) in told:
            continue
        verdict = role.asked(Question(action, call.bucket))
        if verdict.answer == "denied":
            told.add((action, call.bucket))
            yield finding(
                "ST150",
                f"{step.name}'s own code called {call.operation} on {call.uri}, which AWS refuses without "
                f"{action}: {verdict.why}",
                where=call.uri,
                severity=Severity.WARNING,
                step=step.name,
                also=f"{action} of {step.name}, answered here",
                expected=_expected(action, call.bucket or "*", verdict),
                observed=f"HTTP status {call.status} here, 403 on AWS",
                hint=_hint(verdict, role),
            )


def _also_asked(call: S3Call) -> str | None:
    """The permission without which AWS says 403 where the local store answers."""
    if call.operation == "ListBuckets" and not call.refused:
        return "s3:ListAllMyBuckets"
    absent = call.status == 404 and call.error != "NoSuchBucket"
    return "s3:ListBucket" if absent and call.operation in ("GetObject", "HeadObject") else None


def _all_of(keys: Sequence[str]) -> str:
    """The one key, or what is beneath the folder that they share."""
    if len(set(keys)) == 1:
        return keys[0]
    shared = commonprefix(keys)  # noqa: RUF071  # keys are no paths; it is cut at a slash here
    return f"{shared.rpartition('/')[0]}/*".removeprefix("/")


def _own_call(step: StepRecord, role: Role, action: str, uri: S3Uri, keys: Sequence[str]) -> Finding:
    of_bucket = action.removeprefix("s3:") in BUCKET_ACTIONS
    context = {"s3:prefix": uri.key} if action == "s3:ListBucket" else {}
    verdict = role.asked(Question(action, uri.bucket, "" if of_bucket else uri.key, context))
    resource = uri.bucket or "*" if of_bucket else f"{uri.bucket}/{_all_of(keys)}"
    why = "no job here may do it, whatever the policy says" if verdict.answer == "allowed" else verdict.why
    failed = step.status.value == "Failed"
    return finding(
        "ST150",
        f"{step.name}'s own code called {action.removeprefix('s3:')} on {uri} and was refused: {why}",
        where=str(uri),
        severity=Severity.ERROR if failed else Severity.WARNING,
        step=step.name,
        also=f"{action} of {step.name}",
        expected=_expected(action, resource, verdict),
        observed=f"AccessDenied: {', '.join(sorted(set(keys))[:5]) or uri}",
        hint=_hint(verdict, role),
    )
