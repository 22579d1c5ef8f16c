"""What does a job's work in its place."""
