"""The object store, transfers and the content cache; knows nothing of jobs or containers' contracts."""
