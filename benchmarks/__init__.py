"""Measures seatrial against bare containers and against the SDK's local mode; writes docs/benchmarks.md.

`make bench` runs everything, `make bench-quick` what needs no SDK. Nothing in `src/` knows of this package.
"""
