"""A device that this user may not open: what is known of it before anybody is asked."""

from __future__ import annotations

from pathlib import Path

import msgspec


class Denied(msgspec.Struct, frozen=True):
    """A block device that this user may not open."""

    path: Path
    """As the user named it."""
    device: Path
    """Where that leads, links followed."""
    number: int
    """`st_rdev`"""
    reason: str
    """The kernel's word."""
