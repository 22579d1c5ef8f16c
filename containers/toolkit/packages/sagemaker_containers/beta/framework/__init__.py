"""The names that inference scripts import from here."""

from sagemaker_containers import content_types, encoders, env, errors, modules, server, transformer, worker

__all__ = ["content_types", "encoders", "env", "errors", "modules", "server", "transformer", "worker"]
