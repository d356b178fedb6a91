"""How each volume is looked at: kept between runs, for as many volumes as somebody comes back to."""

from __future__ import annotations

import enum
import hashlib
from typing import Annotated, TypeVar

import msgspec
from PySide6.QtCore import QSettings

from core.entry import VolumeFacts
from gui.browser.order import Column

MOST = 100
"""Volumes that are remembered. The one that was not looked at for longest is forgotten first."""
_KEPT, _USUAL = "view/volumes", "view/usual"

USUAL_COLUMNS = (Column.NAME, Column.SIZE, Column.TYPE, Column.MODIFIED)

_Width = Annotated[int, msgspec.Meta(ge=20, le=4000)]


_T = TypeVar("_T")


class Mode(enum.StrEnum):
    DETAILS = "details"
    ICONS = "icons"


class Layout(msgspec.Struct, frozen=True):
    mode: Mode = Mode.DETAILS
    column: Column = Column.NAME
    descending: bool = False
    columns: tuple[Column, ...] = USUAL_COLUMNS
    """Those that are shown, from the left."""
    widths: dict[Column, _Width] = {}
    """Logical pixels, of those that have another width than usual."""


class _Kept(msgspec.Struct, frozen=True):
    volume: str
    layout: Layout


class Layouts:
    """A volume is known again by what it says of itself, of which only a digest is kept."""

    def __init__(self) -> None:
        kept = _read(_KEPT, list[_Kept], [])
        self._known = {each.volume: each.layout for each in kept[-MOST:]}
        self.usual = _read(_USUAL, Layout, Layout())
        """How one looks at what was never looked at before: as at what one has changed last."""

    def of(self, facts: VolumeFacts) -> Layout:
        name = _name(facts)
        if name not in self._known:
            return self.usual
        layout = self._known[name] = self._known.pop(name)
        return layout

    def keep(self, facts: VolumeFacts | None, layout: Layout) -> None:
        """`facts` are None where no volume is looked at."""
        self.usual = layout
        name = _name(facts) if facts is not None else ""
        if name:
            self._known.pop(name, None)
            self._known[name] = layout
            while len(self._known) > MOST:
                self._known.pop(next(iter(self._known)))
        self.save()

    def save(self) -> None:
        settings = QSettings()
        kept = [_Kept(volume, layout) for volume, layout in self._known.items()]
        settings.setValue(_KEPT, msgspec.json.encode(kept).decode())
        settings.setValue(_USUAL, msgspec.json.encode(self.usual).decode())


def _name(facts: VolumeFacts) -> str:
    """Empty where a volume says nothing by which it could be known again."""
    if not facts.uuid and not facts.label:
        return ""
    said = "\0".join((facts.driver, facts.uuid, facts.label)).encode(errors="surrogatepass")
    return hashlib.sha256(said).hexdigest()[:24]


def _read(key: str, kind: type[_T], otherwise: _T) -> _T:
    try:
        return msgspec.json.decode(str(QSettings().value(key, "")), type=kind)
    except msgspec.MsgspecError:  # written by another version, or by hand
        return otherwise
