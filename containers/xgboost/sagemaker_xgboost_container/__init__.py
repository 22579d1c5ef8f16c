"""The package name that SageMaker's XGBoost image has, with what public training scripts import of it."""
