"""Runs a definition: scheduler, step types, resume; knows nothing of Docker or S3 clients."""
