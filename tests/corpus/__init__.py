"""Pipeline definitions, one folder each, as realistic as they come; shared by every room's tests.

`broken-*` cases have a `findings.txt` beside them: code, severity, place and message of each finding.
`compile_sdk_v2.py` renews those that the SDK compiles; the others are written by hand.
"""
