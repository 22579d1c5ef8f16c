"""An output by name into a folder; must not know which store it is."""

from __future__ import annotations

import difflib
from pathlib import Path

from seatrial.errors import RefusedError
from seatrial.outputs.fetching import Patience, fetch, relative_path
from seatrial.outputs.info import S3OutputInfo
from seatrial.outputs.object_list import relative_key
from seatrial.outputs.receipts import objects_of
from seatrial.outputs.registry import S3OutputPathRegistry
from seatrial.ports.storage import Download, ObjectStore, StoredObject


def download(
    store: ObjectStore, registry: S3OutputPathRegistry, step: str, output: str, folder: Path
) -> list[Path]:
    """Fetch the objects that the step wrote for this output; the files, in key order.

    Exactly what was registered is fetched: what lies beside it in the store is left there, and what the
    folder holds already is not fetched again.
    """
    info = find_output(registry, step, output)
    objects = written_objects(info)
    wanted = [Download(stored, target_of(stored, info.s3_uri, folder)) for stored in objects]
    folder.mkdir(parents=True, exist_ok=True)
    fetch(store, wanted, Patience())
    return [item.target for item in wanted]


def read_output_name(text: str) -> tuple[str, str]:
    """Step and output of `STEP.OUTPUT`; a step's name holds no dot."""
    step, _, output = text.partition(".")
    if not step or not output:
        raise RefusedError(
            f"{text!r} is not STEP.OUTPUT", slug="bad-output", hint="list what there is: seatrial outputs"
        )
    return step, output


def written_objects(info: S3OutputInfo) -> tuple[StoredObject, ...]:
    """What the output consists of; an empty one is an error."""
    objects = objects_of(info)
    if not objects:
        raise RefusedError(
            f"{info.step_name}.{info.logical_name} is empty: the step wrote nothing there",
            slug="empty-output",
            where=info.s3_uri,
            hint=f"see what the step did: seatrial logs {info.step_name}",
        )
    return objects


def find_output(registry: S3OutputPathRegistry, step: str, output: str) -> S3OutputInfo:
    """The output of that name; where there is none, an error that lists what there is."""
    info = registry.get_step_output_info(step, output)
    if info is not None:
        return info
    there = [
        f"{name}.{logical}" for name in registry.list_all_steps() for logical in registry.step_outputs[name]
    ]
    # Another step's output is only meant where that step is called nearly the same.
    meant = difflib.get_close_matches(step, registry.list_all_steps(), n=1)
    near = difflib.get_close_matches(
        f"{step}.{output}", [name for name in there if name.partition(".")[0] in meant], n=1, cutoff=0.5
    )
    raise RefusedError(
        f"there is no output {step}.{output}; there is {', '.join(there) or 'none at all'}",
        slug="unknown-output",
        where=f"{step}.{output}",
        hint=f"did you mean {near[0]}?" if near else "list what is there: seatrial outputs",
    )


def target_of(stored: StoredObject, root: str, folder: Path) -> Path:
    """The file that an object of the output at `root` becomes."""
    return folder / relative_path(relative_key(stored, root), stored)
