"""From an image URI in a definition to a local image; knows nothing of jobs or steps."""
