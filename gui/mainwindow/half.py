"""One half of the window: its tabs, one behind the other. Without a split it is all there is."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent
from PySide6.QtWidgets import QFrame, QStackedWidget, QTabBar, QToolButton, QVBoxLayout, QWidget

from gui.icons import icon
from gui.mainwindow.place import path_of
from gui.mainwindow.tab import Tab
from gui.translating import tr

_WIDEST, _NARROWEST = 240, 90
_ICON = QSize(16, 16)
_EDGE = 2
_STYLE = """
    QTabBar { background: palette(window); border: none; border-bottom: 1px solid palette(mid); }
    QTabBar::tab {
        background: transparent; padding: 5px 6px 6px 10px;
        border: none; border-right: 1px solid palette(mid);
    }
    QTabBar::tab:selected { background: palette(base); }
    QTabBar::tab:hover:!selected { background: palette(alternate-base); }
"""


class Half(QFrame):
    turned = Signal()
    """Another tab is in front."""
    pressed = Signal()
    """Clicked where nothing takes the keyboard."""
    closed = Signal(object)
    """A Tab that is to be closed."""
    wanted = Signal()
    """A new tab."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = TabBar()
        self._edge = QFrame()
        """A line of colour above the half that the toolbar is about."""
        self._edge.setFixedHeight(_EDGE)
        self._stack = QStackedWidget()
        self.is_marked = False
        """Whether it is shown to be the active one of two."""
        self._tabs: list[Tab] = []
        """In the order of the bar."""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._edge)
        column.addWidget(self.bar)
        column.addWidget(self._stack, 1)
        self.bar.currentChanged.connect(self._turn)
        self.bar.tabMoved.connect(lambda old, new: self._tabs.insert(new, self._tabs.pop(old)))
        self.bar.closed.connect(lambda place: self.closed.emit(self._tabs[place]))
        self.bar.wanted.connect(self.wanted)
        self.mark(split=False, active=True)

    @property
    def tabs(self) -> tuple[Tab, ...]:
        return tuple(self._tabs)

    @property
    def tab(self) -> Tab:
        """The one in front."""
        return self._tabs[max(0, self.bar.currentIndex())]

    def add(self, tab: Tab, *, front: bool) -> None:
        """Right of the one in front."""
        place = self.bar.currentIndex() + 1
        self._tabs.insert(place, tab)
        self._stack.addWidget(tab)
        self.bar.insertTab(place, "")
        tab.changed.connect(lambda: self.name(tab))
        self.name(tab)
        if front:
            self.bar.setCurrentIndex(place)
        self._show_bar()

    def remove(self, tab: Tab) -> None:
        place = self._tabs.index(tab)
        self._tabs.pop(place)
        self._stack.removeWidget(tab)
        self.bar.removeTab(place)
        self._show_bar()

    def bring(self, tab: Tab) -> None:
        """To the front."""
        self.bar.setCurrentIndex(self._tabs.index(tab))

    def step(self, by: int) -> None:
        """To the tab at the side, and from the last one to the first."""
        self.bar.setCurrentIndex((self.bar.currentIndex() + by) % len(self._tabs))

    def mark(self, *, split: bool, active: bool) -> None:
        """Shows whether there is another half, and which of both the toolbar is about."""
        self._split = split
        self.is_marked = split and active
        colour = "highlight" if self.is_marked else "mid"
        self._edge.setStyleSheet(f"background: palette({colour});")
        self._edge.setVisible(split)
        self._show_bar()

    def name(self, tab: Tab) -> None:
        """Writes on a tab where it is."""
        if tab not in self._tabs:
            return
        page = tab.page
        if page is None:
            self._describe(tab, tr("Nothing opened"), "rumpus", "")
            return
        name, path = page.name, ""
        if page.crumbs:
            name, path = tr("{folder} on {stick}", folder=page.title, stick=page.name), path_of(page.crumbs)
        drawing = "drive-image" if page.stick.image else "drive-removable-media-usb"
        self._describe(tab, name, drawing, f"{page.name}{path}")

    def _describe(self, tab: Tab, name: str, drawing: str, tip: str) -> None:
        tab.setAccessibleName(name)
        self.bar.describe(self._tabs.index(tab), name, icon(drawing), tip)

    def _turn(self, place: int) -> None:
        if 0 <= place < len(self._tabs):
            self._stack.setCurrentWidget(self._tabs[place])
            self.turned.emit()

    def _show_bar(self) -> None:
        """One tab needs no bar. In a split it says which half shows what."""
        self.bar.setVisible(self._split or len(self._tabs) > 1)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()
        super().mousePressEvent(event)


class TabBar(QTabBar):
    closed = Signal(int)
    wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setDrawBase(False)
        self.setStyleSheet(_STYLE)
        self.setExpanding(False)
        self.setMovable(True)
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.setIconSize(_ICON)
        self.setUsesScrollButtons(True)
        self.setChangeCurrentOnDrag(True)
        self.setAcceptDrops(True)
        self.setSelectionBehaviorOnRemove(QTabBar.SelectionBehavior.SelectPreviousTab)
        self.setAccessibleName(tr("Tabs"))

    def describe(self, place: int, name: str, drawing: QIcon, tip: str) -> None:
        text = name.replace("&", "&&")
        if self.tabText(place) != text:
            self.setTabText(place, text)
            self.setAccessibleTabName(place, name)
        self.setTabIcon(place, drawing)
        self.setTabToolTip(place, f"<p>{escape(tip)}</p>" if tip else "")

    def tabInserted(self, index: int) -> None:
        super().tabInserted(index)
        close = QToolButton()
        close.setIcon(icon("cancel"))
        close.setIconSize(QSize(12, 12))
        close.setAutoRaise(True)
        close.setFixedSize(20, 20)
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.setToolTip(tr("Close (Ctrl+W)"))
        close.setAccessibleName(tr("Close the tab"))
        close.clicked.connect(lambda: self._close(close))
        self.setTabButton(index, QTabBar.ButtonPosition.RightSide, close)

    def _close(self, button: QToolButton) -> None:
        side = QTabBar.ButtonPosition.RightSide
        place = next((place for place in range(self.count()) if self.tabButton(place, side) is button), None)
        if place is not None:
            self.closed.emit(place)

    def tabSizeHint(self, index: int) -> QSize:
        size = super().tabSizeHint(index)
        return QSize(max(_NARROWEST, min(_WIDEST, size.width())), size.height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.tabAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.MiddleButton and place >= 0:
            self.closed.emit(place)
            return
        super().mouseReleaseEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self.tabAt(event.position().toPoint()) < 0:
            self.wanted.emit()
            return
        super().mouseDoubleClickEvent(event)
