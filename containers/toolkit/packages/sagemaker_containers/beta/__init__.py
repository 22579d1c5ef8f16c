"""The path by which inference scripts import."""
