"""What the bench and the process of a side say to each other, one line of JSON at a time.

The side of local mode runs in another environment: it reads the same lines without these classes.
"""

from __future__ import annotations

from pydantic import BaseModel

from benchmarks.work import Work


class Hello(BaseModel):
    """The first line: where the store is, and a folder for whatever the side keeps."""

    folder: str
    endpoint_url: str
    container_endpoint_url: str
    network: str
    access_key: str
    secret_key: str
    hosts: dict[str, str] = {}


class Task(BaseModel):
    """Run this pipeline once; only seatrial can observe it."""

    work: Work
    jobs: int = 2
    observed: bool = True


class Answer(BaseModel):
    """Wall time of the whole, of each phase of each step where the side knows it; or what went wrong."""

    seconds: float
    steps: dict[str, dict[str, float]] = {}
    trouble: str | None = None
