"""What is said when a step's image cannot be had: the ways out, and a name that may be a slip."""

from __future__ import annotations

import pytest

from seatrial.app.images import make_images
from seatrial.app.parts import Parts
from seatrial.errors import ImageError
from seatrial.reports.plan import PlannedImage
from seatrial.settings import Settings, SubstituteSettings
from tests.adapters.memory_images import MemoryImages

LOADER = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ours/loader:4"


def hint_with(settings: Settings) -> str:
    parts = Parts(settings, print)
    vars(parts).update(images=MemoryImages())
    with pytest.raises(ImageError) as refused:
        make_images(parts, {"LoadOrders": PlannedImage(LOADER, None)})
    return refused.value.hint or ""


def test_a_substitute_is_a_way_out(settings: Settings) -> None:
    last = hint_with(settings).splitlines()[-1]
    assert last == 'or give the step\'s outcome there, under [substitutes."LoadOrders"] (docs/substitutes.md)'


def test_a_substitute_for_nearly_that_name_is_told(settings: Settings) -> None:
    given = {
        "LoadOrder": SubstituteSettings(outputs={"orders": "data"}),
        "Train": SubstituteSettings(image="a"),
    }
    hint = hint_with(settings.model_copy(update={"substitutes": given}))
    assert hint.endswith("(docs/substitutes.md); the settings have one for 'LoadOrder'")
