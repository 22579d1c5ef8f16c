"""What the documentation says can be found: its links, and the names that it takes from the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from seatrial.engines.native.environment import job_environment
from seatrial.images import network
from seatrial.images.recipes import RECIPES
from seatrial.images.standins import FAMILIES, SERVED
from seatrial.ports.storage import Credentials, StoreAddress
from seatrial.runners.privileges import JOB_CAPABILITIES

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    local = [target for target in targets if "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


def test_every_anchor_is_there() -> None:
    for page in PAGES:
        for target, anchor in re.findall(r"\]\(([^)#]*)#([^)]+)\)", page.read_text()):
            assert f'<a id="{anchor}">' in (page.parent / target).read_text(), f"{page}: {target}#{anchor}"


def test_the_index_names_everything_in_docs() -> None:
    index = (DOCS / "README.md").read_text()
    assert [
        entry.name for entry in DOCS.iterdir() if entry.name != "README.md" and entry.name not in index
    ] == []


def test_the_page_on_images_names_every_stand_in_and_every_variable() -> None:
    page = (DOCS / "images.md").read_text()
    families = {re.split(r"[^a-z-]", name)[0].rstrip("-") for name in FAMILIES}
    images = {RECIPES[name].repository for name in SERVED}
    variables = {*network.BUNDLE_VARIABLES, *network.PROXY_VARIABLES, *network.GO_VARIABLES}
    assert {name for name in families | images | variables if name not in page} == set()


def test_the_page_on_running_names_all_that_a_container_is_given() -> None:
    page = (DOCS / "how-it-runs.md").read_text()
    address = StoreAddress("http://store", "http://store", "bridge", Credentials("key", "secret"))
    given = job_environment({}, address, Credentials("key", "secret", "token"), set_default_region=True)
    assert {name for name in (*given, *JOB_CAPABILITIES) if f"`{name}`" not in page} == set()
