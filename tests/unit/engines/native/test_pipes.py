"""Pipe mode: what a container reads from its pipes, and that nobody waits for it longer than it lives."""

from __future__ import annotations

import gzip
import io
import json
import os
import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from seatrial.engines.job import FailedJobError
from seatrial.engines.native import recordio, streams
from seatrial.engines.native.pipes import Pipe, feeding
from seatrial.engines.native.streams import StagedObject, Stream
from seatrial.engines.reading import Reading
from seatrial.engines.serving.records import split
from seatrial.errors import EnvironmentUnfitError
from seatrial.ports.jobs import JobResult
from tests.adapters.memory_runner import Inside
from tests.unit.engines.native.requests import Bench, processing_input

CHANNEL = "/opt/ml/input/data/train"
Read = Callable[[int], bytes]


def channel(**members: Any) -> dict[str, Any]:
    """A channel of Pipe mode; members of its data source may be given by their own names."""
    named = {name: members.pop(name) for name in ("S3DataType", "S3Uri", "AttributeNames") if name in members}
    source = {"S3DataType": "S3Prefix", "S3Uri": "s3://bucket/data/", **named}
    return {"ChannelName": "train", "InputMode": "Pipe", "DataSource": {"S3DataSource": source}, **members}


def read(inside: Inside, path: str = CHANNEL, limit: int = -1) -> Read:
    """Reads an epoch's pipe, waiting for it to appear."""

    def epoch(number: int) -> bytes:
        fifo = inside.path(f"{path}_{number}")
        while not fifo.exists():
            inside.sleep(0.005)
        with fifo.open("rb", buffering=0) as opened:
            return opened.read(limit) if limit >= 0 else opened.readall()

    return epoch


def train(
    folder: Path, program: Callable[[Read], object], *channels: dict[str, Any], **objects: bytes
) -> tuple[Bench, JobResult]:
    """Run a job whose program reads epochs; objects are named by their keys below `data/`."""

    def run(inside: Inside) -> int:
        program(read(inside))
        return 0

    bench = Bench(folder, run)
    bench.store.contents["bucket"] = {f"data/{name}": content for name, content in objects.items()}
    return bench, bench.train(InputDataConfig=list(channels) or [channel()])


def completed(result: JobResult) -> bool:
    return bool(result.describe["TrainingJobStatus"] == "Completed")


@pytest.fixture(autouse=True)
def _nobody_is_left() -> Any:
    before = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= before


def test_every_epoch_is_all_objects_in_the_order_of_their_keys(tmp_path: Path) -> None:
    epochs: list[bytes] = []
    big = os.urandom(300_000)
    _, result = train(
        tmp_path, lambda read: epochs.extend(map(read, range(3))), b=big, a=b"first,", c=b",last"
    )
    assert completed(result), result.describe
    assert epochs == [b"first," + big + b",last"] * 3
    [receipt] = result.inputs
    assert [item.key for item in receipt.objects] == ["data/a", "data/b", "data/c"]
    assert receipt.container_path == CHANNEL
    assert result.describe["InputDataConfig"] == [channel()]


def test_an_epoch_may_be_closed_early(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def run(inside: Inside) -> int:
        seen.append(read(inside, limit=10)(0))
        seen.append(read(inside)(1)[-10:])
        return 0

    bench = Bench(tmp_path, run)
    bench.store.contents["bucket"] = {"data/a": bytes(1 << 20) + b"0123456789"}
    assert completed(bench.train(InputDataConfig=[channel()]))
    assert seen == [bytes(10), b"0123456789"]


def test_a_pipe_goes_with_its_epoch_and_there_is_no_folder(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def run(inside: Inside) -> int:
        root = inside.path("/opt/ml/input/data")
        seen.append(sorted(path.name for path in root.iterdir()))
        read(inside)(0)
        read(inside)(1)
        while (inside.path(f"{CHANNEL}_1")).exists():
            inside.sleep(0.005)
        seen.append(sorted(path.name for path in root.iterdir() if path.name != "train_2"))
        return 0

    bench = Bench(tmp_path, run)
    bench.store.contents["bucket"] = {"data/a": b"a"}
    assert completed(bench.train(InputDataConfig=[channel()]))
    assert seen == [["train_0"], []]


def test_a_container_that_never_opens_its_pipe_is_waited_for_by_nobody(tmp_path: Path) -> None:
    _, result = train(tmp_path, lambda read: None, a=b"a")
    assert completed(result)


def test_a_container_that_ends_in_the_middle_of_an_epoch_leaves_nobody_writing(tmp_path: Path) -> None:
    held: list[int] = []

    def run(inside: Inside) -> int:
        held.append(os.open(inside.path(f"{CHANNEL}_0"), os.O_RDONLY))
        os.read(held[0], 10)
        return 0

    bench = Bench(tmp_path, run)
    bench.store.contents["bucket"] = {"data/a": bytes(1 << 20)}
    try:
        assert completed(bench.train(InputDataConfig=[channel()]))
    finally:
        os.close(held[0])


def test_a_job_that_waits_for_its_pipe_runs_to_its_limit(tmp_path: Path) -> None:
    def run(inside: Inside) -> int:
        inside.sleep(60)
        return 0

    bench = Bench(tmp_path, run, stop_grace_seconds=0)
    bench.store.contents["bucket"] = {"data/a": bytes(1 << 20)}
    limit = {"MaxRuntimeInSeconds": 0.1}
    result = bench.train(InputDataConfig=[channel()], StoppingCondition=limit)
    assert result.describe["SecondaryStatus"] == "MaxRuntimeExceeded"


def test_compressed_objects_are_unpacked_on_their_way(tmp_path: Path) -> None:
    seen: list[bytes] = []
    packed = gzip.compress(b"one,") + gzip.compress(b"two,")
    _, result = train(
        tmp_path,
        lambda read: seen.append(read(0)),
        channel(CompressionType="Gzip"),
        a=packed,
        b=gzip.compress(b"three"),
    )
    assert completed(result)
    assert seen == [b"one,two,three"]


@pytest.mark.parametrize("data", [b"no gzip", gzip.compress(bytes(1000))[:-10]], ids=["other", "cut"])
def test_what_cannot_be_unpacked_fails_the_job_whatever_its_container_makes_of_the_rest(
    tmp_path: Path, data: bytes
) -> None:
    _, result = train(tmp_path, lambda read: read(0), channel(CompressionType="Gzip"), a=data)
    assert result.describe["TrainingJobStatus"] == "Failed"
    reason = result.describe["FailureReason"]
    assert reason.startswith(
        "ClientError: Failed to download data. s3://bucket/data/a: it cannot be unpacked"
    )


def test_what_a_job_had_saved_before_its_data_broke_is_not_lost(tmp_path: Path) -> None:
    def run(inside: Inside) -> int:
        inside.write("/opt/ml/checkpoints/1", "saved")
        inside.say("loss=0.5\n")
        read(inside)(0)
        return 0

    bench = Bench(tmp_path, run)
    bench.store.contents["bucket"] = {"data/a": b"no gzip"}
    algorithm = {"TrainingImage": "image:1", "TrainingInputMode": "File"}
    metric = {"Name": "loss", "Regex": "loss=([0-9.]+)"}
    result = bench.train(
        InputDataConfig=[channel(CompressionType="Gzip")],
        CheckpointConfig={"S3Uri": "s3://bucket/checkpoints"},
        AlgorithmSpecification={**algorithm, "MetricDefinitions": [metric]},
    )
    assert "it cannot be unpacked as Gzip" in result.describe["FailureReason"]
    assert bench.store.contents["bucket"]["checkpoints/1"] == b"saved"
    assert [item.name for item in result.outputs] == ["checkpoints"]
    assert result.describe["FinalMetricDataList"][0]["Value"] == 0.5


def test_what_is_packed_without_an_end_is_not_unpacked_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (recordio, streams):
        monkeypatch.setattr(module, "LONGEST", 2 << 20)
    packed = tmp_path / "packed"
    packed.write_bytes(gzip.compress(bytes(64 << 20), 1))
    wrapped = Reading(mode="Pipe", gzip=True, record_io=True)
    stream = Stream([[StagedObject("s3://bucket/packed", packed)]], wrapped)
    tracemalloc.start()
    with pytest.raises(FailedJobError, match="s3://bucket/packed: a RecordIO record can have 2097152 bytes"):
        list(stream.epoch(0))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 16 << 20


def test_each_object_is_one_record_if_it_is_to_be_wrapped(tmp_path: Path) -> None:
    seen: list[bytes] = []
    wrapped = channel(RecordWrapperType="RecordIO", CompressionType="Gzip")
    objects = {name: gzip.compress(name.encode() * 5) for name in ("a", "b")}
    _, result = train(tmp_path, lambda read: seen.append(read(0)), wrapped, **objects)
    assert completed(result)
    records = split(io.BytesIO(seen[0]), "RecordIO")
    assert [record.content for record in records] == [b"aaaaa", b"bbbbb"]


def test_a_seed_gives_every_epoch_its_own_order_and_the_same_in_every_run(tmp_path: Path) -> None:
    def epochs(folder: Path) -> list[bytes]:
        seen: list[bytes] = []
        objects = {name: name.encode() for name in "abcdefgh"}
        shuffled = channel(ShuffleConfig={"Seed": 7})
        train(folder, lambda read: seen.extend(map(read, range(3))), shuffled, **objects)
        return seen

    runs = [epochs(tmp_path / str(number)) for number in range(2)]
    assert runs[0] == runs[1]
    assert len(set(runs[0])) == 3
    assert {bytes(sorted(epoch)) for epoch in runs[0]} == {b"abcdefgh"}


def test_a_manifest_says_what_is_sent_and_in_which_order(tmp_path: Path) -> None:
    seen: list[bytes] = []
    listed = channel(S3DataType="ManifestFile", S3Uri="s3://bucket/data/list")
    manifest = json.dumps([{"prefix": "s3://bucket/data/"}, "c", "a", "c"]).encode()
    _, result = train(
        tmp_path, lambda read: seen.append(read(0)), listed, a=b"a", b=b"b", c=b"c", list=manifest
    )
    assert completed(result)
    assert seen == [b"cac"]
    assert [item.key for item in result.inputs[0].objects] == ["data/list", "data/c", "data/a"]


def lines(*found: dict[str, Any]) -> bytes:
    return "".join(json.dumps(line) + "\n" for line in found).encode()


AUGMENTED = lines(
    {"image-ref": "s3://bucket/data/a", "label": 1},
    {"label": 0, "image-ref": "s3://bucket/data/b", "other": "x"},
)


@pytest.mark.parametrize("wrapper", ["None", "RecordIO"])
def test_an_augmented_manifest_sends_its_attributes(tmp_path: Path, wrapper: str) -> None:
    seen: list[bytes] = []
    asked = channel(
        S3DataType="AugmentedManifestFile",
        S3Uri="s3://bucket/data/list",
        AttributeNames=["image-ref", "label"],
        RecordWrapperType=wrapper,
    )
    _, result = train(
        tmp_path, lambda read: seen.append(read(0)), asked, a=b"image", b=b"other", list=AUGMENTED
    )
    assert completed(result), result.describe
    if wrapper == "None":
        assert seen == [b"image1other0"]
    else:
        records = split(io.BytesIO(seen[0]), "RecordIO")
        assert [record.content for record in records] == [b"image", b"1", b"other", b"0"]
    assert [item.key for item in result.inputs[0].objects] == ["data/list", "data/a", "data/b"]


def test_a_shuffle_keeps_the_attributes_of_a_line_together(tmp_path: Path) -> None:
    seen: list[bytes] = []
    asked = channel(
        S3DataType="AugmentedManifestFile",
        S3Uri="s3://bucket/data/list",
        AttributeNames=["name", "number"],
        ShuffleConfig={"Seed": 3},
    )
    manifest = lines(*({"name": name, "number": ord(name) % 10} for name in "abcdefgh"))
    _, result = train(tmp_path, lambda read: seen.extend(map(read, range(2))), asked, list=manifest)
    assert completed(result)
    pairs = [{epoch[at : at + 2] for at in range(0, 16, 2)} for epoch in map(bytes.decode, seen)]
    assert pairs == [{f"{name}{ord(name) % 10}" for name in "abcdefgh"}] * 2
    assert seen[0] != seen[1]


def test_a_processing_input_has_its_pipe_beside_where_its_folder_would_be(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def run(inside: Inside) -> int:
        seen.append(read(inside, "/opt/ml/processing/in/data")(0))
        assert not inside.path("/opt/ml/processing/in/data").exists()
        return 0

    bench = Bench(tmp_path, run)
    bench.store.contents["bucket"] = {"data/a": gzip.compress(b"a"), "file/x": b"x"}
    piped = processing_input("data", "s3://bucket/data/", "/opt/ml/processing/in/data")
    piped["S3Input"].update(S3InputMode="Pipe", S3CompressionType="Gzip")
    result = bench.process(ProcessingInputs=[piped, processing_input("file", "s3://bucket/file/")])
    assert result.describe["ProcessingJobStatus"] == "Completed"
    assert seen == [b"a"]


def test_what_another_channel_has_in_the_place_of_a_pipe_fails_the_job(tmp_path: Path) -> None:
    other = {**channel(), "ChannelName": "train_0", "InputMode": "File"}
    _, result = train(tmp_path, lambda read: None, channel(), other, a=b"a")
    assert "Something else is where train_0 should be" in result.describe["FailureReason"]


def test_a_container_may_put_anything_in_the_place_of_its_pipes(tmp_path: Path) -> None:
    victim = tmp_path / "victim"
    victim.write_text("untouched")

    def run(inside: Inside) -> int:
        for number in range(3):
            path = inside.path(f"{CHANNEL}_{number}")
            if path.exists():
                path.unlink()
            path.symlink_to(victim)
        inside.sleep(0.05)
        return 0

    bench = Bench(tmp_path, run)
    bench.store.contents["bucket"] = {"data/a": b"changed"}
    bench.train(InputDataConfig=[channel()])
    assert victim.read_text() == "untouched"
    assert victim.stat().st_mode & 0o777 != 0o666


def test_an_engine_that_does_not_see_our_files_has_no_pipes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(tmp_path)
    monkeypatch.setattr(bench.runner, "shows", lambda folder, image: False)
    bench.store.contents["bucket"] = {"data/a": b"a"}
    with pytest.raises(EnvironmentUnfitError, match="train of job-1 come through pipes") as raised:
        bench.train(InputDataConfig=[channel()])
    assert raised.value.slug == "pipes-not-shared"


def test_a_feeder_that_fails_ends_the_container_and_is_heard_of(tmp_path: Path) -> None:
    ended = threading.Event()
    (tmp_path / "data_1").touch()  # where the second epoch's pipe will have to be
    pipe = Pipe(tmp_path / "data", Stream([(b"x",)], Reading(mode="Pipe")))

    def container() -> None:
        with feeding([pipe], ended.set):
            assert (tmp_path / "data_0").read_bytes() == b"x"
            assert ended.wait(5)

    with pytest.raises(FailedJobError, match="Something else is where data_1"):
        container()


def test_every_host_has_pipes_of_its_own_and_a_share_of_the_lines(tmp_path: Path) -> None:
    seen: list[bytes] = []

    def run(inside: Inside) -> int:
        seen.append(read(inside)(0))
        return 0

    bench = Bench(tmp_path, run)
    bench.store.contents["bucket"] = {"data/list": lines(*({"name": name} for name in "abcd"))}
    asked = channel(
        S3DataType="AugmentedManifestFile", S3Uri="s3://bucket/data/list", AttributeNames=["name"]
    )
    asked["DataSource"]["S3DataSource"]["S3DataDistributionType"] = "ShardedByS3Key"
    result = bench.train(
        InputDataConfig=[asked],
        ResourceConfig={"InstanceCount": 2, "InstanceType": "ml.m5.large", "VolumeSizeInGB": 30},
    )
    assert completed(result), result.describe
    assert sorted(seen) == [b"ac", b"bd"]
