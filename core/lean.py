"""Keeps what is imported from importing what only costs time: a command is over in a fifth of a second.

To be asked before anything else is imported. Each is a module that its importer does well without.
"""

from __future__ import annotations

import sys


def command() -> None:
    """For the command line: asyncio takes up TLS wherever there is some, and no command speaks it."""
    _without("ssl", "typing_extensions")


def zygote() -> None:
    """For what becomes workers: hashlib takes up all of OpenSSL, construct's debugger all of Python's."""
    _without("_hashlib", "typing_extensions")
    sys.modules["construct.debug"] = type(sys)("construct.debug")


def _without(*names: str) -> None:
    """Importing one raises ImportError from now on."""
    for name in names:
        sys.modules[name] = None  # type: ignore[assignment]
