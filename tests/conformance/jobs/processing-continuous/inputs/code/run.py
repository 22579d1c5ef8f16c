import json
import time
from pathlib import Path

import boto3

s3 = boto3.client("s3")
live, end = (Path("/opt/ml/processing") / name for name in ("live", "end"))
(live / "first.txt").write_text("first")
(live / "gone.txt").write_text("gone")
(end / "late.txt").write_text("late")
job = json.loads(Path("/opt/ml/config/processingjobconfig.json").read_text())
bucket = job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"].split("/")[2]
until, early = time.monotonic() + 4, []
while len(early) < 2 and time.monotonic() < until:
    time.sleep(0.1)
    listed = s3.list_objects_v2(Bucket=bucket).get("Contents", [])
    early = [item["Key"] for item in listed if item["Key"].startswith(("live/", "end/"))]
(live / "gone.txt").unlink()
(live / "first.txt").write_text("first, and more")
(end / "late.txt").unlink()
(end / "early.txt").write_text(" ".join(early))
