"""Runners: what needs no Docker."""
