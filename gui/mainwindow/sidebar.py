"""The list at the left: what is plugged in, how full it is, and whether something is wrong with it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QHelpEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListView, QToolTip, QWidget

from gui.mainwindow.place import Key
from gui.mainwindow.sidebar_delegate import SidebarDelegate, button_rect
from gui.mainwindow.sidebar_model import Item, SidebarModel
from gui.translating import tr


class Sidebar(QListView):
    chosen = Signal(object)
    """The Key of the place that was clicked, or walked to with the keyboard."""
    picked = Signal()
    """It was clicked, or Enter pressed on: one wants to go on there."""
    ejected = Signal(object)
    """The Key of the place whose eject mark was clicked."""
    tab_wanted = Signal(object)
    """The Key of a place that was clicked with the middle button."""
    menu_wanted = Signal(object, QPoint)
    """A Key, and a place on the screen."""

    def __init__(self, model: SidebarModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._places = model
        self._key: Key | None = None
        self.setModel(model)
        self.setItemDelegate(SidebarDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setMouseTracking(True)
        self.setAccessibleName(tr("Sticks and images"))
        self.viewport().setBackgroundRole(QPalette.ColorRole.Window)
        self.customContextMenuRequested.connect(self._menu)
        self.selectionModel().currentChanged.connect(self._current)
        self.activated.connect(lambda _: self.picked.emit())
        model.modelReset.connect(lambda: self.show_current(self._key))

    def show_current(self, key: Key | None) -> None:
        """Marks a place as the one on screen, without going there."""
        self._key = key
        row = self._places.row_of(key)
        index = self._places.index(row) if row is not None else QModelIndex()
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item, area = self._button_at(event.position().toPoint())
        if item is not None and area and event.button() is Qt.MouseButton.LeftButton:
            self.ejected.emit(item.key)
            return
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.MiddleButton:
            below = self._places.item_at(index)
            if below is not None and below.key is not None:
                self.tab_wanted.emit(below.key)
            return
        if event.button() is Qt.MouseButton.RightButton or not index.flags() & Qt.ItemFlag.ItemIsSelectable:
            return  # neither a menu nor a click beside the places takes the user anywhere
        before = self._key
        super().mousePressEvent(event)
        place = self._places.item_at(index)
        if place is not None and place.key == before:
            self.chosen.emit(before)
        self.picked.emit()

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.HoverMove, QEvent.Type.HoverLeave):
            self.viewport().update()
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            item, over = self._button_at(event.pos())
            if item is not None and over:
                QToolTip.showText(event.globalPos(), tr("Eject"), self)
                return True
        return super().viewportEvent(event)

    def _button_at(self, place: QPoint) -> tuple[Item | None, bool]:
        index = self.indexAt(place)
        item = self._places.item_at(index)
        button = button_rect(self.visualRect(index), self.layoutDirection())
        return item, item is not None and item.ejectable and button.contains(place)

    def _menu(self, place: QPoint) -> None:
        item = self._places.item_at(self.indexAt(place))
        if item is not None and item.key is not None:
            self.menu_wanted.emit(item.key, self.viewport().mapToGlobal(place))

    def _current(self, index: QModelIndex) -> None:
        item = self._places.item_at(index)
        if item is not None and item.key is not None and item.key != self._key:
            self._key = item.key
            self.chosen.emit(item.key)
