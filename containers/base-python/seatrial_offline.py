"""Lets `pip install --upgrade` ask no package index for what is there; loaded whenever Python starts.

The SDK v2 asks pip to upgrade itself before each function of `@step`. Where all that is asked for is
installed, pip is told to look no further: no network is needed, and two runs have the same versions.
"""

import os
import sys


def _tell_pip():
    paths = _wanted_files(sys.orig_argv[1:])
    try:
        if paths and all(_is_there(line) for path in paths for line in _lines(path)):
            os.environ.setdefault("PIP_NO_INDEX", "1")
    except (OSError, UnicodeDecodeError):
        return  # what pip cannot read either, it says itself


def _wanted_files(arguments):
    """The files of `python -m pip install -r FILE -U`; none for any other command."""
    if arguments[:3] != ["-m", "pip", "install"]:
        return []
    rest = [word for word in arguments[3:] if word not in ("-U", "--upgrade")]
    options, paths = rest[::2], rest[1::2]
    plain = len(options) == len(paths) and set(options) <= {"-r", "--requirement"}
    return paths if plain else []


def _lines(path):
    # Only a process that installs something needs this, and what is imported below.
    from pathlib import Path

    lines = (line.split(" #")[0].strip() for line in Path(path).read_text(encoding="utf-8").splitlines())
    return [line for line in lines if line and not line.startswith("#")]


def _is_there(line):
    from importlib.metadata import PackageNotFoundError, version

    from packaging.requirements import InvalidRequirement, Requirement

    try:
        wanted = Requirement(line)
        return wanted.url is None and not wanted.extras and version(wanted.name) in wanted.specifier
    except (InvalidRequirement, PackageNotFoundError):
        return False


_tell_pip()
