"""The last line of the window: what is here, what is selected, how much room is left, and the shield."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QToolButton, QWidget

from core.host.names import shown
from core.host.volume import Volume
from gui import colours, formats, icons
from gui.abilities import CHANGED
from gui.browser.contents import Tally
from gui.browser.summary import Summary
from gui.panes.parts import Line, Text
from gui.translating import tr

_SHIELD = 16


class StatusBar(QFrame):
    walls_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("status")
        self.setStyleSheet("#status { border: none; border-top: 1px solid palette(mid); }")
        self._left = Line(dim=True)
        self._right = Text(dim=True, selectable=False)
        self._right.setWordWrap(False)
        self._shield = QToolButton()
        self._shield.setAutoRaise(True)
        self._shield.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._shield.setText(tr("Isolated"))
        self._shield.setIconSize(QSize(_SHIELD, _SHIELD))
        self._shield.setToolTip(tr("Show the walls around this stick"))
        self._shield.clicked.connect(self.walls_wanted)
        across = QHBoxLayout(self)
        across.setContentsMargins(14, 2, 8, 2)
        across.setSpacing(12)
        across.addWidget(self._left, 1)
        across.addWidget(self._right)
        across.addWidget(self._shield)
        self.setFixedHeight(max(self._shield.sizeHint().height(), self.fontMetrics().height()) + 6)
        self.show_volume(None)

    @property
    def text(self) -> str:
        return self._left.accessibleName()

    @property
    def isolated(self) -> bool:
        return not self._shield.isHidden()

    def show_summary(self, summary: Summary | None) -> None:
        self._left.setText("" if summary is None else sentence(summary))

    def show_volume(self, volume: Volume | None) -> None:
        self._shield.setVisible(volume is not None)
        if volume is None:
            self._right.setText("")
            return
        green = colours.green(self.palette())
        self._shield.setIcon(icons.pixmap("shield", _SHIELD, green, self.devicePixelRatio()))
        facts = volume.facts
        room = tr("{free} free", free=formats.size(facts.free)) if facts.free is not None else ""
        fixed = "" if facts.driver in CHANGED else tr("read-only")
        self._right.setText(", ".join(part for part in (shown(facts.system), fixed, room) if part))


def sentence(summary: Summary) -> str:
    """What is selected, or else what is in the folder."""
    chosen = summary.selected
    if chosen.folders + chosen.files:
        return tr("{what} selected", what=_counted(chosen)) + _sized(chosen)
    if summary.looked is not None:
        names = tr("%Ln names", "", summary.looked)
        found = formats.number(summary.shown.folders + summary.shown.files)
        if summary.reading:
            return tr("Searching… {names}, {found} found", names=names, found=found)
        return tr("Searched {names}, {found} found", names=names, found=found)
    here = _counted(summary.shown) or ("" if summary.reading else tr("Empty"))
    text = f"{here}{_sized(summary.shown)}"
    if summary.hidden:
        text += ", " + tr("{number} hidden", number=formats.number(summary.hidden))
    if summary.reading:
        text = tr("Reading… {what}", what=text) if text else tr("Reading…")
    return text


def _counted(tally: Tally) -> str:
    parts = []
    if tally.folders:
        parts.append(tr("%Ln folders", "", tally.folders))
    if tally.files:
        parts.append(tr("%Ln files", "", tally.files))
    return ", ".join(parts)


def _sized(tally: Tally) -> str:
    return f" ({formats.size(tally.size)})" if tally.files else ""
