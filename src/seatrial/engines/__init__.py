"""What SageMaker does for one job; knows nothing of steps or pipelines."""
