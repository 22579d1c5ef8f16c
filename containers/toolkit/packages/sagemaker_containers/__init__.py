"""What serves a model in the framework images, under the names that inference scripts for SageMaker import.

SageMaker's own package of this name does not run on this Python.
"""
