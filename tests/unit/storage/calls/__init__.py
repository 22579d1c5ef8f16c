"""The trace of the store, line by line and as a whole, without a store."""
