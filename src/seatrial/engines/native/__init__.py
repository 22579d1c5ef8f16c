"""Our own engine: the /opt/ml contract over a Runner and an ObjectStore."""
