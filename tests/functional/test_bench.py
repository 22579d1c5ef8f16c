"""The part of the bench that needs no SDK, once and small, against real containers."""

from __future__ import annotations

import shutil
from pathlib import Path

import docker
from benchmarks.__main__ import lines, measure
from benchmarks.bare import LABEL
from benchmarks.bench import Scale, bench_room
from benchmarks.comparisons import COMPARISONS
from benchmarks.objects import Data

from seatrial.images import Images

SMALL = Scale(
    repetitions=1,
    fewest=1,
    chain=2,
    sleepers=2,
    sleep_seconds=0.1,
    unwatched_seconds=0.0,
    large=Data(1, 2_000_000),
    small=Data(20, 10_000),
    steps=(20, 40, 80),
)


def test_the_quick_part_measures_every_target_that_needs_no_sdk(
    docker_client: docker.DockerClient, images: Images, tmp_path: Path
) -> None:
    images.ensure("base")
    # curl stands on the other side of two comparisons, and a bare Debian has none.
    chosen = [each for each in COMPARISONS if shutil.which("curl") or each.name not in ("large", "small")]
    with bench_room(SMALL, local_mode=False, say=print, parent=tmp_path) as bench:
        results = measure(bench, chosen)
    targets = [target for comparison in chosen for target in comparison.targets]
    missing = {target.name for target in targets if target.measured(results) is None}
    assert missing == {"chained-local", "small-local"} & {target.name for target in targets}
    assert all(
        value >= 0 for name in ("step", "container") for value in results.of(f"chained.seatrial.{name}")
    )
    assert results.of("start.heavy") == [0.0]
    container, step = results.of("chained.seatrial.container")[0], results.of("chained.seatrial.step")[0]
    assert 0 < container < step < 10
    assert len(list(lines(results, chosen))) == len(targets)
    assert list(tmp_path.iterdir()) == []
    assert docker_client.containers.list(all=True, filters={"label": LABEL}) == []
