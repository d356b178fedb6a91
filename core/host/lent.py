"""What shows a volume to other programs besides: it is taken back before the stick is given back."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Lent(Protocol):
    """A mount, served by a process of ours."""

    process: int
    """Holds the device, with its children, for as long as this lasts."""
    place: Path
    """Whoever has a file open below it uses the stick."""

    async def begun(self) -> None:
        """Returns once `process` is known, if there will be one."""

    async def changing(self) -> None:
        """Awaited before each change to the volume."""

    def changed(self) -> None:
        """Called after each."""

    async def end(self) -> None:
        """Returns once nothing of it is left, whoever uses it."""
