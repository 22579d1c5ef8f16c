"""The definition room, on its own."""
