"""What users install: the built distributions, and an environment with nothing but them."""
