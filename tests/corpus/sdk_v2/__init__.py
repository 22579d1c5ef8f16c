"""The pipelines of the corpus that the SDK v2 compiles; each module has its `CASES`."""
