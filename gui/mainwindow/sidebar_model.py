"""What the sidebar lists: sticks and images, each with the volumes that are on it."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from core.errors import (
    AccessDenied,
    DeviceBusy,
    DeviceGone,
    Ejected,
    NotAFileSystem,
    RumpusError,
    SandboxUnavailable,
    UnsupportedFeature,
)
from core.host.names import shown
from core.host.sticks import Stick, StickState, StickVolume, VolumeState
from gui import formats
from gui.mainwindow.place import Key
from gui.prose import said
from gui.translating import later, tr
from gui.unread import is_encrypted

Index = QModelIndex | QPersistentModelIndex
ITEM = Qt.ItemDataRole.UserRole + 1
"""The `Item` of a row."""


_WAITS = {StickState.PROBING: later("Looking at it…"), StickState.FORMATTING: later("Formatting…")}


class Sort(enum.Enum):
    HEADING = enum.auto()
    HINT = enum.auto()
    """What to do when a section is empty."""
    PLACE = enum.auto()
    STICK = enum.auto()
    """The name of a stick over its volumes, when it has several."""


class Look(enum.Enum):
    """In which way a place is shown."""

    PLAIN = enum.auto()
    BUSY = enum.auto()
    ISOLATED = enum.auto()
    """Open, behind its walls."""
    WRONG = enum.auto()


@dataclass(frozen=True)
class Item:
    """One row, ready to be drawn."""

    sort: Sort
    name: str
    facts: str = ""
    """The second line."""
    short: str = ""
    """What there is room for where there is none for all the facts."""
    key: Key | None = None
    icon: str = ""
    look: Look = Look.PLAIN
    inner: bool = False
    """Whether it stands below a row of its stick."""
    used: float | None = None
    """The part of the volume that is taken, from 0 to 1."""
    tip: str = ""
    ejectable: bool = False


class SidebarModel(QAbstractListModel):
    """Only places can be chosen; headings and hints are rows that cannot."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._items: list[Item] = []

    def update(self, sticks: Iterable[Stick], degraded: str = "") -> None:
        """`degraded`: why no stick can be seen on this machine."""
        items = list(_items(list(sticks), degraded))
        if [_identity(item) for item in items] != [_identity(item) for item in self._items]:
            self.beginResetModel()
            self._items = items
            self.endResetModel()
            return
        for row, (old, new) in enumerate(zip(self._items, items, strict=True)):
            if old != new:
                self._items[row] = new
                self.dataChanged.emit(self.index(row), self.index(row))

    def row_of(self, key: Key | None) -> int | None:
        if key is None:
            return None
        return next((row for row, item in enumerate(self._items) if item.key == key), None)

    def can_eject(self, key: Key | None) -> bool:
        row = self.row_of(key)
        return row is not None and self._items[row].ejectable

    def item_at(self, index: Index) -> Item | None:
        return self._items[index.row()] if 0 <= index.row() < len(self._items) else None

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._items)

    def flags(self, index: Index) -> Qt.ItemFlag:
        item = self.item_at(index)
        if item is None or item.sort is not Sort.PLACE:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        item = self.item_at(index)
        if item is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return item.name
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return item.facts
            case Qt.ItemDataRole.ToolTipRole:
                return item.tip or None
            case _ if role == ITEM:
                return item
        return None


def _identity(item: Item) -> tuple[Sort, Key | None, bool]:
    """Rows that agree in this are the same row, and have one height."""
    return item.sort, item.key, item.used is None


def _items(sticks: list[Stick], degraded: str) -> Iterator[Item]:
    plugged = [stick for stick in sticks if not stick.image]
    images = [stick for stick in sticks if stick.image]
    yield Item(Sort.HEADING, tr("Sticks"))
    for stick in plugged:
        yield from _rows(stick)
    if not plugged:
        hint = (
            tr("Sticks are not noticed on this computer.")
            if degraded
            else tr("Plug one in, and it shows up here.")
        )
        yield Item(Sort.HINT, hint, tip=said(degraded))
    yield Item(Sort.HEADING, tr("Images"))
    for stick in images:
        yield from _rows(stick)
    if not images:
        yield Item(Sort.HINT, tr("Drop a disk image here."))


def _rows(stick: Stick) -> Iterator[Item]:
    if not stick.volumes:
        yield _row(stick, None)
    if len(stick.volumes) > 1:
        count = tr("%Ln volumes", "", len(stick.volumes))
        yield Item(
            Sort.STICK,
            stick.name,
            f"{count}, {formats.size(stick.size)}",
            icon=_icon(stick),
            tip=shown(str(stick.path)),
        )
    for volume in stick.volumes:
        yield _row(stick, volume)


def _icon(stick: Stick) -> str:
    return "drive-image" if stick.image else "drive-removable-media-usb"


def _row(stick: Stick, volume: StickVolume | None) -> Item:
    error = volume.error if volume is not None else stick.error
    facts = volume.volume.facts if volume is not None and volume.volume is not None else None
    used, free = None, None
    if facts is not None and facts.free is not None and 0 < facts.size >= facts.free:
        used = 1 - facts.free / facts.size
        free = facts.free
    return Item(
        Sort.PLACE,
        volume.name if volume is not None else stick.name,
        _facts(stick, volume, error, free),
        tr("{free} free", free=formats.size(free)) if free is not None and error is None else "",
        key=Key(stick.id, volume.partition.number if volume is not None else None),
        icon=_icon(stick),
        look=_look(stick, volume, error),
        inner=len(stick.volumes) > 1,
        used=used,
        tip=shown(str(stick.path)),
        ejectable=_ejectable(stick, volume),
    )


def _ejectable(stick: Stick, volume: StickVolume | None) -> bool:
    """An image is closed by it, a stick given back."""
    if stick.image:
        return volume is not None and volume.state is VolumeState.OPEN
    return stick.state.usable or stick.state is StickState.FAILED


def _look(stick: Stick, volume: StickVolume | None, error: RumpusError | None) -> Look:
    if isinstance(error, Ejected):
        return Look.PLAIN
    if stick.state is StickState.EJECTING:
        return Look.BUSY
    if error is not None:
        return Look.WRONG
    if stick.state in (StickState.PROBING, StickState.FORMATTING) or (
        volume is not None and volume.state is VolumeState.OPENING
    ):
        return Look.BUSY
    if volume is not None and volume.state is VolumeState.OPEN:
        return Look.ISOLATED
    return Look.PLAIN


def _facts(stick: Stick, volume: StickVolume | None, error: RumpusError | None, free: int | None) -> str:
    if stick.state is StickState.EJECTING:
        return tr("Ejecting…")
    if error is not None:
        return briefly(error)
    if volume is None:
        return _WAITS[stick.state]() if stick.state in _WAITS else ""
    if volume.state is VolumeState.OPENING:
        return tr("Opening…")
    size = formats.size(volume.partition.size or stick.size)
    if volume.volume is not None:
        return (
            tr("{free} free of {size}", free=formats.size(free), size=size)
            if free is not None
            else f"{shown(volume.volume.facts.system)}, {size}"
        )
    return f"{shown(volume.partition.system) or tr('Not recognised')}, {size}"


def briefly(error: RumpusError) -> str:
    """For people, in two or three words."""
    match error:
        case DeviceGone():
            return tr("Pulled out")
        case AccessDenied():
            return tr("No access")
        case Ejected():
            return tr("Safe to remove")
        case DeviceBusy(mount=mount) if mount:
            return tr("Opened by the desktop")
        case DeviceBusy():
            return tr("In use elsewhere")
        case NotAFileSystem():
            return tr("Not recognised")
        case UnsupportedFeature() if is_encrypted(error):
            return tr("Encrypted")
        case UnsupportedFeature():
            return tr("Cannot be read yet")
        case SandboxUnavailable():
            return tr("Not opened")
    return tr("Something is wrong")
