"""A device that this user may not open: what is known of it before anybody is asked."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Denied:
    """A block device that this user may not open."""

    path: Path
    """As the user named it."""
    device: Path
    """Where that leads, links followed."""
    number: int
    """`st_rdev`"""
    reason: str
    """The kernel's word."""
