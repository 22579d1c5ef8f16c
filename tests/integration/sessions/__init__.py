"""Bound sessions and compiling against a real object store, with the real SDK."""
