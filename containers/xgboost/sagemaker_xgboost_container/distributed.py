"""Imported by public scripts, called by them only where a job has several hosts."""

from sagemaker_algorithm_toolkit.exceptions import UserError


def rabit_run(*_arguments, **_options):
    """Refuse: training across several containers is not supported by this image."""
    raise UserError("Training on several hosts is not supported by this image; set the instance count to 1.")
