"""The pipelines of the corpus that the SDK v3 compiles; each module has its `CASES`.

The SDKs v2 and v3 cannot be installed side by side, so nothing here is imported by a test.
"""
