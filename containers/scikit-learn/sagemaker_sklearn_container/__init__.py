"""The package name that SageMaker's scikit-learn image has, with what training needs of it."""
