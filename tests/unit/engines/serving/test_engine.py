"""One transform job: what the model is asked, what becomes of its answers, how the job ends."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest

from seatrial.ports.jobs import JobResult
from seatrial.ports.runners import JobOutcome
from tests.adapters.memory_images import MemoryImages
from tests.adapters.memory_server import Asked, Dies, MemoryServer
from tests.unit.engines.native.test_engine import _sagemaker, misfits
from tests.unit.engines.serving.bench import MODEL_DATA, Bench, model

Response = tuple[int, bytes]


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    found = Bench(tmp_path)
    found.put("in/a.csv", b"1\n2\n")
    return found


def reason(result: JobResult) -> str:
    return str(result.describe["FailureReason"])


def status(result: JobResult) -> str:
    return str(result.describe["TransformJobStatus"])


def upper(asked: Asked) -> Response:
    return 200, asked.body.upper()


def refuses(word: bytes, answer: int) -> MemoryServer:
    """A model that answers so to whatever contains the word."""
    return MemoryServer(lambda asked: (answer, b"why\nnot") if word in asked.body else (200, asked.body))


class TestOutputs:
    """Objects beside objects."""

    def test_every_object_has_an_output_of_its_name_below_the_output_path(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, MemoryServer(upper))
        bench.put("in/a.csv", b"a")
        bench.put("in/deep/er/b.csv", b"b")
        bench.put("in/deep/", b"")
        bench.put("elsewhere/c.csv", b"c")
        result = bench.run()
        assert status(result) == "Completed"
        assert bench.written == {"a.csv.out": b"A", "deep/er/b.csv.out": b"B"}

    @pytest.mark.parametrize("uri", ["s3://bucket/in/a.csv", "s3://bucket/in/a"])
    def test_a_single_object_or_the_beginning_of_a_name_keeps_the_file_s_own(
        self, bench: Bench, uri: str
    ) -> None:
        bench.run(S3Uri=uri)
        assert list(bench.written) == ["a.csv.out"]

    def test_an_object_without_records_has_an_output_without_content(self, bench: Bench) -> None:
        bench.put("in/empty.csv", b"")
        bench.run(SplitType="Line")
        assert bench.written["empty.csv.out"] == b""
        assert bench.bodies == [b"1\n2\n"]

    def test_a_manifest_says_which_objects_and_what_their_outputs_are_called(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, MemoryServer(upper))
        for key in ("in/a.csv", "in/deep/b.csv", "in/c.csv"):
            bench.put(key, key[-5:-4].encode())
        bench.put("list.manifest", b'[{"prefix": "s3://bucket/in/"}, "deep/b.csv", "a.csv"]')
        result = bench.run(S3DataType="ManifestFile", S3Uri="s3://bucket/list.manifest")
        assert bench.written == {"a.csv.out": b"A", "deep/b.csv.out": b"B"}
        read = next(receipt for receipt in result.inputs if receipt.name == "transform")
        assert [item.key for item in read.objects] == ["list.manifest", "in/deep/b.csv", "in/a.csv"]

    def test_a_manifest_that_names_what_is_not_there_fails_the_job(self, bench: Bench) -> None:
        bench.put("list.manifest", b'[{"prefix": "s3://bucket/in/"},\n"gone.csv"]')
        result = bench.run(S3DataType="ManifestFile", S3Uri="s3://bucket/list.manifest")
        assert "line 2: s3://bucket/in/gone.csv: no such object" in result.describe["FailureReason"]

    def test_the_receipts_tell_of_data_model_and_outputs(self, bench: Bench) -> None:
        bench.put("out/old.out", b"of another run")
        result = bench.run()
        assert {each.name: [item.key for item in each.objects] for each in result.inputs} == {
            "transform": ["in/a.csv"],
            "model": ["model/model.tar.gz"],
        }
        (output,) = result.outputs
        assert (output.name, output.property_path) == ("transform", "TransformOutput.S3OutputPath")
        assert [item.key for item in output.objects] == ["out/a.csv.out"]
        assert [item.key for item in output.existing] == ["out/old.out"]

    def test_nothing_is_left_but_the_log(self, bench: Bench) -> None:
        bench.run()
        assert [path.name for path in bench.folder.iterdir()] == ["log.txt"]


class TestContainer:
    """What is started, and what it finds."""

    def test_the_image_is_told_to_serve_and_finds_the_model_unpacked(self, bench: Bench) -> None:
        bench.run()
        (spec,) = bench.server.specs
        assert (spec.entrypoint, spec.command, spec.image) == (None, ("serve",), "image:1")
        assert spec.memory_bytes == 8 * 1024**3
        assert bench.server.files["/opt/ml/model/weights.bin"] == b"heavy"

    def test_the_job_s_environment_wins_over_the_model_s(self, bench: Bench) -> None:
        bench.run(Environment={"OF": "job"})
        environment = bench.server.specs[0].environment
        assert (environment["OF"], environment["MODEL"], environment["SAGEMAKER_BATCH"]) == (
            "job",
            "1",
            "true",
        )

    def test_only_what_the_request_sets_is_told(self, bench: Bench) -> None:
        bench.run()
        bench.run(BatchStrategy="SingleRecord", MaxPayloadInMB=3, MaxConcurrentTransforms=2)
        first, second = (
            {name: text for name, text in spec.environment.items() if name.startswith("SAGEMAKER_")}
            for spec in bench.server.specs
        )
        assert first == {"SAGEMAKER_BATCH": "true"}
        assert second == {
            "SAGEMAKER_BATCH": "true",
            "SAGEMAKER_BATCH_STRATEGY": "SINGLE_RECORD",
            "SAGEMAKER_MAX_PAYLOAD_IN_MB": "3",
            "SAGEMAKER_MAX_CONCURRENT_TRANSFORMS": "2",
        }

    def test_an_isolated_model_has_neither_network_nor_keys(self, bench: Bench) -> None:
        bench.run(model(EnableNetworkIsolation=True))
        (spec,) = bench.server.specs
        assert spec.network is None
        assert not {name for name in spec.environment if "KEY" in name or "ENDPOINT" in name}

    def test_a_model_without_data_finds_an_empty_folder(self, bench: Bench) -> None:
        bench.run(model(PrimaryContainer={"Image": "image:1"}))
        assert not [name for name in bench.server.files if name.startswith("/opt/ml/model")]

    def test_a_model_of_one_container_in_a_list_is_a_model(self, bench: Bench) -> None:
        described = model(Containers=[{"Image": "listed:1"}])
        del described["PrimaryContainer"]
        bench.run(described)
        assert bench.server.specs[0].image == "listed:1"


class TestRequests:
    """What the model is asked."""

    def test_the_types_of_content_are_headers_and_nothing_else_is_sent(self, bench: Bench) -> None:
        bench.run(ContentType="text/csv", Accept="application/json")
        bench.run()
        first, second = (asked.headers for asked in bench.server.asked)
        assert (first["Content-Type"], first["Accept"]) == ("text/csv", "application/json")
        assert not {"Content-Type", "Accept"} & second.keys()

    @pytest.mark.parametrize(
        ("members", "bodies"),
        [
            ({}, [b"1\n2\n"]),
            ({"BatchStrategy": "SingleRecord"}, [b"1\n2\n"]),
            ({"SplitType": "Line"}, [b"1\n2\n"]),
            ({"SplitType": "Line", "BatchStrategy": "SingleRecord"}, [b"1", b"2"]),
        ],
        ids=str,
    )
    def test_objects_are_split_as_the_request_says(
        self, bench: Bench, members: dict[str, Any], bodies: list[bytes]
    ) -> None:
        bench.run(**members)
        assert bench.bodies == bodies

    def test_compressed_objects_are_read_as_what_they_hold(self, bench: Bench) -> None:
        bench.put_zipped("in/a.csv", b"3\n4\n")
        bench.run(CompressionType="Gzip", SplitType="Line")
        assert bench.written == {"a.csv.out": b"3\n4\n"}

    def test_files_are_never_combined(self, bench: Bench) -> None:
        bench.put("in/b.csv", b"3\n")
        bench.run(SplitType="Line", BatchStrategy="MultiRecord")
        assert bench.bodies == [b"1\n2\n", b"3\n"]

    @pytest.mark.parametrize(
        ("members", "said"),
        [
            ({}, "MaxConcurrentTransforms=3, MaxPayloadInMB=2, BatchStrategy=SINGLE_RECORD"),
            (
                {"BatchStrategy": "MultiRecord", "MaxPayloadInMB": 5, "MaxConcurrentTransforms": 1},
                "MaxConcurrentTransforms=1, MaxPayloadInMB=5, BatchStrategy=MULTI_RECORD",
            ),
        ],
    )
    def test_the_request_wins_over_the_container_and_it_over_the_defaults(
        self, tmp_path: Path, members: dict[str, Any], said: str
    ) -> None:
        wishes = b'{"MaxConcurrentTransforms": 3, "BatchStrategy": "SINGLE_RECORD", "MaxPayloadInMB": 2}'
        bench = Bench(tmp_path, MemoryServer(parameters=(200, wishes)))
        bench.put("in/a.csv", b"1\n")
        bench.run(SplitType="Line", **members)
        assert f"[sagemaker logs]: {said}\n" in bench.log

    @pytest.mark.parametrize("answer", [(404, b""), (200, b"no json"), (200, b"[]"), (500, b"{}")])
    def test_a_container_without_wishes_gets_the_defaults(self, tmp_path: Path, answer: Response) -> None:
        bench = Bench(tmp_path, MemoryServer(parameters=answer))
        bench.put("in/a.csv", b"1\n")
        bench.run()
        assert "MaxConcurrentTransforms=1, MaxPayloadInMB=6, BatchStrategy=MULTI_RECORD" in bench.log

    def test_a_payload_of_any_size_comes_in_chunks(self, bench: Bench) -> None:
        bench.run(MaxPayloadInMB=0)
        (asked,) = bench.server.asked
        assert (asked.headers["Transfer-Encoding"], asked.body) == ("chunked", b"1\n2\n")

    def test_so_many_requests_run_at_a_time_and_the_order_stays(self, tmp_path: Path) -> None:
        together = threading.Barrier(3)
        running, most, lock = [0], [0], threading.Lock()

        def late_first(asked: Asked) -> Response:
            with lock:
                running[0] += 1
                most[0] = max(most[0], running[0])
            if asked.body in (b"0", b"1", b"2"):
                together.wait(10)
            time.sleep(0.05 if asked.body in (b"0", b"3") else 0.0)
            with lock:
                running[0] -= 1
            return 200, asked.body

        bench = Bench(tmp_path, MemoryServer(late_first))
        bench.put("in/a.csv", b"0\n1\n2\n")
        bench.put("in/b.csv", b"3\n4\n5\n")
        bench.run(
            SplitType="Line", BatchStrategy="SingleRecord", AssembleWith="Line", MaxConcurrentTransforms=3
        )
        assert bench.written == {"a.csv.out": b"0\n1\n2\n", "b.csv.out": b"3\n4\n5\n"}
        assert most == [3]


class TestAnswers:
    """What becomes of them."""

    @pytest.mark.parametrize(
        ("assemble", "ending", "whole"),
        [
            ("None", b"", b"12"),
            ("Line", b"", b"1\n2\n"),
            ("Line", b"\n", b"1\n2\n"),
            ("None", b"\n", b"1\n2\n"),
        ],
    )
    def test_answers_are_put_together_as_they_are_or_by_line(
        self, tmp_path: Path, assemble: str, ending: bytes, whole: bytes
    ) -> None:
        bench = Bench(tmp_path, MemoryServer(lambda asked: (200, asked.body + ending)))
        bench.put("in/a.csv", b"1\n2\n")
        bench.run(SplitType="Line", BatchStrategy="SingleRecord", AssembleWith=assemble)
        assert bench.written == {"a.csv.out": whole}

    def test_predictions_are_joined_to_the_rows_they_are_for(self, tmp_path: Path) -> None:
        def double(asked: Asked) -> Response:
            return 200, b"".join(b"%d\n" % (2 * int(line)) for line in asked.body.split())

        bench = Bench(tmp_path, MemoryServer(double))
        bench.put("in/a.csv", b"id1,4\nid2,5\n")
        bench.run(
            ContentType="text/csv",
            Accept="text/csv",
            SplitType="Line",
            AssembleWith="Line",
            DataProcessing={"InputFilter": "$[1]", "JoinSource": "Input", "OutputFilter": "$[0,-1]"},
        )
        assert bench.bodies == [b"4\n5\n"]
        assert bench.written == {"a.csv.out": b"id1,8\nid2,10\n"}

    def test_ends_of_slices_are_included_if_the_setting_says_so(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, fidelity={"transform_slices_include_end": True})
        bench.put("in/a.csv", b"1,2,3\n")
        bench.run(ContentType="text/csv", SplitType="Line", DataProcessing={"InputFilter": "$[0:1]"})
        assert bench.bodies == [b"1,2\n"]


class TestFailures:
    """Objects that fail, and what fails the job."""

    def test_an_object_with_one_bad_record_has_no_output_and_the_others_have(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, refuses(b"bad", 500))
        bench.put("in/a.csv", b"1\n2\n")
        bench.put("in/b.csv", b"1\nbad\n3\n")
        bench.put("in/c.csv", b"3\n")
        result = bench.run(SplitType="Line", BatchStrategy="SingleRecord", AssembleWith="Line")
        assert bench.written == {"a.csv.out": b"1\n2\n", "c.csv.out": b"3\n"}
        assert [item.key for item in result.outputs[0].objects] == ["out/a.csv.out", "out/c.csv.out"]
        assert status(result) == "Failed"
        assert reason(result) == (
            "AlgorithmError: See job logs for more information "
            "(bucket/in/b.csv: Bad HTTP status received from algorithm: 500, of 3 objects)"
        )
        lines = [line.partition("[sagemaker logs]: ")[2] for line in bench.log.splitlines()]
        assert lines[1:] == [
            "bucket/in/b.csv: Bad HTTP status received from algorithm: 500",
            "bucket/in/b.csv: ",
            "bucket/in/b.csv: Message:",
            "bucket/in/b.csv: why",
            "bucket/in/b.csv: not",
        ]

    def test_a_request_that_fails_is_made_again(self, tmp_path: Path) -> None:
        tries: list[bytes] = []

        def third_time(asked: Asked) -> Response:
            tries.append(asked.body)
            return (200, b"well") if len(tries) == 3 else (503, b"")

        bench = Bench(tmp_path, MemoryServer(third_time))
        bench.put("in/a.csv", b"1")
        assert status(bench.run()) == "Completed"
        assert bench.written == {"a.csv.out": b"well"}

    @pytest.mark.parametrize(
        ("answer", "client", "asked"),
        [
            (500, {}, 4),
            (500, {"InvocationsMaxRetries": 0}, 1),
            (500, {"InvocationsMaxRetries": 2}, 3),
            (400, {}, 1),
        ],
    )
    def test_so_often_and_not_at_all_where_the_request_is_at_fault(
        self, tmp_path: Path, answer: int, client: dict[str, int], asked: int
    ) -> None:
        bench = Bench(tmp_path, refuses(b"bad", answer))
        bench.put("in/a.csv", b"bad")
        bench.run(ModelClientConfig=client)
        assert len(bench.bodies) == asked

    def test_what_the_model_refuses_is_the_client_s_error(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, refuses(b"bad", 415))
        bench.put("in/a.csv", b"bad")
        assert reason(bench.run()).startswith("ClientError: See job logs for more information")
        assert "bucket/in/a.csv: ClientError: 415\n" in bench.log

    def test_an_answer_that_takes_too_long_is_none(self, tmp_path: Path) -> None:
        def late(asked: Asked) -> Response:
            time.sleep(1.5)
            return 200, b""

        bench = Bench(tmp_path, MemoryServer(late))
        bench.put("in/a.csv", b"1")
        client = {"InvocationsTimeoutInSeconds": 1, "InvocationsMaxRetries": 0}
        result = bench.run(ModelClientConfig=client)
        assert reason(result).startswith("AlgorithmError: See job logs")
        assert "bucket/in/a.csv: Unable to get response from algorithm\n" in bench.log

    def test_a_record_that_is_too_large_fails_its_object_alone(self, bench: Bench) -> None:
        bench.put("in/large.csv", b"1\n" + b"x" * (1 << 20) + b"\n")
        result = bench.run(SplitType="Line", MaxPayloadInMB=1)
        assert list(bench.written) == ["a.csv.out"]
        assert "exceeds MaxPayloadInMB" in reason(result)

    @pytest.mark.parametrize(
        ("members", "said"),
        [
            ({"CompressionType": "Gzip"}, "cannot be decompressed"),
            ({"SplitType": "TFRecord"}, "in the middle of a record"),
            ({"ContentType": "text/csv", "DataProcessing": {"InputFilter": "$[7]"}}, "finds nothing"),
        ],
    )
    def test_an_object_that_is_not_what_the_request_says_fails(
        self, bench: Bench, members: dict[str, Any], said: str
    ) -> None:
        result = bench.run(**members)
        assert reason(result).startswith("ClientError: See job logs for more information")
        assert said in reason(result)
        assert bench.bodies == []

    @pytest.mark.parametrize(
        ("names", "written"),
        [
            (("a", "a.out/b"), ["a.out"]),
            (("long" * 63, "c"), ["c.out"]),
        ],
        ids=["another output is in its way", "the name is too long"],
    )
    def test_an_output_that_no_file_can_be_fails_its_object(
        self, tmp_path: Path, names: tuple[str, str], written: list[str]
    ) -> None:
        bench = Bench(tmp_path)
        for name in names:
            bench.put(f"in/{name}", b"1")
        result = bench.run()
        assert list(bench.written) == written
        assert "its output cannot be written" in reason(result)

    def test_more_than_one_bad_object_is_counted(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, refuses(b"bad", 400))
        for key in ("in/a", "in/b", "in/c"):
            bench.put(key, b"bad")
        assert reason(bench.run()).endswith("ClientError: 400, and 2 more of 3 objects)")

    def test_a_container_that_never_answers_a_ping_fails_the_job(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, MemoryServer(ping=lambda: 500), fidelity={"transform_ping_seconds": 0.1})
        bench.put("in/a.csv", b"1")
        assert reason(bench.run()).startswith(
            "AlgorithmError: Model container failed to respond to ping. Please ensure /ping endpoint is "
            "implemented and responds with an HTTP 200 status code"
        )
        assert bench.bodies == []

    def test_a_container_is_asked_once_it_is_ready(self, tmp_path: Path) -> None:
        began = time.monotonic()
        bench = Bench(tmp_path, MemoryServer(ping=lambda: 200 if time.monotonic() - began > 0.3 else 503))
        bench.put("in/a.csv", b"1")
        assert status(bench.run()) == "Completed"

    @pytest.mark.parametrize(
        ("members", "said"),
        [
            ({"exit_code": 1}, "AlgorithmError: the model container ended while it was needed, exit code: 1"),
            ({"exit_code": 0}, "AlgorithmError: the model container ended while it was needed, exit code: 0"),
            (
                {"exit_code": 127, "start_failure": 'exec: "serve": not found'},
                'AlgorithmError: entrypoint not found: exec: "serve": not found, exit code: 127',
            ),
            (
                {"exit_code": 137, "out_of_memory": True},
                "AlgorithmError: the container was killed for exceeding 8 GiB of ml.m5.large, exit code: 137",
            ),
            ({"exit_code": None, "lost": "the daemon died"}, "InternalServerError: the exit status"),
            ({"exit_code": 143, "timed_out": True}, "ClientError: the job exceeded 86400 seconds"),
        ],
        ids=lambda each: str(each)[:30],
    )
    def test_a_container_that_ends_before_it_is_ready_fails_the_job(
        self, tmp_path: Path, members: dict[str, Any], said: str
    ) -> None:
        now = datetime.now(timezone.utc)
        ended = JobOutcome(started_at=now, ended_at=now, **members)
        bench = Bench(tmp_path, MemoryServer(ends_at_once=ended))
        bench.put("in/a.csv", b"1")
        assert reason(bench.run()).startswith(said)

    def test_a_container_that_dies_of_a_request_fails_the_job_at_once(self, tmp_path: Path) -> None:
        def die(asked: Asked) -> Response:
            raise Dies(9)

        bench = Bench(tmp_path, MemoryServer(die))
        bench.put("in/a.csv", b"1")
        bench.put("in/b.csv", b"2")
        result = bench.run()
        assert reason(result) == "AlgorithmError: the model container ended while it was needed, exit code: 9"
        assert (bench.bodies, bench.written) == ([b"1"], {})


class TestStopping:
    """A job that is stopped."""

    def test_nothing_is_uploaded(self, tmp_path: Path) -> None:
        asked, asked_to_stop = threading.Event(), threading.Event()

        def wait(each: Asked) -> Response:
            if each.body == b"2":
                asked.set()
                asked_to_stop.wait(10)
            return 200, each.body

        bench = Bench(tmp_path, MemoryServer(wait))
        for key in "123":
            bench.put(f"in/{key}", key.encode())

        def stop() -> None:
            asked.wait(10)
            bench.engine.stop("job-1")
            asked_to_stop.set()

        thread = threading.Thread(target=stop)
        thread.start()
        result = bench.run()
        thread.join()
        assert (status(result), bench.written, result.outputs) == ("Stopped", {}, ())
        assert "FailureReason" not in result.describe
        assert b"3" not in bench.bodies

    def test_a_container_that_never_gets_ready_is_stopped_as_well(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, MemoryServer(ping=lambda: 503))
        bench.put("in/a.csv", b"1")
        threading.Timer(0.2, bench.engine.stop, ("job-1",)).start()
        assert status(bench.run()) == "Stopped"


class TestRefusals:
    """What is not begun."""

    def test_a_model_that_nobody_made_is_refused(self, bench: Bench) -> None:
        result = bench.engine.run(bench.request(None), bench.progress)
        assert result.refusal == 'ValidationException: Could not find model "model-1".'

    @pytest.mark.parametrize(
        ("members", "said"),
        [
            (
                {"MaxPayloadInMB": 60, "MaxConcurrentTransforms": 2},
                "/MaxPayloadInMB: 2 concurrent transforms",
            ),
            (
                {"ContentType": "text/csv", "DataProcessing": {"JoinSource": "Input"}},
                "/DataProcessing/JoinSource: a join needs an Accept that equals the ContentType",
            ),
            (
                {"SplitType": "Line", "DataProcessing": {"JoinSource": "Input"}},
                "/DataProcessing/JoinSource: a join needs an AssembleWith that equals the SplitType",
            ),
            (
                {"DataProcessing": {"InputFilter": "$..a"}},
                "/DataProcessing/InputFilter: '$..a' is not understood",
            ),
            (
                {"ContentType": "image/png", "DataProcessing": {"InputFilter": "$[0]"}},
                "/TransformInput/ContentType: DataProcessing knows text/csv",
            ),
            ({"DataCaptureConfig": {"DestinationS3Uri": "s3://b/c"}}, "/DataCaptureConfig: captured"),
        ],
        ids=lambda each: str(each)[:40],
    )
    def test_what_cannot_be_done_is_said_before_the_run_and_refused_in_it(
        self, bench: Bench, members: dict[str, Any], said: str
    ) -> None:
        request = bench.request(model(), **members)
        (line,) = bench.engine.unsupported("Transform", request.parameters)
        assert line.startswith(said)
        refusal = bench.engine.run(request, bench.progress).refusal
        assert refusal == f"ValidationException: not supported here: {line}"
        assert bench.server.specs == []

    def test_augmented_manifests_are_refused(self, bench: Bench) -> None:
        request = bench.request(model(), S3DataType="AugmentedManifestFile")
        (line,) = bench.engine.unsupported("Transform", request.parameters)
        assert "S3DataType: data type AugmentedManifestFile; " in line

    def test_expressions_contradict_nothing_before_they_have_a_value(self, bench: Bench) -> None:
        expression = {"Get": "Parameters.Type"}
        request = bench.request(
            model(),
            ContentType="text/csv",
            Accept=expression,
            MaxPayloadInMB=expression,
            MaxConcurrentTransforms=100,
            DataProcessing={"JoinSource": "Input", "InputFilter": expression},
        )
        assert bench.engine.unsupported("Transform", request.parameters) == []

    @pytest.mark.parametrize(
        ("container", "said"),
        [
            ({"Mode": "MultiModel"}, "/PrimaryContainer/Mode: a container with many models"),
            (
                {"ModelDataSource": {"S3DataSource": {}}},
                "/PrimaryContainer/ModelDataSource: ModelDataSource, which",
            ),
            (
                {"InferenceSpecificationName": "b"},
                "/PrimaryContainer/InferenceSpecificationName: one of several",
            ),
        ],
    )
    def test_a_model_that_cannot_be_served_is_refused(
        self, bench: Bench, container: dict[str, Any], said: str
    ) -> None:
        result = bench.run(model(PrimaryContainer={"Image": "image:1", **container}))
        assert str(result.refusal).startswith(f"ValidationException: not supported here: {said}")

    def test_a_model_without_an_image_is_refused(self, bench: Bench) -> None:
        result = bench.run(model(PrimaryContainer={}))
        assert "the model names no image" in str(result.refusal)

    def test_containers_that_are_asked_one_by_one_are_refused(self, bench: Bench) -> None:
        result = bench.run(model(InferenceExecutionConfig={"Mode": "Direct"}))
        assert "/InferenceExecutionConfig/Mode: containers that are asked one by one" in str(result.refusal)

    def test_several_instances_change_nothing(self, bench: Bench) -> None:
        resources = {"InstanceType": "ml.m5.large", "InstanceCount": 3}
        (said,) = bench.engine.without_effect("Transform", {"TransformResources": resources})
        pointer = "/TransformResources/InstanceCount"
        assert said == f"{pointer}: 3 instances; one container answers for all, with the same outputs"

    def test_an_input_without_objects_fails_the_job(self, bench: Bench) -> None:
        result = bench.run(S3Uri="s3://bucket/nothing/")
        assert reason(result).startswith(
            'ClientError: No S3 objects found under S3 URL "s3://bucket/nothing/"'
        )

    def test_model_data_that_is_not_there_fails_the_job(self, bench: Bench) -> None:
        container = {"Image": "image:1", "ModelDataUrl": "s3://bucket/none.tar.gz"}
        result = bench.run(model(PrimaryContainer=container))
        assert reason(result) == "ClientError: Could not find model data at s3://bucket/none.tar.gz."

    def test_model_data_that_is_no_archive_fails_the_job(self, bench: Bench) -> None:
        bench.put("model/model.tar.gz", b"no archive")
        said = f"ClientError: Failed to extract model data archive {MODEL_DATA}: it cannot be unpacked"
        assert reason(bench.run()).startswith(said)

    def test_an_image_that_cannot_be_had_fails_the_job(self, tmp_path: Path) -> None:
        bench = Bench(tmp_path, images=MemoryImages())
        bench.put("in/a.csv", b"1")
        said = "ClientError: API error (404): manifest for image:1 not found"
        assert reason(bench.run()).startswith(said)


@pytest.mark.parametrize(
    ("members", "expected"),
    [({}, "Completed"), ({"CompressionType": "Gzip"}, "Failed")],
)
def test_a_describe_response_has_the_service_models_shape(
    bench: Bench, members: dict[str, Any], expected: str
) -> None:
    describe = bench.run(**members).describe
    shape = _sagemaker().operation_model("DescribeTransformJob").output_shape
    assert shape is not None
    assert (describe["TransformJobStatus"], misfits(describe, shape)) == (expected, [])


def test_the_listener_hears_of_every_state(bench: Bench) -> None:
    bench.run()
    heard = list(dict.fromkeys(item.status for item in bench.progress))
    assert heard == ["Starting", "Downloading", "Transform", "Uploading", "Completed"]


def test_the_response_has_the_defaults_of_what_the_request_left_open(bench: Bench) -> None:
    describe = bench.run(SplitType="Line", DataProcessing={"OutputFilter": "$"}).describe
    assert describe["TransformInput"]["CompressionType"] == "None"
    assert describe["TransformInput"]["SplitType"] == "Line"
    assert describe["TransformOutput"]["AssembleWith"] == "None"
    assert describe["DataProcessing"] == {"InputFilter": "$", "OutputFilter": "$", "JoinSource": "None"}
