"""Gives a function the SDK that it was compiled with; loaded whenever Python starts.

Both major versions are called `sagemaker`, so they cannot lie in one folder. The SDK tells its programs in
the container which version compiled the function.
"""

import sys

_OPTION = "--client_sagemaker_pysdk_version"
_V3 = "/opt/sdk-v3"


def _prefer_v3():
    arguments = sys.orig_argv
    if _OPTION in arguments[:-1] and arguments[arguments.index(_OPTION) + 1].startswith("3."):
        sys.path.insert(0, _V3)


_prefer_v3()
