"""The registry of outputs, built from receipts of what jobs really wrote."""
