"""Faults that only a step's own calls to S3 show."""

from __future__ import annotations

from seatrial.definition import PipelineDefinition
from tests.adapters.pipelines import PREFIX, join, output_of, pipeline, processing
from tests.planted.case import Planted

# The base image has Python alone: requests are signed by hand, in the fourth version.
_S3 = b"""
import datetime, hashlib, hmac, os, time, urllib.error, urllib.request

def call(method, path, body=b"", query=""):
    url = os.environ["AWS_ENDPOINT_URL_S3"] + path + (query and "?" + query)
    host = url.split("/")[2]
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    told = {"host": host, "x-amz-content-sha256": hashlib.sha256(body).hexdigest(), "x-amz-date": now,
            "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"]}
    names = ";".join(told)
    lines = "".join(f"{name}:{value}\\n" for name, value in told.items())
    asked = f"{method}\\n{path}\\n{query}\\n{lines}\\n{names}\\n{told['x-amz-content-sha256']}"
    text = f"AWS4-HMAC-SHA256\\n{now}\\n{scope}\\n{hashlib.sha256(asked.encode()).hexdigest()}"
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in (*scope.split("/"), text):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    told["authorization"] = (f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, "
                             f"SignedHeaders={names}, Signature={key.hex()}")
    try:
        return urllib.request.urlopen(urllib.request.Request(url, body or None, told, method=method)).read()
    except urllib.error.HTTPError as refusal:
        return None if refusal.code == 404 else exit(f"{method} {path}: {refusal}")

def await_object(bucket, key):
    ends = time.time() + 30
    while key.encode() not in call("GET", "/" + bucket, query="list-type=2") and time.time() < ends:
        time.sleep(0.1)
"""
_CODE = {"{prefix}/code/s3.py": _S3}
_IMPORT = "import sys;sys.path.append('/opt/ml/processing/input/code');from s3 import *;"
_RESULT = "open('/opt/ml/processing/result/r.txt','w').write('1');"
_READ = "open('/opt/ml/processing/input/made/r.txt').read();"
_LOOKUP = "planted-lookup/codes.csv"


def _step(
    name: str, script: str, inputs: dict[str, object] | None = None, **more: object
) -> dict[str, object]:
    """A step whose script may call S3."""
    return processing(
        name,
        {"code": join(PREFIX, "code", "s3.py"), **(inputs or {})},
        {"result": join(PREFIX, name)},
        image="python",
        script=_IMPORT + script,
        **more,  # type: ignore[arg-type]  # handed on as they are
    )


def _looks_up(script: str, *, declared: bool) -> PipelineDefinition:
    inputs = {"lookup": {"Get": "Parameters.Lookup"}} if declared else {}
    return pipeline(
        _step("Encode", script + _RESULT, inputs),
        parameters={"Lookup": f"s3://{_LOOKUP}"} if declared else {},
    )


def _reads_output(script: str, *, wired: bool) -> PipelineDefinition:
    """Measure reads what Make wrote; it waits for it either way."""
    inputs = {"made": output_of("Make", "result")} if wired else {}
    return pipeline(_step("Make", _RESULT), _step("Measure", script + _RESULT, inputs, depends_on=("Make",)))


def _reads_default(name: str, *, frozen: bool) -> PipelineDefinition:
    """Measure reads what Make wrote, where the text or its input says."""
    place = f"{name}-default/run"
    read = f"call('GET','/planted/{place}/Make/r.txt');" if frozen else _READ
    inputs = {} if frozen else {"made": output_of("Make", "result")}
    return pipeline(
        _step("Make", _RESULT),
        _step("Measure", read + _RESULT, inputs, depends_on=("Make",)),
        prefix_default=f"s3://planted/{place}",
    )


def _writes(script: str) -> PipelineDefinition:
    return pipeline(_step("Make", script + _RESULT))


def _race(name: str) -> PipelineDefinition:
    """Measure asks for what Make writes, and Make writes it when Measure has asked."""
    home = f"{name}/faulty"
    return pipeline(
        _step("Make", f"await_object('planted','{home}/Measure/asked');{_RESULT}"),
        _step(
            "Measure",
            f"call('GET','/planted/{home}/Make/r.txt');call('PUT','/planted/{home}/Measure/asked',b'1');{_RESULT}",
        ),
    )


CASES = (
    Planted(
        code="ST105",
        name="looked-for",
        fault="Measure looks beneath the default of EXECUTION_S3_PREFIX for what Make wrote in this run.",
        faulty=lambda: _reads_default("st105-looked-for", frozen=True),
        sound=lambda: _reads_default("st105-looked-for", frozen=False),
        objects=_CODE,
    ),
    Planted(
        code="ST120",
        name="lookup",
        fault="Encode reads a table from S3 with its own client; no input of it declares the table.",
        faulty=lambda: _looks_up(f"call('GET','/{_LOOKUP}');", declared=False),
        sound=lambda: _looks_up("open('/opt/ml/processing/input/lookup/codes.csv').read();", declared=True),
        objects={**_CODE, f"s3://{_LOOKUP}": b"1,2\n"},
    ),
    Planted(
        code="ST120",
        name="output",
        fault="Measure reads an object of Make's output with its own client, and only waits for Make.",
        faulty=lambda: _reads_output("call('GET','/planted/st120-output/faulty/Make/r.txt');", wired=False),
        sound=lambda: _reads_output(_READ, wired=True),
        objects=_CODE,
    ),
    Planted(
        code="ST121",
        name="elsewhere",
        fault="Make puts an object into S3 with its own client, where none of its outputs lies.",
        faulty=lambda: _writes("call('PUT','/planted/elsewhere/r.txt',b'1');"),
        sound=lambda: _writes("call('PUT','/planted/st121-elsewhere/sound/Make/also.txt',b'1');"),
        objects=_CODE,
    ),
    Planted(
        code="ST122",
        name="race",
        fault="Measure asks for an object of Make's output while Make is still running.",
        faulty=lambda: _race("st122-race"),
        sound=lambda: _reads_output(_READ, wired=True),
        objects=_CODE,
    ),
)
