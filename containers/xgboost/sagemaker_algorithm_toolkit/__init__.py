"""The package name by which a failed job of SageMaker's XGBoost image says whose fault it was."""
