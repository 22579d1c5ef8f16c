"""Pipeline definitions, one folder each, as realistic as they come; shared by every room's tests."""
