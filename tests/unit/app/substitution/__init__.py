"""Which steps something else does the work of, and whether it can."""
