"""What the model says of records: it is asked over HTTP, as an endpoint is."""

from __future__ import annotations

import csv
import io
import json
import math
import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jmespath
import numpy
from model_monitor_analyzer.faults import JobFaultError
from urllib3 import PoolManager
from urllib3.exceptions import HTTPError

# Records of one request: with some hundred bytes each it stays far below what an endpoint accepts.
_AT_ONCE = 1000
_SECONDS = 60.0


@dataclass(frozen=True)
class Predictor:
    """A model that answers at `url`; `config` is the part of the configuration that is named so."""

    url: str
    config: Mapping[str, Any]
    _pool: PoolManager = field(default_factory=PoolManager)
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict)

    def answers(self, records: Sequence[Sequence[Any]]) -> list[Any]:
        """One answer a record: a number, a text, or a list of them.

        A record is asked about once: explanations ask for few different ones, again and again.
        """
        keys = [tuple(map(plain, record)) for record in records]
        unknown = list(dict.fromkeys(key for key in keys if key not in self._known))
        for start in range(0, len(unknown), _AT_ONCE):
            part = unknown[start : start + _AT_ONCE]
            answered = self._read(self._ask(self._written(part)))
            if len(answered) != len(part):
                raise JobFaultError(f"the model gave {len(answered)} answers to {len(part)} records")
            self._known.update(zip(part, answered, strict=True))
        return [self._known[key] for key in keys]

    def scores(self, records: Sequence[Sequence[Any]]) -> numpy.ndarray:
        """A row of numbers a record: what the predictor's `label` or `probability` leads to."""
        place = self.config.get("probability", self.config.get("label"))
        found = [_as_list(_at(answer, place)) for answer in self.answers(records)]
        try:
            scores = numpy.asarray(found, dtype=float)
        except (TypeError, ValueError) as error:
            raise JobFaultError(f"the model's scores are no numbers: {error}") from None
        if not numpy.isfinite(scores).all():
            raise JobFaultError("the model's scores are no numbers: NaN or infinity")
        return scores

    def labels(self, records: Sequence[Sequence[Any]], threshold: float | None) -> list[Any]:
        """The predicted label of each record: as the model says, or where its probabilities lead."""
        label, probability = self.config.get("label"), self.config.get("probability")
        if label is not None:
            return [_at(answer, label) for answer in self.answers(records)]
        if probability is None and threshold is None:
            return [_only(answer) for answer in self.answers(records)]
        return [self._labelled(row, threshold) for row in self.scores(records)]

    def _labelled(self, scores: numpy.ndarray, threshold: float | None) -> Any:
        headers = self.config.get("label_headers")
        if len(scores) > 1:
            best = int(numpy.argmax(scores))
            return headers[best] if headers else best
        return int(scores[0] > (0.5 if threshold is None else threshold))

    def _written(self, records: Sequence[Sequence[Any]]) -> bytes:
        if str(self.config.get("content_type") or "text/csv") == "text/csv":
            text = io.StringIO()
            csv.writer(text, lineterminator="\n").writerows(records)
            return text.getvalue().encode()
        template = self.config.get("content_template") or '{"features":$features}'
        lines = [
            string.Template(template).substitute(features=json.dumps(list(record))) for record in records
        ]
        return ("\n".join(lines) + "\n").encode()

    def _ask(self, body: bytes) -> bytes:
        headers = {
            "Content-Type": str(self.config.get("content_type") or "text/csv"),
            "Accept": str(self.config.get("accept_type") or self.config.get("content_type") or "text/csv"),
        }
        if self.config.get("custom_attributes"):
            headers["X-Amzn-SageMaker-Custom-Attributes"] = str(self.config["custom_attributes"])
        try:
            answer = self._pool.request("POST", self.url, body=body, headers=headers, timeout=_SECONDS)
        except HTTPError as error:
            raise JobFaultError(f"the model did not answer: {error}") from None
        if answer.status != 200:
            raise JobFaultError(
                f"the model answered {answer.status}: {answer.data.decode(errors='replace')[:500]}"
            )
        content: bytes = answer.data
        return content

    def _read(self, body: bytes) -> list[Any]:
        """Answers as lists of fields (CSV), or as what each line holds (JSON lines, or one JSON list)."""
        accepted = str(self.config.get("accept_type") or self.config.get("content_type") or "text/csv")
        text = body.decode()
        if accepted == "text/csv":
            rows = [row for row in csv.reader(io.StringIO(text)) if row]
            # A server of one-column answers may write them all in one line.
            return [[value] for value in rows[0]] if len(rows) == 1 and len(rows[0]) > 1 else rows
        if accepted == "application/jsonlines":
            return [json.loads(line) for line in text.split("\n") if line.strip()]
        whole = json.loads(text)
        return whole if isinstance(whole, list) else list(whole.get("predictions", [whole]))


def plain(value: Any) -> Any:
    """Whole numbers as such: a model that was trained on them may read nothing else; nothing for nothing."""
    if not isinstance(value, float):
        return value
    return None if math.isnan(value) else int(value) if value.is_integer() else float(value)


def _at(answer: Any, place: str | int | None) -> Any:
    """What an index or a JMESPath expression leads to; all of it without one."""
    if place is None:
        return answer
    if isinstance(answer, list) and str(place).isdigit():
        return answer[int(place)]
    return jmespath.search(str(place), answer)


def _only(answer: Any) -> Any:
    return answer[0] if isinstance(answer, list) and len(answer) == 1 else answer


def _as_list(value: Any) -> list[Any]:
    """A list of scores; text may hold one: `[0.1, 0.9]`."""
    if isinstance(value, str) and value.startswith("["):
        value = json.loads(value)
    return list(value) if isinstance(value, list) else [value]
