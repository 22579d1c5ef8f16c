"""Which inputs `seatrial seed` asks for."""

from __future__ import annotations

import json
from pathlib import Path

from seatrial.app import seeding
from seatrial.app.wishes import Wishes
from seatrial.ports.storage import S3Uri
from tests.adapters.plausible_parts import plausible_parts
from tests.functional.cli.definitions import pipeline, processing

SCRIPT = "s3://sagemaker-us-east-1-123456789012/P/code/clean.py"
DATA = "s3://my-company/raw/"


def test_the_scripts_that_compiling_brings_are_not_asked_for(tmp_path: Path) -> None:
    step = processing("Clean", "pass", inputs={"raw": DATA, "code": SCRIPT})
    wishes = Wishes("P", json.dumps(pipeline(step)), "p.py")
    file = tmp_path / "seeds.toml"

    still_open = seeding.write(wishes, file, (), None, print, brought={S3Uri.parse(SCRIPT)})

    assert still_open == [DATA]
    assert "clean.py" not in file.read_text()


def test_what_was_filled_in_stays_and_is_not_asked_for_again(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    wishes = Wishes("P", json.dumps(pipeline(processing("Clean", "pass", inputs={"raw": DATA}))), "p.py")
    file = tmp_path / "seeds.toml"

    assert seeding.write(wishes, file, (f"{DATA}={tmp_path / 'data'}",), None, print) == []
    before = file.read_text()
    assert seeding.write(wishes, file, (), None, print) == []

    assert file.read_text() == before
    assert 'path = "data"' in before


def test_what_only_a_substituted_step_reads_is_not_asked_for(tmp_path: Path) -> None:
    load = processing("Load", "pass", inputs={"raw": DATA})
    clean = processing(
        "Clean", "pass", inputs={"raw": "s3://my-company/other/", "more": "s3://my-company/m/"}
    )
    wishes = Wishes("P", json.dumps(pipeline(load, clean)), "p.py")
    given = {"Load": {"properties": {}}, "Clean": {"inputs": {"more": tmp_path}}}
    parts = plausible_parts(tmp_path, substitutes=given)

    still_open = seeding.write(wishes, tmp_path / "seeds.toml", (), None, print, parts=parts)

    assert still_open == ["s3://my-company/other/"]
