"""What commands share that compare: each side a file or folder, on a stick or on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from core.cli import source
from core.cli.content import bytes_here, bytes_of
from core.cli.source import UsageError
from core.cli.walking import Places, below
from core.entry import Entry, Kind
from core.errors import HostReadFailed
from core.host.names import shown
from core.host.volume import Volume


@dataclass(frozen=True)
class Side:
    """`entry` and `volume` of what is on a stick; both None for what is here."""

    name: str
    path: str
    volume: Volume | None = None
    entry: Entry | None = None

    @property
    def is_folder(self) -> bool:
        if self.entry is not None:
            return self.entry.kind is Kind.DIRECTORY
        return Path(self.path).is_dir()

    @property
    def is_file(self) -> bool:
        if self.entry is not None:
            return self.entry.kind is Kind.FILE
        return Path(self.path).is_file()

    def bytes(self) -> AsyncIterator[bytes]:
        if self.volume is not None and self.entry is not None:
            return bytes_of(self.volume, self.entry)
        return bytes_here(Path(self.path))

    async def inside(self) -> dict[str, Side]:
        """What is in a folder, by name. Raises HostReadFailed, and as Volume.entries."""
        if self.volume is not None and self.entry is not None:
            found: dict[str, Side] = {}
            async for batch in self.volume.entries(self.entry.node):
                for entry in batch:
                    path = below(self.path, entry.name)
                    found[entry.name] = Side(below(self.name, entry.name), path, self.volume, entry)
            return found
        return self._inside_here()

    def _inside_here(self) -> dict[str, Side]:
        try:
            return {path.name: Side(str(path), str(path)) for path in Path(self.path).iterdir()}
        except OSError as error:
            raise HostReadFailed(self.path, error.errno or 0) from error


async def side_of(text: str, places: Places) -> Side:
    """Raises UsageError, NotOpened, NotFound."""
    found = source.parse(text)
    if not found.path:
        return _side_here(text)
    volume = await places.volume(found)
    return Side(f"{found.name}:{found.path}", found.path, volume, await volume.resolve(found.path))


def _side_here(text: str) -> Side:
    if not Path(text).exists():
        raise UsageError(f"there is no {shown(text)}")
    return Side(text, text)
