"""An execution role's IAM policy: read, projected to what the local store can hold a caller to, and asked.

Pure functions over text: nothing here knows a store. It stands in the judge's room because its questions
are the judge's ("would this be allowed, which statement is missing?"); `app` hands the result to the store.
"""

from seatrial.dataflow.permissions.document import PolicyText, Statement, read_policies
from seatrial.dataflow.permissions.evaluation import Question, Verdict, judged
from seatrial.dataflow.permissions.projection import Projected, Projection, project
from seatrial.dataflow.permissions.role import Role, as_kept, from_kept, missing_statement, read_role

__all__ = [
    "PolicyText",
    "Projected",
    "Projection",
    "Question",
    "Role",
    "Statement",
    "Verdict",
    "as_kept",
    "from_kept",
    "judged",
    "missing_statement",
    "project",
    "read_policies",
    "read_role",
]
