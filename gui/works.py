"""What the transfer strip can show besides what leaves a stick: what comes onto one, and what is removed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from core.host.checking import Check
from core.host.copying_in import CopyIn
from core.host.removing import Remove
from core.host.volume import Volume


@dataclass(eq=False)
class Inbound:
    """One copy onto a stick."""

    job: CopyIn
    what: str
    """For sentences: “beach.jpg”, or "3 items"."""
    stick: str
    """The name of the volume that it goes to, raw."""
    to: str
    """Of the folder, raw."""
    volumes: tuple[Volume, ...]
    """Those that are written or read."""
    moves: bool = False
    """Whether what has arrived is to be removed where it came from."""
    asked: bool = field(default=False)
    """Whether it waits for an answer."""
    again: Callable[[], None] | None = None
    """Starts another try for what did not arrive, as a work of its own."""
    dropped: bool = field(default=False)
    """Whether the user let it be before its first byte: nothing needs to be said of it."""
    proves: bool = False
    """Whether what arrives is read back without being asked."""
    check: Check | None = None
    """Reads it back, or has."""


@dataclass(eq=False)
class Removal:
    job: Remove
    what: str
    stick: str
    volumes: tuple[Volume, ...]
    check: None = None
