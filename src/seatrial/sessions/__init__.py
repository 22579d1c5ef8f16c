"""boto3 and SDK sessions bound to this machine, and the loading of a .py pipeline."""
