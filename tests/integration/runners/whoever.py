"""What whoever runs the tests may do: only root lays folders over each other itself, and sees into them.

What holds for each is asserted for each; nobody's tests are left out.
"""

from __future__ import annotations

import os

from seatrial.runners.ways import Way

MAY_MOUNT = os.geteuid() == 0
BEST_WAY = Way.MOUNTED if MAY_MOUNT else Way.OVERLAY
WAYS_HERE = [way for way in Way if way is not Way.MOUNTED or MAY_MOUNT]
LAYERING_HERE = [way for way in WAYS_HERE if way is not Way.BIND]
