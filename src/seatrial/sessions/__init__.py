"""boto3 and SDK sessions bound to this machine, and the loading of a pipeline from what a user names.

It must not know how anything runs.
"""

from seatrial.sessions.binding import bound_boto_session
from seatrial.sessions.compiled import CompiledPipeline
from seatrial.sessions.folder import write_folder
from seatrial.sessions.loading import load_pipeline, needs_compiling
from seatrial.sessions.targets import names_pipeline

__all__ = [
    "CompiledPipeline",
    "bound_boto_session",
    "load_pipeline",
    "names_pipeline",
    "needs_compiling",
    "write_folder",
]
