"""Keeps what is imported from importing what only costs time: a command is over in a fifth of a second.

To be asked before anything else is imported. Each is a module that its importer does well without.
"""

from __future__ import annotations

import sys

_HASHES = ("_md5", "_sha1", "_sha256", "_sha512", "_sha3", "_blake2")
"""Python's own implementations, without OpenSSL."""


def command() -> None:
    """For the command line: asyncio takes up TLS wherever there is some, and no command speaks it."""
    _without("ssl", "typing_extensions")


def zygote() -> None:
    """For what becomes workers: construct's debugger takes up all of Python's, and hashlib all of OpenSSL."""
    _without("typing_extensions")
    sys.modules["construct.debug"] = type(sys)("construct.debug")
    try:
        for name in _HASHES:
            __import__(name)
    except ImportError:  # a Python that leaves them to OpenSSL, or one whose modules have other names
        return
    _without("_hashlib")


def _without(*names: str) -> None:
    """Importing one raises ImportError from now on."""
    for name in names:
        sys.modules[name] = None  # type: ignore[assignment]
