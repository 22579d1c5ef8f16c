"""SQLite events and their projections: executions, steps, the model registry."""
