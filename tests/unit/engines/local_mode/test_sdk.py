"""The SDK is optional, and only one of its versions has a local mode."""

from __future__ import annotations

import pytest

from seatrial.engines.local_mode import sdk
from seatrial.errors import RefusedError


@pytest.mark.parametrize(("version", "slug"), [(None, "sdk-missing"), ("3.27.0", "sdk-without-local-mode")])
def test_without_version_2_of_the_sdk_nothing_runs(
    version: str | None, slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sdk, "installed_version", lambda: version)
    with pytest.raises(RefusedError) as refused:
        sdk.require_sdk()
    assert (refused.value.slug, refused.value.hint) == (slug, "pip install 'seatrial[sdk-v2]'")


def test_version_2_will_do() -> None:
    sdk.require_sdk()
