"""Protocols and frozen values that cross rooms; knows nothing of who implements or uses them."""
