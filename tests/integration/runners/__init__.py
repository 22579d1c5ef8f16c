"""Runners on a real engine: the traps."""
