import json
from pathlib import Path

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
job = json.loads(Path("/opt/ml/config/processingjobconfig.json").read_text())
bucket = job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"].split("/")[2]
read = s3.get_object(Bucket=bucket, Key="data/a.txt")["Body"].read().decode()
s3.put_object(Bucket=bucket, Key="side/written.txt", Body=b"by the job")
try:
    s3.list_objects_v2(Bucket="seatrial-state")
    state = "open"
except ClientError as refused:
    state = refused.response["Error"]["Code"]
Path("/opt/ml/processing/out/seen.json").write_text(json.dumps({"read": read, "state": state}))
