"""Landlock with no rules: from here on no path can be opened, no port bound, nobody outside signalled.

Numbers are those of the kernel's `linux/landlock.h` (userspace-api/landlock documentation).
"""

from __future__ import annotations

import ctypes
import os
import struct

from core.worker import kernel

_CREATE_RULESET_VERSION = 1

_FILE_RIGHTS = ((1, 13), (2, 14), (3, 15), (5, 16))
"""(ABI, rights known from that ABI on): every right a ruleset can take away, as a count of low bits."""
_NETWORK_SINCE, _NETWORK_RIGHTS = 4, 0b11
_SCOPE_SINCE, _SCOPES = 6, 0b11


def forbid_everything() -> str:
    """Takes every right this kernel's Landlock knows, and says in words which. Raises OSError without it."""
    abi = kernel.syscall("landlock_create_ruleset", None, 0, _CREATE_RULESET_VERSION)
    bits = max(count for since, count in _FILE_RIGHTS if abi >= since)
    network = _NETWORK_RIGHTS if abi >= _NETWORK_SINCE else 0
    scopes = _SCOPES if abi >= _SCOPE_SINCE else 0
    wanted = [(1 << bits) - 1]
    if abi >= _NETWORK_SINCE:
        wanted.append(network)
    if abi >= _SCOPE_SINCE:
        wanted.append(scopes)
    attributes = ctypes.create_string_buffer(struct.pack(f"={len(wanted)}Q", *wanted), 8 * len(wanted))
    ruleset = kernel.syscall("landlock_create_ruleset", attributes, len(attributes), 0)
    try:
        kernel.syscall("landlock_restrict_self", ruleset, 0)
    finally:
        os.close(ruleset)
    return (
        "no path"
        + (", no TCP port" if network else "")
        + (", no signal outside" if scopes else "")
        + (f" (ABI {abi})")
    )
