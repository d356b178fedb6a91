"""What is cut and copied: files of the host, as every file manager tells of them, and files of sticks here.

Files of a stick are on the clipboard by where they are, under a token that only this process knows. Other
programs find the paths beside it under which a mount shows them these files, where there is one.
"""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QGuiApplication

from core.entry import Entry
from core.errors import NotFound
from core.host.sticks import StickVolume

OURS = "application/x-rumpus-entries"
GNOME = "x-special/gnome-copied-files"
KDE = "application/x-kde-cutselection"


@dataclass(frozen=True)
class Held:
    """Entries of a volume by their paths from its root: whatever happens there until they are pasted, no
    number of an entry is believed that may mean another one by then."""

    at: StickVolume
    paths: tuple[str, ...]
    cut: bool = False

    async def entries(self) -> list[Entry]:
        """As they are now. Raises NotFound for one that is gone, and what opening the volume raises."""
        volume = await self.at.open()
        found = []
        for path in self.paths:
            try:
                found.append(await volume.resolve(path))
            except NotFound:
                raise NotFound(path.rpartition("/")[2]) from None
        return found

    async def folders(self) -> list[int]:
        """The nodes of those that they lie in, as far as those are there. Raises what opening does."""
        volume = await self.at.open()
        found = []
        for path in dict.fromkeys(path.rpartition("/")[0] for path in self.paths):
            with contextlib.suppress(NotFound):
                found.append((await volume.resolve(path)).node)
        return found

    def lie_in(self, folder: str) -> bool:
        """Whether all of them are in the folder of that path, so that nothing is to be moved there."""
        return all(path.rpartition("/")[0] == folder for path in self.paths)


@dataclass(frozen=True)
class Offered:
    """Files and folders of the host."""

    paths: tuple[Path, ...]
    cut: bool = False
    elsewhere: int = 0
    """How many more there are that are on no disk of this computer."""


class Clipboard:
    def __init__(self) -> None:
        self._token = b""
        self._held: Held | None = None

    def put(self, held: Held) -> None:
        self._token, self._held = secrets.token_bytes(16), held
        data = QMimeData()
        data.setData(OURS, self._token)
        if held.cut:
            data.setData(KDE, b"1")
        QGuiApplication.clipboard().setMimeData(data)

    def offer(self, held: Held, paths: Sequence[Path]) -> None:
        """The same, if it is still there, for other programs too. They can read it only: even what was cut is
        offered as a copy, for nothing that they move away could be deleted by them."""
        if held is not self._held or not self._ours():
            return
        urls = [QUrl.fromLocalFile(str(path)) for path in paths]
        data = QMimeData()
        data.setData(OURS, self._token)
        data.setUrls(urls)
        encoded = [bytes(url.toEncoded().data()) for url in urls]
        data.setData(GNOME, b"\n".join([b"copy", *encoded]))
        data.setData(KDE, b"0")
        QGuiApplication.clipboard().setMimeData(data)

    def _ours(self) -> bool:
        data = QGuiApplication.clipboard().mimeData()
        return data is not None and data.hasFormat(OURS) and bytes(data.data(OURS).data()) == self._token

    def take(self) -> Held | Offered:
        """What would be pasted now."""
        if self._held is not None and self._ours():
            return self._held
        return offered(QGuiApplication.clipboard().mimeData() or QMimeData())  # None, where it is empty

    def spent(self, held: Held) -> None:
        """What was cut has been pasted, and can be only once."""
        if held is self._held:
            self._held = None
            QGuiApplication.clipboard().clear()

    def close(self) -> None:
        """Takes back what is there of ours: it means nothing when this process is gone, and Qt must not keep
        an object that Python made."""
        if self._token and self._ours():
            QGuiApplication.clipboard().clear()
        self._held = None


def offered(data: QMimeData) -> Offered:
    """The files of the host that another program drags, or has put on the clipboard."""
    cut = bytes(data.data(KDE).data())[:1] == b"1"
    urls: Sequence[str] = [url.toString() for url in data.urls()]
    if data.hasFormat(GNOME):
        verb, *lines = bytes(data.data(GNOME).data()).decode(errors="replace").split("\n")
        cut = cut or verb == "cut"
        urls = urls or [line for line in lines if line]
    paths = [_path(url) for url in urls]
    local = tuple(dict.fromkeys(path for path in paths if path is not None))
    return Offered(local, cut, sum(path is None for path in paths))


def _path(url: str) -> Path | None:
    parsed = QUrl(url)
    local = parsed.toLocalFile() if parsed.isLocalFile() else ""
    return Path(local) if local and "\0" not in local else None
