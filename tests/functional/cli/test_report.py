"""`seatrial report` of a run in real containers that wrote what a page must not believe."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from tests.functional.cli.conftest import Project
from tests.functional.cli.definitions import output_of, pipeline, processing, under_prefix

HOSTILE = (
    "import sys; sys.stdout.buffer.write(b'<script>alert(1)</script> \\xff\\x00\\x1b[31m'); "
    "open('/opt/ml/processing/out/data/<b>.csv', 'w').write('1,<i>2</i>')"
)
FAILING = "import sys; print(']]> the mast broke'); sys.exit(3)"


def test_a_run_becomes_a_page_and_a_junit_file_that_believe_no_container(project: Project) -> None:
    definition = pipeline(
        processing("Write", HOSTILE, outputs={"data": under_prefix("write")}),
        processing("Break", FAILING, inputs={"data": output_of("Write", "data")}),
    )
    assert project.run("run", project.write("hostile.json", definition)).returncode == 1

    done = project.run("report", "-o", "out/page.html", "--junit", "out/junit.xml")

    assert (done.returncode, done.stdout) == (0, "out/page.html\nout/junit.xml\n"), done.stderr
    page = (project.folder / "out" / "page.html").read_text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt; \\xff\\x00" in page
    assert "<td>&lt;i&gt;2&lt;/i&gt;</td>" in page
    assert "<script" not in page
    assert "the mast broke" in page
    suite = ElementTree.fromstring((project.folder / "out" / "junit.xml").read_bytes())  # noqa: S314  # ours
    assert suite.get("failures") == "1"
    assert "]]> the mast broke" in str(suite.findtext(".//failure"))


def test_the_page_of_an_old_execution_needs_neither_docker_nor_the_store(project: Project) -> None:
    assert (
        project.run("run", project.write("one.json", pipeline(processing("One", "print('ahoy')")))).returncode
        == 0
    )
    away = {"DOCKER_HOST": "tcp://127.0.0.1:1", "SEATRIAL_STORE__ENDPOINT_URL": "http://127.0.0.1:1"}

    done = project.run("report", "--json", env=away)

    files = json.loads(done.stdout)
    assert files["html"].endswith("/report.html")
    assert files["junit"] is None
    page = (project.folder / files["html"]).read_text()
    assert "ahoy" in page
