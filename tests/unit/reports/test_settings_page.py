"""docs/settings.md lists every setting there is, and is what the model says."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seatrial.reports.settings_page import MADE_HERE, settings_page
from seatrial.settings import every_setting, load_settings

PAGE = Path(__file__).parents[3] / "docs" / "settings.md"


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text() == settings_page(), (
        "run: python -m seatrial.reports.settings_page docs/settings.md"
    )


def test_every_setting_says_what_it_means() -> None:
    assert [name for name, field in every_setting() if not field.description] == []


def test_only_defaults_of_this_machine_are_told_in_words() -> None:
    made = {name for name, field in every_setting() if field.default_factory not in (None, dict, list)}
    assert made == set(MADE_HERE)


def test_what_the_page_says_of_the_environment_is_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEATRIAL_STORE__CONTAINER_ENDPOINT_URL", "http://10.0.0.1:9000")
    monkeypatch.setenv("SEATRIAL_IMAGES", json.dumps({"*/features:*": "base"}))
    settings = load_settings()
    assert settings.store.container_endpoint_url == "http://10.0.0.1:9000"
    assert settings.images == {"*/features:*": "base"}
    assert "`SEATRIAL_STORE__CONTAINER_ENDPOINT_URL`" in settings_page()
