"""What a job fails with, in words for whoever reads the job's FailureReason."""


class JobFaultError(Exception):
    """The job cannot be done as it was asked for; the text says why."""
