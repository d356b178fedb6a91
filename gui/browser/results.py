"""What a search finds, as if it were one folder: entries, and for each where on the volume it lies."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from core.entry import Entry
from core.host.names import shown
from core.host.searching import Folder, Unsearched
from core.host.volume import Volume
from gui import formats
from gui.translating import tr
from gui.wording import quoted

MOST = 20_000
"""Matches that are shown. Whoever looks for something types another letter before reading them."""


class Results:
    """Read like a volume: `entries` runs the search anew each time."""

    def __init__(self, volume: Volume, text: str) -> None:
        self.facts = volume.facts
        self.text = text
        self.looked = 0
        """Names looked at so far."""
        self.cut = False
        """Whether there are more matches than are shown."""
        self.whole = True
        """Whether all names could be looked at that there are."""
        self.missed: list[Unsearched] = []
        self._volume = volume
        self._folders: dict[int, Folder | None] = {}
        """By identity: a file may have two names, and a damaged stick may have one twice."""

    async def entries(self, node: int) -> AsyncGenerator[list[Entry], None]:
        """As `Volume.entries`, of everything below the folder. Empty batches tell that it goes on."""
        self._folders, self.missed, self.cut, self.whole = {}, [], False, True
        count = 0
        async with aclosing(self._volume.search(self.text, node)) as found:
            async for piece in found:
                self.looked = piece.looked
                self.missed += piece.missed
                self.whole = piece.whole is not False
                taken = piece.matches[: MOST - count]
                count += len(taken)
                for match in taken:
                    self._folders[id(match.entry)] = match.folder
                yield [match.entry for match in taken]
                if count >= MOST:
                    self.cut = True
                    return

    def knows(self, entry: Entry) -> bool:
        """Whether it was found by the search as it runs now: one that is run anew forgets what it found."""
        return id(entry) in self._folders

    def way_to(self, entry: Entry) -> list[Folder]:
        """The folders from the one that was searched to the one where it lies."""
        folder = self._folders.get(id(entry))
        return folder.way() if folder is not None else []

    def place_of(self, entry: Entry) -> str:
        """For people: the path of the folder where it lies."""
        return "/" + "/".join(shown(folder.name) for folder in self.way_to(entry))

    def remark(self) -> str:
        """What is not among the results, and why; empty when nothing is missing."""
        parts = []
        if self.cut:
            parts.append(
                tr("Only the first {number} are shown: type more to find fewer.", number=formats.number(MOST))
            )
        if not self.whole:
            number = formats.number(self.looked)
            parts.append(tr("Only the first {number} names of this stick were looked at.", number=number))
        if self.missed:
            folder = self.missed[0].folder
            name = folder.name if folder is not None else ""
            others = len(self.missed) - 1
            what = quoted(name, tr("The first folder"))
            if others:
                what = tr("{what} and %Ln other folders", "", others, what=what)
            parts.append(tr("{what} could not be searched to the end: damaged or unreadable.", what=what))
        return " ".join(parts)
