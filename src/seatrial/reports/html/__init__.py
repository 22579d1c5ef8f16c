"""One execution as one self-contained HTML file; must not know Docker, S3 clients, or where logs lie.

`evidence` is what is handed in besides the record, `page` turns both into what is shown, `render` writes it.
"""

from __future__ import annotations

from seatrial.reports.html.evidence import Evidence, LogText, Preview, log_text, preview_of
from seatrial.reports.html.lineage import LineagePicture, lineage_picture
from seatrial.reports.html.page import Page, Subject, page_of
from seatrial.reports.html.render import render, render_lineage

__all__ = [
    "Evidence",
    "LineagePicture",
    "LogText",
    "Page",
    "Preview",
    "Subject",
    "lineage_picture",
    "log_text",
    "page_of",
    "preview_of",
    "render",
    "render_lineage",
]
