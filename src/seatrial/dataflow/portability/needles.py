"""The text by which a place of S3 is known, however it is written; whole segments only.

`s3://b/run` is not found in `s3://b/run2`. Searched are bytes: what an output holds need not be text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from seatrial.dataflow.places import within
from seatrial.ports.storage import S3Uri

_SLASH = rb"(?:\\?/|%2[Ff]|\\u002[Ff])"
# Nothing that would make the last segment a longer one: of ASCII, an escape, or a letter in UTF-8. A lone
# byte above 127 is none: in a pickle, one follows each text.
_END = rb"(?![A-Za-z0-9_~+=@-])(?!\.+[A-Za-z0-9_])(?!%(?!2[Ff]))(?![\xc2-\xf4][\x80-\xbf])"
_NEW_WORD = rb"(?<![A-Za-z0-9_./%-])"
_REST = re.compile(rb"[^\s\"'<>\\,;|)\]}\x00-\x1f\x7f-\xff]*")
_AROUND = 60
_LOOK_AHEAD = 16


@dataclass(frozen=True)
class Hit:
    """Where it was found, what was found, to the end of the URI, and the text around it on one line."""

    start: int
    text: str
    around: str


@dataclass(frozen=True)
class Needle:
    """A place to look for; `what` says in words whose it is.

    With `by_key` its key alone tells of it. A mention of anything beneath the `exempt` locations is none.
    """

    what: str
    place: S3Uri
    by_key: bool = False
    exempt: tuple[str, ...] = ()

    def found_in(self, text: str | bytes) -> Iterator[Hit]:
        """Every time that the place is named."""
        data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
        done = 0
        for mark in self._marks(data):
            end = mark + self._reach
            for match in self._pattern.finditer(data, max(done, mark - self._reach), end):
                if match.end() >= end - _LOOK_AHEAD and end < len(data):
                    break  # what follows it is not seen from here, but is from the next mark
                done = match.end()
                hit = _hit(data, match)
                if not any(within(hit.text, place) for place in self.exempt):
                    yield hit
            done = max(done, mark + self._reach // 2)  # a mention that begins before it ended before `end`

    def may_be_in(self, data: bytes) -> bool:
        """Whether its most telling word is in there; a hundred times quicker than to look for the place."""
        return self._mark in data

    def _marks(self, data: bytes) -> Iterator[int]:
        """Where its key is, its bucket if it has none; no two so near that one look would not do for both."""
        core = self._core.search(data) if self.may_be_in(data) else None
        while core:
            yield core.start()
            core = self._core.search(data, core.start() + max(1, self._reach // 2))

    def replaced(self, text: str, by: str) -> str:
        """The text with every mention of the place replaced."""
        data = text.encode("utf-8", "surrogatepass")
        return self._pattern.sub(lambda match: by.encode(), data).decode("utf-8", "surrogatepass")

    @cached_property
    def _mark(self) -> bytes:
        """The longest part that looks the same however it is written."""
        parts = [self.place.bucket, *self.place.key.split("/")]
        plain = [part for part in parts[bool(self.by_key) :] if re.fullmatch(r"[A-Za-z0-9_.-]*", part)]
        return max(plain, key=len, default="").encode()

    @property
    def _reach(self) -> int:
        """How far a mention may go on to either side of that word, escapes and a host's name included."""
        return 512 + 6 * (len(self.place.bucket) + len(self.place.key))

    @cached_property
    def _core(self) -> re.Pattern[bytes]:
        """What each form of it ends with: it begins with plain text, which is looked for quickly."""
        key = self.place.key.strip("/")
        return re.compile(self._key + _END if key else re.escape(self.place.bucket.encode()))

    @property
    def _key(self) -> bytes:
        return _SLASH.join(re.escape(part.encode()) for part in self.place.key.strip("/").split("/"))

    @cached_property
    def _pattern(self) -> re.Pattern[bytes]:
        bucket = re.escape(self.place.bucket.encode())
        key = self._key
        beneath = _SLASH + key if self.place.key.strip("/") else b""
        forms = [
            rb"s3[an]?(?::|%3[Aa])" + _SLASH * 2 + bucket + beneath,
            rb"(?<![a-z0-9.-])" + bucket + rb"\.s3[a-z0-9.-]*\.amazonaws\.com(?:\.cn)?(?::\d+)?" + beneath,
            rb"https?:" + _SLASH * 2 + rb"[^/\s\"'\\]{1,255}" + _SLASH + bucket + beneath,
        ]
        if beneath:
            forms.append(_NEW_WORD + bucket + beneath)
        if beneath and self.by_key:
            forms.append(_NEW_WORD + rb"/?" + key)
        return re.compile(b"(?:" + b"|".join(forms) + b")" + _END)


def is_telling(key: str) -> bool:
    """Whether a key alone can only mean one place: a part of it looks like a random id."""
    return any(
        len(part) >= 8 and re.search(r"\d", part) and re.search(r"[A-Za-z]", part) for part in key.split("/")
    )


def _hit(data: bytes, match: re.Match[bytes]) -> Hit:
    rest = _REST.match(data, match.end())
    end = rest.end() if rest else match.end()
    whole = data[match.start() : end].rstrip(b".:")
    around = data[max(0, match.start() - _AROUND) : min(end, match.end() + _AROUND) + _AROUND]
    return Hit(match.start(), _shown(whole), _shown(around))


def _shown(data: bytes) -> str:
    text = data.decode("utf-8", "replace")
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
