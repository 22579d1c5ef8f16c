"""What is said when a step's image cannot be had: the ways out, and a name that may be a slip."""

from __future__ import annotations

import pytest

from seatrial.app.images import make_images
from seatrial.app.parts import Parts
from seatrial.definition import PipelineDefinition
from seatrial.errors import ImageError
from seatrial.reports.plan import PlannedImage
from seatrial.settings import Settings, SubstituteSettings
from tests.adapters.memory_images import MemoryImages
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing, training

LOADER = "123456789012.dkr.ecr.us-east-1.amazonaws.com/ours/loader:4"


DEFINITION = pipeline(
    processing("LoadOrders", outputs={"orders": join(PREFIX, "orders")}, image=LOADER),
    training("Train", {"train": output_of("LoadOrders", "orders")}),
)


def hint_with(settings: Settings, definition: PipelineDefinition | None = DEFINITION) -> list[str]:
    parts = Parts(settings, print)
    vars(parts).update(images=MemoryImages())
    with pytest.raises(ImageError) as refused:
        make_images(parts, {"LoadOrders": PlannedImage(LOADER, None)}, definition)
    return (refused.value.hint or "").splitlines()


def test_a_substitute_is_a_way_out_with_the_lines_to_write(settings: Settings) -> None:
    assert hint_with(settings)[-3:] == [
        "or give the step's outcome there (docs/substitutes.md):",
        '[substitutes."LoadOrders"]',
        'outputs = { orders = "a folder or file" }',
    ]


def test_a_substitute_for_nearly_that_name_is_told(settings: Settings) -> None:
    given = {
        "LoadOrder": SubstituteSettings(outputs={"orders": "data"}),
        "Train": SubstituteSettings(image="a"),
    }
    hint = hint_with(settings.model_copy(update={"substitutes": given}))
    assert hint[-3].endswith("(docs/substitutes.md); the settings have one for 'LoadOrder':")


def test_what_goes_on_takes_no_new_substitute_and_is_offered_none(settings: Settings) -> None:
    assert not any("substitutes" in line for line in hint_with(settings, None))
