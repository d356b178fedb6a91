"""Standard streams that are there whoever started us: else the first thing opened would be taken for one.

A stick that got the number of a closed stderr would be written to by whatever complains.
"""

from __future__ import annotations

import os
import sys


def complete() -> None:
    """Puts /dev/null where a stream is closed. To be called before anything is opened."""
    for descriptor, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(descriptor)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)  # which gets the lowest number that is free
            os.set_inheritable(opened, True)
        if getattr(sys, name) is None:
            setattr(sys, name, open(descriptor, "w" if descriptor else "r", closefd=False))  # noqa: SIM115
