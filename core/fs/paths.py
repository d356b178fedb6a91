"""Paths kept as a name and what is above it, so that many of them take little memory."""

from __future__ import annotations

from core.entry import MAX_TEXT

_MOST = MAX_TEXT // 2


class Place:
    """A folder, or a file, on the way from the root."""

    __slots__ = ("above", "name")

    def __init__(self, name: str = "", above: Place | None = None) -> None:
        self.name = name
        self.above = above

    def __str__(self) -> str:
        """From the root, "/" for itself; of what is too long its end is left out."""
        names: list[str] = []
        here: Place | None = self
        while here is not None and here.above is not None:
            names.append(here.name)
            here = here.above
        text, length = [], 0
        for name in reversed(names):
            text.append(name)
            length += len(name) + 1
            if length > _MOST:
                break
        return ("/" + "/".join(text))[:_MOST]
