"""Pipelines with one planted fault each, beside the same pipeline without it; both run in containers."""
