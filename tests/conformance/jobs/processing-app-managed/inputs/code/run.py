import json
from pathlib import Path

import boto3

s3 = boto3.client("s3")
job = json.loads(Path("/opt/ml/config/processingjobconfig.json").read_text())
bucket = job["ProcessingOutputConfig"]["Outputs"][0]["S3Output"]["S3Uri"].split("/")[2]
text = s3.get_object(Bucket=bucket, Key="own-in/a.txt")["Body"].read()
s3.put_object(Bucket=bucket, Key="own-out/a.txt", Body=text.upper())
again = s3.get_object(Bucket=bucket, Key="own-out/same.txt")["Body"].read()
s3.put_object(Bucket=bucket, Key="own-out/same.txt", Body=again)
seen = {"staged": sorted(path.name for path in Path("/opt/ml/processing").iterdir()), "again": again.decode()}
Path("/opt/ml/processing/seen/seen.json").write_text(json.dumps(seen))
