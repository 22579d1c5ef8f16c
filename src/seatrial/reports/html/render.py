"""Writes the page through its templates; here every text is escaped, once, wherever it came from."""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from seatrial.reports.html.lineage import LineagePicture
from seatrial.reports.html.page import Page
from seatrial.reports.printable import printable

_STATES = {
    "succeeded": "✓",
    "failed": "✕",
    "stopped": "■",
    "stopping": "■",
    "starting": "▸",
    "executing": "▸",
    "not-started": "○",
    "not-taken": "⊘",
    "not-selected": "⊘",
}


def render(page: Page) -> str:
    """The whole file; it loads nothing, and by its own policy nothing that is in it may run."""
    style = _style()
    template = _environment().get_template("page.html")
    return template.render(page=page, style=Markup(style), style_hash=_hash(style))  # noqa: S704  # our own sheet


def render_lineage(lineage: LineagePicture) -> str:
    """A picture as a file of its own, with the colours that it has on the page."""
    style = _part("colours.css") + _part("lineage_alone.css") + _part("lineage.css")
    template = _environment().get_template("lineage.svg")
    return template.render(lineage=lineage, style=Markup(style)).strip() + "\n"  # noqa: S704  # our own sheet


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("seatrial.reports.html"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_finalized,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["glyphs"] = _STATES
    environment.filters["shortened"] = _shortened
    return environment


def _finalized(value: object) -> object:
    """What every expression of a template goes through before it is escaped."""
    return printable(value) if isinstance(value, str) and not isinstance(value, Markup) else value


def _shortened(text: str, limit: int) -> str:
    shown = printable(text)
    return shown if len(shown) <= limit else f"{shown[: limit - 1]}…"


@cache
def _style() -> str:
    return "".join(map(_part, ("colours.css", "report.css", "lineage.css")))


def _part(name: str) -> str:
    return resources.files("seatrial.reports.html").joinpath(f"templates/{name}").read_text("utf-8")


def _hash(style: str) -> str:
    """The sheet's hash for the content security policy: no other style is let in."""
    return f"sha256-{base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()}"
