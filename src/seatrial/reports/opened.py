"""How many files of an input a job opened, in words; what nobody saw is never called unused."""

from __future__ import annotations

from seatrial.ports.observation import InputFiles, Observation

_NAMED = 3


def opened_text(seen: Observation | None, name: str) -> str:
    """Of one input; nothing where nobody looked, or where there was nothing to open."""
    if seen is None:
        return ""
    found = next((each for each in seen.inputs or () if each.input == name), None)
    if found is not None:
        return _counted(found)
    # What is missing of several inputs is told input by input.
    reasons = (seen.files_unseen or "").split("; ")
    own = [reason for reason in reasons if seen.inputs is None or reason.startswith(f"{name} ")]
    return f"opening not observed: {'; '.join(own)}" if any(own) else ""


def _counted(found: InputFiles) -> str:
    if not found.files:
        return ""
    text = f"{found.opened} of {found.files} {'file' if found.files == 1 else 'files'} opened"
    if not found.unopened:
        return text
    more = ", …" if found.files - found.opened > _NAMED else ""
    return f"{text}; never opened: {', '.join(found.unopened[:_NAMED])}{more}"
