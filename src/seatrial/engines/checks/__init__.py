"""Processing jobs that ask a model while they run, as Clarify's do; knows no steps and no pipelines."""

from seatrial.engines.checks.engine import ShadowEngine

__all__ = ["ShadowEngine"]
