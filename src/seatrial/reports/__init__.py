"""An execution's record, rendered; knows nothing of Docker or boto3."""
