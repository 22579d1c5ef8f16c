"""What looks like a secret, by its form or by the name that it stands under; never repeats one.

A table of our own: the forms of the well-known tokens are few and seldom change, and what decides is not
their number but that hashes, paths and a tokenizer's words are left alone.
"""

from __future__ import annotations

import base64
import binascii
import json
import math
import re
from collections import Counter
from dataclasses import dataclass


@dataclass(frozen=True)
class Secret:
    """What kind it looks like; `shown` is enough to find it and too little to use it."""

    kind: str
    shown: str


@dataclass(frozen=True)
class _Form:
    """How one kind is written; one of the cues is in every text of the kind, in small letters."""

    kind: str
    cues: tuple[str, ...]
    written: re.Pattern[str]


_JWT = re.compile(r"\beyJ[A-Za-z0-9_-]{10,4000}\.eyJ[A-Za-z0-9_-]{10,4000}\.[A-Za-z0-9_-]{10,}")

# Most lines of a log have no cue in them, and are looked at no further.
_FORMS = (
    _Form("an AWS access key id", ("akia", "asia"), re.compile(r"\b(?:AKIA|ASIA)[A-Z2-7]{16}\b")),
    _Form(
        "an AWS secret access key",
        ("secret",),
        re.compile(
            r"(?i)aws_?secret_?access_?key[\"']?\s{0,3}[=:]\s{0,3}[\"']?([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])"
        ),
    ),
    _Form(
        "a private key",
        ("private key",),
        re.compile(r"-----BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----"),
    ),
    _Form(
        "a GitHub token",
        ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
        re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{30,})\b"),
    ),
    _Form("a GitLab token", ("glpat-",), re.compile(r"\bglpat-[A-Za-z0-9_-]{20,}")),
    _Form(
        "a Slack token",
        ("xox", "hooks.slack"),
        re.compile(r"\bxox[abeprs]-[0-9A-Za-z-]{10,}|hooks\.slack\.com/services/[\w/]{20,}"),
    ),
    _Form("a Hugging Face token", ("hf_",), re.compile(r"\bhf_[A-Za-z0-9]{30,}\b")),
    _Form("a Google API key", ("aiza",), re.compile(r"\bAIza[0-9A-Za-z_-]{35}\b")),
    _Form("a Stripe key", ("k_live_",), re.compile(r"\b[rs]k_live_[0-9A-Za-z]{20,}\b")),
    _Form("an API key", ("sk-",), re.compile(r"\bsk-(?:[a-z]{1,20}[0-9]{0,4}-){0,2}[A-Za-z0-9_]{32,}\b")),
    _Form(
        "a package index token",
        ("pypi-", "npm_"),
        re.compile(r"\b(?:pypi-AgE[A-Za-z0-9_-]{40,}|npm_[A-Za-z0-9]{36})\b"),
    ),
    _Form("a JSON Web Token", ("eyj",), _JWT),
    _Form(
        "a URL with a password",
        ("@",),
        re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s:/@\"']{1,100}:([^\s@/\"']{3,200})@[\w.-]"),
    ),
)
_ASSIGNED = re.compile(
    r"(?i)(?<!remote_function_)(password|passwd|pwd|passphrase|secret[_-]?key|secret|api[_-]?key|"
    r"private[_-]?key|access[_-]?token|auth[_-]?token)[\"']?\s{0,3}[=:]\s{0,3}[\"']?([^\s\"',;&]{6,200})"
)
_ASSIGNED_CUES = ("passw", "pwd", "passphrase", "secret", "api", "private", "access", "auth")

_PASSWORDS = re.compile(r"(?:^|_)(?:password|passwd|pwd|passphrase)$")
_KEYS = re.compile(r"(?:^|_)(?:secret|token|api_?key|secret_?key|private_?key|access_?key|auth_?key)$")
# Words of tokenizers and of the SDK, whose signing key is made anew at each compilation.
_HARMLESS = re.compile(
    r"(?:^|_)(?:pad|eos|bos|unk|cls|sep|mask|stop|start|end|next|special|image|decoder_start)_token$"
    r"|^remote_function_secret_key$"
)
_PLACEHOLDER = re.compile(
    r"(?i)^(?:[<{\[$%(*].*|.*[{}()<>].*|\W+|x+|none|null|true|false|undefined|change.?me.*|your.*|example.*"
    r"|dummy.*|redacted|secret|password|token|test|placeholder|.*\.\.\.|.*EXAMPLE(?:KEY)?)$"
)
# What is printed of a column that is called so: a figure, or its type.
_OF_A_COLUMN = re.compile(
    r"(?i)^(?:[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?%?|(?:u?int|float|complex|varchar|char|decimal|datetime)\d+)$"
)
_CODE = re.compile(r"^(?:args|cfg|conf|config|env|getpass|options|params|self|settings)\.[A-Za-z_][\w.]*$")
# `rds-credentials-prod-eu1`: words with a short number, which is what a secret is called where it is kept.
_WORDS = re.compile(
    r"^(?:[a-z]+|[A-Z][a-z]+|[A-Z]+)\d{0,4}(?:[-_.](?:(?:[a-z]+|[A-Z][a-z]+|[A-Z]+)\d{0,4}|\d{1,4}[a-z]?))+$"
)
_ELSEWHERE = re.compile(r"^(?:\.{0,2}/|~|[a-z][a-z0-9+.-]*:|os\.|arn:)|^[\w.-]+/[\w./-]+$")
_NO_SECRETS = (_PLACEHOLDER, _ELSEWHERE, _OF_A_COLUMN, _CODE)


def secret_in(text: str) -> Secret | None:
    """The first thing in the text that has the form of a secret; the password itself of a longer text."""
    small = text.lower()
    for form in _FORMS:
        for match in form.written.finditer(text) if _any_in(form.cues, small) else ():
            value = match.group(match.lastindex or 0)
            if not _is_known_harmless(value):
                return Secret(form.kind, shown(value))
    for match in _ASSIGNED.finditer(text) if _any_in(_ASSIGNED_CUES, small) else ():
        if found := secret_named(match.group(1), match.group(2).rstrip(")}].")):
            return found
    return None


def secret_named(name: str, value: str) -> Secret | None:
    """Whether the value, being called so, looks like the thing itself and not like where it is kept."""
    plain = _snake(name)
    if _HARMLESS.search(plain) or any(form.match(value) for form in _NO_SECRETS):
        return None
    if _PASSWORDS.search(plain) and len(value) >= 6 and _kinds(value) >= 2:
        return Secret("a password", shown(value))
    if _KEYS.search(plain) and len(value) >= 16 and _is_random(value) and not _WORDS.match(value):
        return Secret("a secret key or token", shown(value))
    return None


def is_of_the_store(text: str) -> bool:
    """Whether the text holds the session token of a job's own credentials: nobody gave those away."""
    return any(_claims(match.group()) for match in _JWT.finditer(text))


def shown(value: str) -> str:
    """Its first characters, if it is long enough for them to give nothing away, and its length."""
    start = f"`{value[:4]}…`, " if len(value) >= 16 else ""
    return f"{start}{len(value)} characters"


def _any_in(cues: tuple[str, ...], text: str) -> bool:
    return any(cue in text for cue in cues)


def _is_known_harmless(value: str) -> bool:
    """The keys of AWS's own documentation, the store's own tokens, and what somebody already hid."""
    hidden = _PLACEHOLDER.match(value) and not value.startswith("--")
    return bool(hidden) or value.endswith(("EXAMPLE", "EXAMPLEKEY")) or is_of_the_store(value)


def _claims(token: str) -> bool:
    body = token.split(".")[1]
    try:
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except (ValueError, binascii.Error):
        return False
    return isinstance(claims, dict) and "accessKey" in claims


def _snake(name: str) -> str:
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.lstrip("-"))
    return re.sub(r"[^a-z0-9]+", "_", spaced.lower()).strip("_")


def _kinds(value: str) -> int:
    """How many of letters small and large, digits and signs it is made of."""
    return sum(bool(re.search(part, value)) for part in ("[a-z]", "[A-Z]", "[0-9]", r"[^A-Za-z0-9]"))


def _is_random(value: str) -> bool:
    """Letters and digits mixed as no word is; about three bits a character."""
    if re.search(r"\s", value) or not (re.search("[A-Za-z]", value) and re.search("[0-9]", value)):
        return False
    counts = Counter(value).values()
    return -sum(n / len(value) * math.log2(n / len(value)) for n in counts) >= 3.0
