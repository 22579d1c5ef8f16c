"""Containers through Docker Engine; knows nothing of jobs, steps or S3."""
